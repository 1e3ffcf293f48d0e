// The datasets of `gyre train`: chosen, weighed, and read as far as their rows.
#include "train_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_filter.h"
#include "gyre/data/labels_frames.h"
#include "gyre/data/non_finite.h"
#include "gyre/flywheel/made.h"
#include "gyre/policy/image_transform.h"
#include "options.h"

namespace gyre::apps {
namespace {

// "A,B" is two folders, unless it is the name of one.
std::vector<std::string> folders_of(const std::vector<std::string>& texts) {
  std::vector<std::string> folders;
  for (const std::string& text : texts) {
    std::istringstream parts(text);
    if (std::filesystem::exists(text)) {
      folders.push_back(text);
    } else {
      for (std::string part; std::getline(parts, part, ',');) folders.push_back(part);
    }
  }
  return folders;
}

// A number that no dataset has is a slip, not a wish.
void require_known(const DataFlags& flags, const std::vector<std::string>& folders) {
  if (flags.without.empty()) return;
  std::set<int64_t> known;
  for (const std::string& folder : folders) {
    const data::Dataset dataset(folder, {.keys = flags.dataset.open_options().keys});
    for (const data::DatasetEpisode& episode : dataset.episodes()) known.insert(episode.index);
  }
  for (const int64_t index : flags.without) {
    if (known.contains(index)) continue;
    throw Error(fmt::format("--without {}", index), "no dataset has this episode",
                "`gyre data info DIR` lists those that are there");
  }
}

// Before hours of training: cameras, joints and normaliser of a policy from elsewhere fit the
// recording. Throws Error; prints what was guessed.
void require_fits(const Checkpoint& start, const Embodiment& contract) {
  Checkpoint policy = start;
  policy.warnings.clear();
  if (policy.processors->has_normaliser()) {
    policy.adopt(contract);
  } else {
    policy.warnings =
        match_cameras(policy.processors->cameras, contract, "policy " + policy.folder.string())
            .notes;
  }
  print_warnings(policy.warnings);
}

// Of "NAME" or "NAME:RULE".
std::string label_name(const std::string& text) { return text.substr(0, text.find(':')); }

// The arguments that chose among what the datasets hold, as they were given.
nlohmann::json chosen_by(const DataFlags& flags) {
  nlohmann::json chosen = nlohmann::json::object();
  const std::pair<const char*, const std::string*> texts[] = {{"where", &flags.where},
                                                              {"weigh", &flags.weigh},
                                                              {"weigh_label", &flags.weigh_label},
                                                              {"targets", &flags.targets}};
  for (const auto& [name, text] : texts) {
    if (!text->empty()) chosen[name] = *text;
  }
  if (!flags.without.empty()) chosen["without"] = flags.without;
  if (!flags.shares.empty()) chosen["data_shares"] = flags.shares;
  if (flags.drop_non_finite) chosen["drop_non_finite"] = true;
  return chosen;
}

// One dataset: which episodes, and how often each frame of them is drawn.
class Choice {
 public:
  Choice(const DataFlags& flags, const data::Dataset& dataset, double share)
      : flags_(flags), share_(share) {
    if (!flags.where.empty()) {
      const auto found = data::filter_episodes(dataset.folder(), {.where = flags.where});
      where_.emplace(found.begin(), found.end());
    }
    if (!flags.weigh.empty()) weights_ = data::weigh_steps(dataset.folder(), flags.weigh);
    if (!flags.weigh_label.empty()) label_weights_ = labels_of(dataset, flags.weigh_label);
    if (!flags.targets.empty()) targets_ = labels_of(dataset, flags.targets);
    excluded_ = data::excluded_frames(dataset);
  }

  bool has(int64_t index) const {
    return std::ranges::find(flags_.without, index) == flags_.without.end() &&
           (!where_ || where_->contains(index));
  }

  // `place`: among Dataset::episodes(). A step that the label says nothing about weighs 1.
  float weight(size_t place, size_t row) const {
    auto weight = static_cast<float>(share_);
    if (!weights_.empty()) weight *= weights_[place].at(row);
    if (!label_weights_.empty()) {
      const float label = label_weights_[place].at(row);
      if (!std::isnan(label)) weight *= std::max(label, 0.F);
    }
    return weight;
  }

