#include "gyre/flywheel/compare/old_data.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/from_nothing.h"
#include "gyre/flywheel/simulated.h"
#include "gyre/io/config.h"
#include "gyre/train/trainer.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Simulated demonstrations_of(const CompareTask& task, int image_size) {
  return {.name = task.weak.simulate,
          .robots = task.robots,
          .episodes = task.weak.episodes,
          .seed = task.weak.seed,
          .first_seed = first_simulated_seed(task.weak.seed, 1),
          .image_size = image_size};
}

[[noreturn]] void throw_interrupted() {
  throw Interrupted("compare", "was interrupted; what is done so far is kept",
                    "give the same command again to go on");
}

bool is_finished(const fs::path& policy, const WeakPolicy& weak) {
  if (!train::holds_run(policy)) return false;
  const json about = Checkpoint::open(policy).about;
  return about.contains("training") &&
         about.at("training").value("steps", int64_t{0}) >= weak.steps;
}

}  // namespace

std::string OldDemonstrations::description(const CompareTask& task, int image_size) {
  if (task.is_weak()) return json(demonstrations_of(task, image_size)).dump();
  return json{{"suite", task.old_suite},
              {"robots", task.robots},
              {"episodes", task.old_episodes},
              {"image_size", image_size}}
      .dump();
}

const OldData& OldDemonstrations::of(const CompareTask& task,
                                     const std::vector<Embodiment>& contracts) {
  const int image_size = contracts.front().cameras.front().width;
  const std::string wanted = description(task, image_size);
  if (held_ == wanted) return old_;
  held_.clear();
  old_ = {};
  TurnData data = task.is_weak() ? simulate_again(arena_, demonstrations_of(task, image_size),
                                                  contracts, workers_)
                                 : demonstrate_again(arena_, task.old_suite, task.robots, contracts,
                                                     task.old_episodes, workers_);
  if (!data.frames) throw_interrupted();
  for (size_t i = 0; i < contracts.size(); ++i) {
    old_.paces.push_back(pace_of(*data.frames, static_cast<int>(i)));
  }
  old_.data = std::move(data);
  held_ = wanted;
  return old_;
}

fs::path first_policy(const run::Arena& arena, const CompareTask& task, const fs::path& folder,
                      int workers, OldDemonstrations& old) {
  if (!task.is_weak()) return task.policy;
  Checkpoint start = nano_from_nothing(task.weak.vocabulary);
  WeakPolicy weak = task.weak;
  const json description = {
      {"version", 1}, {"robots", task.robots}, {"weak", dump_json(config_entries(weak))}};
  fs::path out = folder / sha256_hex(description.dump(), 16);
  if (is_finished(out, weak)) return out;

  std::vector<Embodiment> contracts;
  for (const std::string& robot : task.robots) {
    contracts.push_back(arena.contract(robot, start.config.vision.image_size));
  }
  const TurnData& demonstrations = old.of(task, contracts).data;
  start.config = with_room_for(start.config, *demonstrations.frames);
  start.config.validate();
  train::TrainConfig config;
  config.seed = weak.seed;
  config.steps = weak.steps;
  config.workers = workers;
  const train::TrainResult result = train::train(
      config, std::move(start),
      {{.frames = demonstrations.frames.get(), .targets = {}, .origins = demonstrations.origins}},
      out, train::IfExists::kResume);
  if (result.stopped) throw_interrupted();
  return out;
}

}  // namespace gyre::flywheel
