// Times of Gyre's own parts on this machine, one thread each. Run by `make bench`.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "gyre/infer/engine.h"
#include "gyre/run/attempt.h"
#include "gyre/sim/arena.h"
#include "tests/source_dir.h"

namespace gyre {
namespace {

const std::string kPolicy = source_dir() / "assets/policies/nano";

std::string embodiment_name(const benchmark::State& state) {
  return state.range(0) == 0 ? "so101/ee" : "panda/ee";
}

std::unique_ptr<run::Bench> some_bench(const std::string& embodiment) {
  const sim::KitchenArena arena;
  return arena.open(arena.attempt("pick_place/red_cup/sink", embodiment, 1), {});
}

// One control period (0.1 s): inverse kinematics and 50 physics steps.
void control_period(benchmark::State& state) {
  const auto bench = some_bench(embodiment_name(state));
  Robot& robot = bench->robot();
  std::vector<float> action(robot.embodiment().action.size());
  RobotState sensed;
  sensed.values.resize(robot.embodiment().state.size());
  for (auto _ : state) {
    robot.read(sensed);
    robot.hold(action);
    benchmark::DoNotOptimize(robot.write(action));
  }
  state.SetLabel(embodiment_name(state));
}
BENCHMARK(control_period)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// Both cameras at 64 pixels. A camera draws anew when time has passed.
void pictures(benchmark::State& state) {
  const auto bench = some_bench(embodiment_name(state));
  Robot& robot = bench->robot();
  std::vector<float> action(robot.embodiment().action.size());
  for (auto _ : state) {
    state.PauseTiming();
    robot.hold(action);
    robot.write(action);
    state.ResumeTiming();
    for (Camera* const camera : bench->cameras()) benchmark::DoNotOptimize(camera->newest());
  }
  state.SetLabel(embodiment_name(state));
}
BENCHMARK(pictures)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// Takes every picture, as a recorder does.
class PictureSink : public run::TapeSink {
 public:
  std::string_view name() const override { return "pictures"; }
  bool wants(RecordKind kind) const override { return kind == RecordKind::kPicture; }
  void take(const Record& record) override { benchmark::DoNotOptimize(record.picture.camera); }
};

// A whole demonstration with both cameras: episodes a second are items a second.
void demonstration(benchmark::State& state) {
  const sim::KitchenArena arena;
  const std::vector<run::Attempt> attempts =
      arena.deal("trained", {embodiment_name(state)}, state.max_iterations, 1);
  const run::AttemptOptions options{.bench = {.labels = true, .disturb = true},
                                    .driver = run::Driver::kExpert,
                                    .watch = [](run::Bench&, int64_t) {
                                      run::Watchers watchers;
                                      watchers.sinks.push_back(std::make_unique<PictureSink>());
                                      return watchers;
                                    }};
  size_t made = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(run::make_attempt(arena, nullptr, attempts[made++], options));
  }
  state.SetItemsProcessed(static_cast<int64_t>(made));
  state.SetLabel(embodiment_name(state));
}
BENCHMARK(demonstration)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->Iterations(24);

// One chunk of the shipped policy: prefix and all flow steps.
void chunk(benchmark::State& state) {
  const auto engine = infer::open_engine(kPolicy);
  const Embodiment& contract = engine->checkpoint().embodiments.at("so101/ee").contract;
  Request request;
  request.embodiment = contract.name;
  request.frame.state.resize(contract.state.size());
  for (const CameraSpec& camera : contract.cameras) {
    request.frame.pictures.emplace_back(
        Picture{.image = Image::black(camera.width, camera.height)});
  }
  Goal goal;
  goal.task = "put the red cup into the sink";
  request.goal = std::make_shared<const Goal>(goal);
  const Request* const requests[] = {&request};
  std::vector<Rng> rngs = {Rng(1)};
  for (auto _ : state) {
    const auto prefix = engine->encode(requests, infer::Ask::kActions);
    benchmark::DoNotOptimize(engine->sample(*prefix, rngs));
  }
}
BENCHMARK(chunk)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gyre

BENCHMARK_MAIN();
