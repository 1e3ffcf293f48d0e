// Times of Gyre's own parts on this machine, one thread each. Run by `make bench`.
#include <benchmark/benchmark.h>

#include <string>

#include "gyre/infer/engine.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/demonstrate.h"
#include "gyre/sim/sim_robot.h"
#include "gyre/sim/suite.h"

namespace gyre {
namespace {

const std::string kPolicy = GYRE_SOURCE_DIR "/assets/policies/nano";

std::string embodiment_name(const benchmark::State& state) {
  return state.range(0) == 0 ? "so101/ee" : "panda/ee";
}

sim::SimRobot some_robot(const std::string& name) {
  const Embodiment embodiment = sim::find_embodiment(name);
  const sim::TaskPtr task = sim::find_task("pick_place/red_cup/sink");
  return {embodiment, sim::layout_for(*task, embodiment, 1), 1};
}

// One control period (0.1 s): inverse kinematics and 50 physics steps.
void control_period(benchmark::State& state) {
  sim::SimRobot robot = some_robot(embodiment_name(state));
  const std::vector<float> action = robot.hold_action();
  for (auto _ : state) benchmark::DoNotOptimize(robot.command(action));
  state.SetLabel(embodiment_name(state));
}
BENCHMARK(control_period)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// Both cameras at 64 pixels.
void observe(benchmark::State& state) {
  sim::SimRobot robot = some_robot(embodiment_name(state));
  for (auto _ : state) benchmark::DoNotOptimize(robot.observe());
  state.SetLabel(embodiment_name(state));
}
BENCHMARK(observe)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// A whole demonstration with both cameras: episodes a second are items a second.
void demonstration(benchmark::State& state) {
  const auto tasks = sim::suite("trained");
  int64_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        sim::demonstrate(*sim::deal(tasks, i), embodiment_name(state), 100 + i));
    ++i;
  }
  state.SetItemsProcessed(i);
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
