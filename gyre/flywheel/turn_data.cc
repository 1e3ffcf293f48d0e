#include "gyre/flywheel/turn_data.h"

#include <algorithm>
#include <string>
#include <thread>

#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/sim/demonstrate.h"
#include "gyre/sim/suite.h"

namespace gyre::flywheel {
namespace {

// Below every seed of an attempt, and beyond those of the shipped policy's demonstrations.
constexpr uint64_t kFirstSeed = 900'000'000;

TurnData empty_data(const std::vector<Embodiment>& contracts) {
  const CameraSpec& camera = contracts.front().cameras.front();
  TurnData data{std::make_unique<data::FrameSet>(camera.width, camera.height), {}};
  for (const Embodiment& contract : contracts) data.frames->add_embodiment(contract);
  return data;
}

}  // namespace

TurnData demonstrate_again(const std::vector<Embodiment>& contracts, int episodes, int workers) {
  TurnData data = empty_data(contracts);
  std::vector<std::string> names;
  for (const Embodiment& contract : contracts) names.push_back(contract.name);
  if (workers <= 0) workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  Progress progress("demonstrating", episodes, "episodes");
  int done = 0;
  sim::demonstrate_all(sim::suite("trained"), names, episodes, kFirstSeed, workers,
                       {.image_size = data.frames->image_width()}, [&](Episode&& episode) {
                         progress.update(++done);
                         if (episode.success.value_or(false)) {
                           const auto contract =
                               std::find(names.begin(), names.end(), episode.embodiment);
                           data.frames->add(static_cast<int>(contract - names.begin()), episode);
                         }
                         return !stop_requested();
                       });
  if (stop_requested()) data.frames.reset();
  return data;
}

TurnData collected_data(const Experience& experience, const std::vector<Embodiment>& contracts,
                        Recipe recipe) {
  TurnData data = empty_data(contracts);
  for (size_t i = 0; i < contracts.size(); ++i) {
    experience.read(contracts[i].name, [&](const Episode& episode) {
      data.frames->add(static_cast<int>(i), episode);
      const EpisodeLabels labels = label_episode(episode, recipe);
      data.targets.insert(data.targets.end(), labels.weight.begin(), labels.weight.end());
    });
  }
  return data;
}

}  // namespace gyre::flywheel