  // As of train::Source. A step that the label says nothing about is no target.
  float target(size_t place, size_t row) const {
    if (excluded_[place].at(row) != 0) return 0;
    if (targets_.empty()) return 1;
    const float label = targets_[place].at(row);
    return std::isnan(label) ? 0 : label;
  }

 private:
  // "NAME" or "NAME:RULE".
  static std::vector<std::vector<float>> labels_of(const data::Dataset& dataset,
                                                   const std::string& text) {
    const size_t colon = text.find(':');
    const data::LabelRule rule = colon == std::string::npos
                                     ? data::LabelRule{}
                                     : data::parse_label_rule(text.substr(colon + 1));
    return data::frame_labels(dataset, label_name(text), rule);
  }

  const DataFlags& flags_;
  double share_;
  std::optional<std::set<int64_t>> where_;
  std::vector<std::vector<float>> weights_, label_weights_, targets_;  // [episodes][rows], or none
  std::vector<std::vector<uint8_t>> excluded_;                         // [episodes][rows]
};

class Reader {
 public:
  Reader(const DataFlags& flags, LearningData& data) : flags_(flags), data_(data) {}

  // False after Ctrl-C.
  bool read(const data::Dataset& dataset, const Choice& choice) {
    const std::string folder = dataset.folder().string();
    const int embodiment = data_.frames.add_embodiment(dataset.embodiment());
    train::DataOrigin origin{.name = folder,
                             .hash = dataset.hash(),
                             .made = flywheel::made_of(dataset, {label_name(flags_.weigh_label),
                                                                 label_name(flags_.targets)})};
    if (nlohmann::json chosen = chosen_by(flags_); !chosen.empty()) {
      origin.made["chosen"] = std::move(chosen);
    }
    dropped_ = 0;
    const auto total = std::ssize(dataset.episodes());
    Progress progress("reading " + folder, total, "episodes");
    for (int64_t place = 0; place < total; ++place) {
      if (stop_requested()) return false;
      progress.update(place + 1);
      const data::DatasetEpisode& episode = dataset.episodes()[static_cast<size_t>(place)];
      if (!episode.missing.empty() || !choice.has(episode.index)) continue;
      data::EpisodeOnDisk on_disk = dataset.read_on_disk(episode.index);
      if (!on_disk.rows.success.value_or(true)) continue;
      add(dataset, choice, static_cast<size_t>(place), embodiment, std::move(on_disk), origin);
    }
    if (dropped_ > 0) {
      print_warnings({fmt::format("{}: {} frames are left out, whose state or action is not finite",
                                  folder, dropped_)});
    }
    if (const std::string hash = dataset.hash(); hash != origin.hash) {
      throw Error(folder,
                  fmt::format("was changed while it was read, from {} to {}", origin.hash, hash),
                  "start again");
    }
    data_.origins.push_back(std::move(origin));
    return true;
  }

 private:
  void add(const data::Dataset& dataset, const Choice& choice, size_t place, int embodiment,
           data::EpisodeOnDisk episode, train::DataOrigin& origin) {
    const std::vector<data::Row>& rows = episode.rows.rows;
    const int64_t index = dataset.episodes()[place].index;
    if (!flags_.drop_non_finite) {
      data::require_finite(episode.rows, dataset.embodiment(), dataset.folder().string(), index,
                           fmt::format("leave such frames out with --drop-non-finite, or the "
                                       "episode with --without {}",
                                       index));
    }
    const auto holes = std::ranges::count_if(
        rows, [](const data::Row& row) { return data::non_finite_in(row).has_value(); });
    const auto frames = std::ssize(rows);
    dropped_ += holes;
    ++origin.episodes;
    origin.frames += frames - holes;
    if (holes == frames) return;
    data_.frames.add_on_disk(embodiment, dataset, index, std::move(episode),
                             data::NonFiniteRows::kDrop);
    for (int64_t row = 0; row < frames; ++row) {
      data_.weights.push_back(choice.weight(place, static_cast<size_t>(row)));
      data_.targets.push_back(choice.target(place, static_cast<size_t>(row)));
    }
  }

