#include "gyre/flywheel/critic_label.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <sstream>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/rng.h"
#include "gyre/core/stop_signal.h"

namespace gyre::flywheel {
namespace {

constexpr int kPatches = 8;     // along each side of a picture
constexpr int kWordSlots = 16;  // that the words of a task are counted in

// [kPatches, kPatches, 3], mean colours from -1 to 1.
void add_picture(const Image& image, std::vector<float>& features) {
  for (int py = 0; py < kPatches; ++py) {
    for (int px = 0; px < kPatches; ++px) {
      const int top = py * image.height / kPatches, bottom = (py + 1) * image.height / kPatches;
      const int left = px * image.width / kPatches, right = (px + 1) * image.width / kPatches;
      int64_t sums[3] = {};
      for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
          const size_t at = 3 * (static_cast<size_t>(y) * static_cast<size_t>(image.width) +
                                 static_cast<size_t>(x));
          for (size_t c = 0; c < 3; ++c) sums[c] += image.rgb[at + c];
        }
      }
      const auto pixels = static_cast<float>(std::max(1, (bottom - top) * (right - left)));
      for (const int64_t sum : sums) {
        features.push_back(static_cast<float>(sum) / pixels / 127.5F - 1);
      }
    }
  }
}

std::vector<float> word_counts(const std::string& task) {
  std::vector<float> counts(kWordSlots, 0);
  std::istringstream words(task);
  for (std::string word; words >> word;) {
    ++counts[static_cast<size_t>(Rng::stream(0, word).below(kWordSlots))];
  }
  return counts;
}

void add_state(const data::Row& row, const Embodiment& contract, std::vector<float>& features) {
  for (size_t i = 0; i < row.state.size(); ++i) {
    const double low = contract.state[i].min, high = contract.state[i].max;
    const bool bounded = std::isfinite(low) && std::isfinite(high) && high > low;
    features.push_back(bounded ? static_cast<float>(2 * (row.state[i] - low) / (high - low) - 1)
                               : row.state[i]);
  }
}

// Rows whose advantage is above this are among the `share` highest. Infinite for none.
float threshold(std::vector<float> advantages, double share) {
  const auto kept =
      static_cast<size_t>(std::llround(share * static_cast<double>(advantages.size())));
  if (kept == 0) return std::numeric_limits<float>::infinity();
  const auto last = advantages.begin() + static_cast<std::ptrdiff_t>(kept - 1);
  std::ranges::nth_element(advantages, last, std::greater{});
  return *last;
}

// Labels that were made already, by the episode's hash.
class MadeLabels : public Labeler {
 public:
  MadeLabels(std::string_view name, std::string about, std::map<std::string, EpisodeLabels> labels)
      : name_(name), about_(std::move(about)), labels_(std::move(labels)) {}
  std::string_view name() const override { return name_; }
  std::string about() const override { return about_; }
  EpisodeLabels label(const data::EpisodeRows& episode) const override {
    const auto found = labels_.find(episode.hash());
    if (found != labels_.end()) return found->second;
    throw Error("labels '" + name_ + "'", "are of another dataset: episode " + episode.hash() +
                                              " is not in the one that they were made of");
  }

 private:
  std::string name_, about_;
  std::map<std::string, EpisodeLabels> labels_;
};

using Judge = train::Judgement (*)(const train::CriticConfig&,
                                   std::span<const train::CriticEpisode>);

