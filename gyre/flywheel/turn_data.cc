#include "gyre/flywheel/turn_data.h"

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/flywheel/label_file.h"
#include "gyre/sim/demonstrate.h"
#include "gyre/sim/suite.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

// Below every seed of an attempt, and beyond those of the shipped policy's demonstrations.
constexpr uint64_t kFirstSeed = 900'000'000;

TurnData empty_data(const std::vector<Embodiment>& contracts) {
  const CameraSpec& camera = contracts.front().cameras.front();
  TurnData data{std::make_unique<data::FrameSet>(camera.width, camera.height), {}};
  for (const Embodiment& contract : contracts) data.frames->add_embodiment(contract);
  return data;
}

// Hands over a dataset's episodes in order; false when a stop was requested before the last one.
template <class Take>
bool read_all(const data::Dataset& dataset, const Embodiment& contract, const Take& take) {
  require_same_contract(dataset.embodiment(), "dataset " + dataset.folder().string(), contract,
                        "robot " + contract.name);
  const std::vector<int64_t> present = dataset.present();
  Progress progress("reading " + dataset.folder().string(), std::ssize(present), "episodes");
  int64_t done = 0;
  for (const int64_t index : present) {
    if (stop_requested()) return false;
    take(index, dataset.read(index));
    progress.update(++done);
  }
  return true;
}

bool is_dataset(const fs::path& folder) { return fs::exists(folder / "meta" / "info.json"); }

}  // namespace

StoredData store(const Experience& experience, const Embodiment& contract,
                 const std::vector<Recipe>& recipes, const fs::path& folder) {
  StoredData stored{folder, "", {}};
  std::vector<std::vector<EpisodeLabels>> labels(recipes.size());
  fs::remove_all(folder);  // of an earlier, interrupted call
  data::DatasetWriter writer(folder, contract);
  experience.read(contract.name, [&](const Episode& episode) {
    writer.add(episode);
    for (size_t i = 0; i < recipes.size(); ++i) {
      labels[i].push_back(label_episode(episode, recipes[i]));
    }
    stored.episodes.push_back({.hash = episode.hash(),
                               .embodiment = episode.embodiment,
                               .task = episode.task_name,
                               .family = episode.family,
                               .outcome = labels[0].back().outcome,
                               .seed = episode.seed,
                               .steps = std::ssize(episode.steps),
                               .helped_steps = labels[0].back().helped_steps});
  });
  writer.finish();
  for (size_t i = 0; i < recipes.size(); ++i) write_labels(folder, recipes[i], labels[i]);
  stored.hash = data::Dataset(folder).hash();
  return stored;
}

TurnData read_stored(const std::vector<fs::path>& folders, const std::vector<Embodiment>& contracts,
                     Recipe recipe) {
  TurnData data = empty_data(contracts);
  for (size_t i = 0; i < folders.size(); ++i) {
    const std::vector<std::vector<float>> targets = read_targets(folders[i], recipe);
    const bool whole =
        read_all(data::Dataset(folders[i]), contracts[i], [&](int64_t index, Episode&& episode) {
          const std::vector<float>& target = targets.at(static_cast<size_t>(index));
          if (target.size() != episode.steps.size()) {
            throw Error(folders[i].string(), "the labels are not those of this dataset",
                        "label it again");
          }
          data.frames->add(static_cast<int>(i), episode);
          data.targets.insert(data.targets.end(), target.begin(), target.end());
        });
    if (!whole) return {};
  }
  return data;
}

std::vector<fs::path> replay_folders(const fs::path& folder,
                                     const std::vector<Embodiment>& contracts) {
  std::vector<fs::path> folders;
  if (is_dataset(folder)) folders.push_back(folder);
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (is_dataset(entry.path())) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  std::vector<fs::path> chosen;
  for (const Embodiment& contract : contracts) {
    const auto found = std::find_if(folders.begin(), folders.end(), [&](const fs::path& candidate) {
      return data::Dataset(candidate).embodiment().name == contract.name;
    });
    if (found == folders.end()) {
      throw Error("old data " + folder.string(), "holds no dataset of " + contract.name,
                  "name another with --replay, or leave it out to make demonstrations again");
    }
    chosen.push_back(*found);
  }
  return chosen;
}

TurnData read_replay(const std::vector<fs::path>& folders,
                     const std::vector<Embodiment>& contracts) {
  TurnData data = empty_data(contracts);
  for (size_t i = 0; i < folders.size(); ++i) {
    const bool whole = read_all(
        data::Dataset(folders[i]), contracts[i],
        [&](int64_t, Episode&& episode) { data.frames->add(static_cast<int>(i), episode); });
    if (!whole) return {};
  }
  return data;
}

TurnData demonstrate_again(const std::vector<Embodiment>& contracts, int episodes, int workers) {
  TurnData data = empty_data(contracts);
  std::vector<std::string> names;
  names.reserve(contracts.size());
  for (const Embodiment& contract : contracts) names.push_back(contract.name);
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
  if (stop_requested()) return {};
  return data;
}

}  // namespace gyre::flywheel