  const DataFlags& flags_;
  LearningData& data_;
  int64_t dropped_ = 0;
};

}  // namespace

void add_data_flags(CLI::App& verb, DataFlags& flags) {
  verb.add_option("--data", flags.folders, "LeRobot datasets to learn from, comma-separated")
      ->allow_extra_args(false)  // a path may begin with a bracket
      ->type_name("DIR,...");
  add_dataset_flags(verb, flags.dataset);
  verb.add_flag("--drop-non-finite", flags.drop_non_finite,
                "leave out frames whose state or action is not finite, as observations and as "
                "actions to learn");
  verb.add_option("--without", flags.without, "episodes of the datasets to leave out")
      ->delimiter(',')
      ->type_name("INDEX,...");
  verb.add_option("--where", flags.where,
                  "a condition on the episodes to learn from (tables: docs/data.md)")
      ->type_name("SQL");
  verb.add_option("--weigh", flags.weigh,
                  "how often a step is drawn: a number from 0 up, to a hundredth of the largest")
      ->type_name("SQL");
  verb.add_option("--weigh-label", flags.weigh_label,
                  "the same by a label (`gyre data label list`); RULE: newest, author=NAME, mean, "
                  "any, all")
      ->type_name("NAME[:RULE]");
  verb.add_option("--targets", flags.targets,
                  "a label that is above 0 where the recorded action is one to learn from")
      ->type_name("NAME[:RULE]");
  verb.add_option("--data-shares", flags.shares,
                  "how often a frame of each dataset is drawn, by those of the others")
      ->delimiter(',')
      ->check(at_least(0))
      ->type_name("NUMBER,...");
  verb.add_option("--memory-mib", flags.memory_mib,
                  "most memory for the datasets: rows, decoded pictures, open videos")
      ->check(at_least(1))
      ->type_name("MIB");
}

data::LoadOptions load_options(const DataFlags& flags, const Checkpoint& start) {
  data::LoadOptions load{.memory_bytes = static_cast<size_t>(flags.memory_mib) << 20};
  if (!start.processors) return load;
  load.fit = [](const Image& image, int width, int height) {
    return resize_with_pad(image, width, height);
  };
  return load;
}

bool read_data(const DataFlags& flags, const std::vector<std::string>& depth_maps,
               const Checkpoint& start, LearningData& data) {
  const std::vector<std::string> folders = folders_of(flags.folders);
  for (const std::string& folder : folders) require_folder("dataset", folder);
  if (!flags.shares.empty() && flags.shares.size() != folders.size()) {
    throw Error("--data-shares",
                fmt::format("has {} numbers for {} datasets", flags.shares.size(), folders.size()),
                "give one for each");
  }
  require_known(flags, folders);
  data::OpenOptions open = flags.dataset.open_options();
  open.cameras = depth_maps;
  Reader reader(flags, data);
  for (size_t i = 0; i < folders.size(); ++i) {
    const data::Dataset dataset(folders[i], open);
    print_warnings(dataset.picture_warnings());
    if (start.processors) require_fits(start, dataset.embodiment());
    const Choice choice(flags, dataset, flags.shares.empty() ? 1 : flags.shares[i]);
    if (!reader.read(dataset, choice)) return false;
  }
  std::optional<Progress> progress;
  data.frames.check_videos([&](int64_t done, int64_t total) {
    if (!progress) progress.emplace("checking videos", total, "files");
    progress->update(done);
    return !stop_requested();
  });
  return !stop_requested();
}

train::Source source_of(const LearningData& data) {
  train::Source source{.frames = &data.frames,
                       .targets = data.targets,
                       .origins = data.origins,
                       .weights = data.weights};
  source.targets.resize(data.frames.size(), 1);
  source.weights.resize(data.frames.size(), 1);
  const std::vector<float> whole = data.frames.targets();  // without holes
  for (size_t i = 0; i < whole.size(); ++i) source.targets[i] *= whole[i];
  return source;
}

}  // namespace gyre::apps
