#include "gyre/flywheel/turn_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_frames.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/flywheel/made.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Below every seed of a dealt attempt, and beyond those of the shipped policy's demonstrations.
constexpr uint64_t kFirstSeed = 900'000'000;

TurnData empty_data(const std::vector<Embodiment>& contracts) {
  const CameraSpec& camera = contracts.front().cameras.front();
  TurnData data{std::make_unique<data::DatasetFrames>(camera.width, camera.height), {}, {}, {}};
  for (const Embodiment& contract : contracts) data.frames->add_embodiment(contract);
  return data;
}

// At the pace of a policy, with the labels of the rows that are left.
void set_pace(data::EpisodeOnDisk& episode, std::vector<float>& targets, std::vector<float>& text,
              const Embodiment& contract, const Pace& pace) {
  const auto in_columns = [](const data::PictureTrack& track) { return track.file.empty(); };
  if (std::ranges::any_of(episode.tracks, in_columns)) return;
  const std::vector<size_t> groups = paced_groups(episode.rows, targets, contract, pace);
  episode = join_rows(episode, groups, contract);
  for (std::vector<float>* labels : {&targets, &text}) {
    std::vector<float> kept;
    for (const size_t first : groups) kept.push_back((*labels)[first]);
    *labels = std::move(kept);
  }
}

// Entry [i][r] is above 0 where the subtask of row r of episode i is known; empty where no stream
// says so.
std::vector<std::vector<float>> known_subtasks_of(const data::Dataset& dataset) {
  const data::Labels labels(dataset.folder());
  const bool there = std::ranges::any_of(labels.streams(), [](const data::LabelStream& stream) {
    return stream.head.name == kKnownSubtasks;
  });
  if (!there) return {};
  return data::frame_labels(dataset, kKnownSubtasks);
}

// Adds a dataset's episodes in order, and the labeler's targets unless it is ""; false when a stop
// was requested before the last one.
bool add_dataset(const data::Dataset& dataset, int contract, const std::string& labeler,
                 const Pace& pace, TurnData& data) {
  std::vector<std::vector<float>> targets;
  if (!labeler.empty()) targets = data::frame_labels(dataset, labeler);
  const std::vector<std::vector<float>> known = known_subtasks_of(dataset);
  const std::vector<std::vector<uint8_t>> excluded = data::excluded_frames(dataset);
  const std::vector<int64_t> present = dataset.present();
  Progress progress("reading " + dataset.folder().string(), std::ssize(present), "episodes");
  int64_t done = 0, frames = 0;
  for (size_t place = 0; place < dataset.episodes().size(); ++place) {
    const data::DatasetEpisode& listed = dataset.episodes()[place];
    if (!listed.missing.empty()) continue;
    if (stop_requested()) return false;
    data::EpisodeOnDisk episode = dataset.read_on_disk(listed.index);
    const size_t rows = episode.rows.rows.size();
    std::vector<float> own = labeler.empty() ? std::vector<float>(rows, 1) : targets[place];
    if (std::ranges::any_of(own, [](float target) { return std::isnan(target); })) {
      throw Error(dataset.folder().string(),
                  fmt::format("labels '{}' do not say whether each frame of episode {} is a target",
                              labeler, listed.index),
                  "label it again");
    }
    std::vector<float> text = known.empty() ? own : known[place];
    for (size_t row = 0; row < rows; ++row) {
      if (excluded[place][row] != 0) own[row] = text[row] = 0;
    }
    if (!pace.action.empty()) set_pace(episode, own, text, dataset.embodiment(), pace);
    data.frames->add_on_disk(contract, dataset, listed.index, std::move(episode));
    data.targets.insert(data.targets.end(), own.begin(), own.end());
    data.text.insert(data.text.end(), text.begin(), text.end());
    frames += std::ssize(own);
    progress.update(++done);
  }
  data.origins.push_back({.name = dataset.folder().string(),
                          .hash = dataset.hash(),
                          .episodes = done,
                          .frames = frames,
                          .made = made_of(dataset, {labeler, kKnownSubtasks})});
  return true;
}