class CriticLabeler : public Labeler {
 public:
  CriticLabeler(std::string_view name, Judge judge, Positives shares, train::CriticConfig config)
      : name_(name), judge_(judge), shares_(shares), config_(config) {}
  std::string_view name() const override { return name_; }
  EpisodeLabels label(const data::EpisodeRows&) const override {
    throw Error("labels '" + name_ + "'", "need a critic, which learns from a whole dataset");
  }
  bool needs_outcomes() const override { return true; }
  bool learns() const override { return true; }
  std::unique_ptr<Labeler> fitted(const data::Dataset& dataset) const override {
    std::vector<train::CriticEpisode> seen;
    std::vector<data::EpisodeRows> episodes;
    Progress progress(name_ + ": reading", std::ssize(dataset.present()), "episodes");
    for (const int64_t index : dataset.present()) {
      if (stop_requested()) throw Interrupted(name_, "was interrupted", "start it again");
      data::EpisodeRows episode = dataset.read(index);
      seen.push_back(critic_episode(episode, dataset.embodiment()));
      for (data::Row& row : episode.rows) row.images.clear();
      episodes.push_back(std::move(episode));
      progress.update(std::ssize(seen));
    }
    const train::Judgement judgement = judge_(config_, seen);
    const auto labels = positive_rows(episodes, judgement.advantage, shares_);
    std::map<std::string, EpisodeLabels> by_hash;
    for (size_t i = 0; i < labels.size(); ++i) by_hash[seen[i].recorded] = labels[i];
    return std::make_unique<MadeLabels>(name_, quality(judgement), std::move(by_hash));
  }

 private:
  std::string quality(const train::Judgement& judgement) const {
    return fmt::format(
        "Spearman {:.3f} on held-out attempts; positive: {:.0f} % of the policy's "
        "rows, {:.0f} % of helped ones; seed {}",
        judgement.rank, 100 * shares_.policy, 100 * shares_.helped, config_.seed);
  }

  std::string name_;
  Judge judge_;
  Positives shares_;
  train::CriticConfig config_;
};

}  // namespace

std::vector<EpisodeLabels> positive_rows(const std::vector<data::EpisodeRows>& episodes,
                                         const std::vector<std::vector<float>>& advantage,
                                         const Positives& shares) {
  std::vector<float> own, helped;
  for (size_t i = 0; i < episodes.size(); ++i) {
    for (size_t row = 0; row < episodes[i].rows.size(); ++row) {
      const float value = advantage.at(i).at(row);
      if (!std::isfinite(value)) {
        throw Error(
            "advantages",
            fmt::format("row {} of episode {} has one that is not finite", row, episodes[i].hash()),
            "label it again");
      }
      if (is_helped(episodes[i].rows[row])) {
        helped.push_back(value);
      } else if (episodes[i].rows[row].source == Source::kPolicy) {
        own.push_back(value);
      }
    }
  }
  const float least_own = threshold(std::move(own), shares.policy);
  const float least_helped = threshold(std::move(helped), shares.helped);
  std::vector<EpisodeLabels> labels(episodes.size());
  for (size_t i = 0; i < episodes.size(); ++i) {
    for (size_t row = 0; row < episodes[i].rows.size(); ++row) {
      const data::Row& at = episodes[i].rows[row];
      const float least = is_helped(at) ? least_helped : least_own;
      const bool decided = is_helped(at) || at.source == Source::kPolicy;
      labels[i].target.push_back(decided && advantage[i][row] >= least ? 1 : 0);
    }
  }
  return labels;
}

std::unique_ptr<Labeler> progress_labeler(const train::CriticConfig& config) {
  return std::make_unique<CriticLabeler>("progress", &train::judge_progress, Positives{0.3, 0.8},
                                         config);
}

std::unique_ptr<Labeler> value_labeler(const train::CriticConfig& config) {
  return std::make_unique<CriticLabeler>("value", &train::judge_value, Positives{0.4, 1}, config);
}

train::CriticEpisode critic_episode(const data::EpisodeRows& episode, const Embodiment& contract) {
  train::CriticEpisode seen{.recorded = episode.hash(),
                            .task = episode.task_name,
                            .success = episode.success,
                            .features = {},
                            .width = 0};
  for (const data::Row& row : episode.rows) {
    add_state(row, contract, seen.features);
    for (const Image& image : row.images) add_picture(image, seen.features);
    const std::vector<float> words = word_counts(row.task);
    seen.features.insert(seen.features.end(), words.begin(), words.end());
  }
  if (!episode.rows.empty()) {
    seen.width = static_cast<int>(seen.features.size() / episode.rows.size());
  }
  return seen;
}

}  // namespace gyre::flywheel