train::DataOrigin demonstrated_origin(const data::FrameSource& frames, const Embodiment& contract,
                                      int embodiment) {
  train::DataOrigin origin{.name = "demonstrations of " + contract.name,
                           .hash = frames.content_hash(embodiment)};
  for (int i = 0; i < frames.episodes(); ++i) {
    const data::EpisodeInfo episode = frames.episode(i);
    if (episode.embodiment != embodiment) continue;
    ++origin.episodes;
    origin.frames += episode.frames;
  }
  return origin;
}

bool is_dataset(const fs::path& folder) { return fs::exists(folder / "meta" / "info.json"); }

}  // namespace

train::Source source_of(const TurnData& data, double weight) {
  return {.frames = data.frames.get(),
          .weight = weight,
          .targets = data.targets,
          .origins = data.origins,
          .text = data.text};
}

TurnData read_datasets(const std::vector<fs::path>& folders,
                       const std::vector<Embodiment>& contracts, const std::string& labeler,
                       const std::vector<Pace>& paces) {
  TurnData data = empty_data(contracts);
  for (const fs::path& folder : folders) {
    const data::Dataset dataset(folder);
    const auto contract =
        std::ranges::find(contracts, dataset.embodiment().name, &Embodiment::name);
    if (contract == contracts.end()) {
      throw Error("dataset " + folder.string(),
                  "is of another robot, " + dataset.embodiment().name);
    }
    require_same_contract(dataset.embodiment(), "dataset " + folder.string(), *contract,
                          "robot " + contract->name);
    const auto index = static_cast<int>(contract - contracts.begin());
    const Pace pace = paces.empty() ? Pace{} : paces.at(index);
    if (!add_dataset(dataset, index, labeler, pace, data)) return {};
  }
  const bool everywhere =
      std::ranges::none_of(data.targets, [](float target) { return target <= 0; });
  if (data.text == data.targets) data.text.clear();
  if (labeler.empty() && everywhere) data.targets.clear();
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
                  "name one of that robot and action space with --replay");
    }
    chosen.push_back(*found);
  }
  return chosen;
}

std::vector<run::Attempt> demonstrated(const run::Arena& arena, const std::string& suite,
                                       const std::vector<std::string>& robots, int64_t episodes) {
  return counted_from(kFirstSeed, arena.deal(suite, robots, episodes, 0));
}

TurnData demonstrate_again(const run::Arena& arena, const std::string& suite,
                           const std::vector<std::string>& robots,
                           const std::vector<Embodiment>& contracts, int64_t episodes,
                           int workers) {
  TurnData data = empty_data(contracts);
  const bool complete = make_episodes(
      arena, nullptr, demonstrated(arena, suite, robots, episodes),
      demonstration(data.frames->image_width()), workers, "demonstrating",
      [&](int64_t, data::EpisodeRows&& episode) {
        if (episode.success.value_or(false)) {
          const auto contract = std::ranges::find(contracts, episode.embodiment, &Embodiment::name);
          data.frames->add(static_cast<int>(contract - contracts.begin()), episode);
        }
        return true;
      });
  if (!complete) return {};
  const json made = {{"suite", suite}, {"robots", robots}, {"episodes", episodes}};
  for (size_t i = 0; i < contracts.size(); ++i) {
    data.origins.push_back(demonstrated_origin(*data.frames, contracts[i], static_cast<int>(i)));
    data.origins.back().made = {{"demonstrations", made},
                                {"image_size", data.frames->image_width()},
                                {"contract_hash", contracts[i].contract_hash()}};
  }
  return data;
}

TurnData simulate_again(const run::Arena& arena, const Simulated& wanted,
                        const std::vector<Embodiment>& contracts, int workers) {
  TurnData data = empty_data(contracts);
  train::DataOrigin origin{
      .name = fmt::format("demonstrations {}:{}", wanted.name, wanted.episodes),
      .made = {{"simulated", wanted}}};
  const auto hash =
      make_simulated(arena, wanted, workers, origin.name, [&](const data::EpisodeRows& episode) {
        const auto contract = std::ranges::find(contracts, episode.embodiment, &Embodiment::name);
        data.frames->add(static_cast<int>(contract - contracts.begin()), episode);
        ++origin.episodes;
        origin.frames += std::ssize(episode.rows);
      });
  if (!hash) return {};
  origin.hash = *hash;
  data.origins.push_back(std::move(origin));
  return data;
}

}  // namespace gyre::flywheel
