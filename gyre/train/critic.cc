#include "gyre/train/critic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/rng.h"
#include "gyre/train/spearman.h"

namespace gyre::train {
namespace {

constexpr int kValueBins = 201;
constexpr int64_t kLeastSuccesses = 4;

using Episodes = std::vector<const CriticEpisode*>;
// Advantages [frames] of one episode.
using Advantage = std::function<std::vector<float>(const CriticEpisode&)>;
// The rank correlation of one held-out success.
using Rank = std::function<double(const CriticEpisode&)>;

struct Critic {
  Advantage advantage;
  Rank rank;
};

bool succeeded(const CriticEpisode& episode) { return episode.success.value_or(false); }

Episodes successes(const Episodes& episodes) {
  Episodes found;
  std::ranges::copy_if(episodes, std::back_inserter(found),
                       [](const CriticEpisode* episode) { return succeeded(*episode); });
  return found;
}

void require_judgeable(std::span<const CriticEpisode> episodes) {
  const auto successful = std::ranges::count_if(episodes, succeeded);
  if (successful < kLeastSuccesses) {
    throw CriticRefused("critic",
                        fmt::format("{} of {} attempts succeeded, {} are needed", successful,
                                    episodes.size(), kLeastSuccesses),
                        "collect more attempts, or help them");
  }
  for (const CriticEpisode& episode : episodes) {
    if (episode.width != episodes.front().width || episode.frames() < 1) {
      throw Error("critic, episode " + episode.recorded, "has no frames or other features");
    }
    if (!std::ranges::all_of(episode.features, [](float value) { return std::isfinite(value); })) {
      throw Error("critic, episode " + episode.recorded, "holds a number that is not finite",
                  "leave it out (gyre data label --exclude)");
    }
  }
}

// Frames by task: the median and the longest of the successful attempts, of all where none of the
// task succeeded.
struct Lengths {
  std::map<std::string, std::vector<int64_t>> successful, all;
  explicit Lengths(std::span<const CriticEpisode> episodes) {
    for (const CriticEpisode& episode : episodes) {
      all[episode.task].push_back(episode.frames());
      if (succeeded(episode)) successful[episode.task].push_back(episode.frames());
    }
    for (auto* lengths : {&successful, &all}) {
      for (auto& [task, frames] : *lengths) std::ranges::sort(frames);
    }
  }
  double median(const std::string& task) const {
    const auto found = successful.find(task);
    const auto& frames = found == successful.end() ? all.at(task) : found->second;
    return static_cast<double>(frames[frames.size() / 2]);
  }
  double longest(const std::string& task) const { return static_cast<double>(all.at(task).back()); }
  // Frames between the two of a pair.
  int64_t look(const std::string& task, double share) const {
    return std::max<int64_t>(2, std::llround(share * median(task)));
  }
};

void write_pair(const CriticEpisode& episode, int64_t from, int64_t to, std::span<float> input) {
  const std::span<const float> first = episode.frame(from), second = episode.frame(to);
  const size_t width = first.size();
  for (size_t i = 0; i < width; ++i) {
    input[i] = first[i];
    input[width + i] = second[i] - first[i];
  }
}

// The offset of a pair over the task's look, in -2 .. 2, for an episode of the median length.
double scaled_offset(const CriticEpisode& episode, int64_t offset, const Lengths& lengths,
                     int64_t look) {
  const double stretch = lengths.median(episode.task) / static_cast<double>(episode.frames());
  return std::clamp(static_cast<double>(offset) * stretch / static_cast<double>(look), -2.0, 2.0);
}

class ProgressCritics {
 public:
  ProgressCritics(const CriticConfig& config, const Lengths& lengths, const Episodes& learnt,
                  uint64_t seed)
      : config_(config), lengths_(lengths) {
    const int width = learnt.front()->width;
    for (int m = 0; m < config.critics; ++m) {
      const uint64_t own = Rng::stream(seed, fmt::format("critic {}", m)).bits();
      critics_.emplace_back(2 * width, config.network, own);
      Rng rng = Rng::stream(own, "pairs");
      critics_.back().fit([&](std::span<float> input) { return draw(learnt, rng, input); });
    }
  }

  std::vector<float> advantage(const CriticEpisode& episode) const {
    const int64_t look = look_of(episode), last = episode.frames() - 1;
    std::vector<std::pair<int64_t, int64_t>> pairs;
    // The last frames share the last whole pair.
    for (int64_t t = 0; t <= last; ++t) {
      const int64_t from = std::clamp<int64_t>(last - look, 0, t);
      pairs.emplace_back(from, std::min(from + look, last));
    }
    return offsets(episode, pairs);
  }

  double rank(const CriticEpisode& episode) const {
    Rng rng = Rng::stream(config_.seed, "held out " + episode.recorded);
    std::vector<std::pair<int64_t, int64_t>> pairs;
    std::vector<float> truth;
    for (int i = 0; i < 64; ++i) {
      pairs.push_back(draw_pair(episode, rng));
      truth.push_back(static_cast<float>(pairs.back().second - pairs.back().first));
    }
    return spearman(offsets(episode, pairs), truth);
  }

 private:
  int64_t look_of(const CriticEpisode& episode) const {
    return std::min(lengths_.look(episode.task, config_.look),
                    std::max<int64_t>(1, episode.frames() - 1));
  }
  std::pair<int64_t, int64_t> draw_pair(const CriticEpisode& episode, Rng& rng) const {
    const int64_t from = rng.below(episode.frames()), look = look_of(episode);
    const int64_t to = from + rng.below(2 * look + 1) - look;
    return {from, std::clamp<int64_t>(to, 0, episode.frames() - 1)};
  }
  int draw(const Episodes& learnt, Rng& rng, std::span<float> input) const {
    const CriticEpisode& episode = *learnt[rng.below(std::ssize(learnt))];
    const auto [from, to] = draw_pair(episode, rng);
    write_pair(episode, from, to, input);
    const double offset = scaled_offset(episode, to - from, lengths_, look_of(episode));
    const int bins = config_.network.bins;
    return std::min(bins - 1, static_cast<int>((offset + 2) / 4 * bins));
  }
  // For each pair the offset that the worst critic expects.
  std::vector<float> offsets(const CriticEpisode& episode,
                             const std::vector<std::pair<int64_t, int64_t>>& pairs) const {
    const auto width = static_cast<size_t>(2 * episode.width);
    std::vector<float> inputs(pairs.size() * width);
    for (size_t i = 0; i < pairs.size(); ++i) {
      write_pair(episode, pairs[i].first, pairs[i].second,
                 std::span(inputs).subspan(i * width, width));
    }
    std::vector<float> worst(pairs.size(), 2);
    for (const BinNetwork& critic : critics_) {
      const std::vector<float> expected = critic.expected(inputs);
      for (size_t i = 0; i < worst.size(); ++i) {
        const float share = (expected[i] + 0.5F) / static_cast<float>(config_.network.bins);
        worst[i] = std::min(worst[i], 4 * share - 2);
      }
    }
    return worst;
  }

  const CriticConfig& config_;
  const Lengths& lengths_;
  std::vector<BinNetwork> critics_;
};

class ValueCritic {
 public:
  ValueCritic(const CriticConfig& config, const Lengths& lengths, const Episodes& learnt,
              uint64_t seed)
      : config_(config),
        lengths_(lengths),
        network_(learnt.front()->width, with_value_bins(config.network), seed) {
    Rng rng = Rng::stream(seed, "frames");
    network_.fit([&](std::span<float> input) {
      const CriticEpisode& episode = *learnt[rng.below(std::ssize(learnt))];
      const int64_t t = rng.below(episode.frames());
      std::ranges::copy(episode.frame(t), input.begin());
      return static_cast<int>(std::lround((1 + return_of(episode, t)) * (kValueBins - 1)));
    });
  }

  std::vector<float> advantage(const CriticEpisode& episode) const {
    const std::vector<float> value = values(episode);
    const int64_t look = lengths_.look(episode.task, config_.look);
    const double cost = static_cast<double>(look) / lengths_.longest(episode.task);
    std::vector<float> advantage;
    for (int64_t t = 0; t < episode.frames(); ++t) {
      const double ahead = t + look < episode.frames() ? value[static_cast<size_t>(t + look)] - cost
                                                       : return_of(episode, t);
      advantage.push_back(static_cast<float>(ahead - value[static_cast<size_t>(t)]));
    }
    return advantage;
  }

  double rank(const CriticEpisode& episode) const {
    std::vector<float> truth;
    for (int64_t t = 0; t < episode.frames(); ++t) truth.push_back(static_cast<float>(t));
    return spearman(values(episode), truth);
  }

 private:
  static BinNetworkConfig with_value_bins(BinNetworkConfig config) {
    config.bins = kValueBins;
    return config;
  }
  double return_of(const CriticEpisode& episode, int64_t t) const {
    if (!succeeded(episode)) return -1;
    return -static_cast<double>(episode.frames() - 1 - t) / lengths_.longest(episode.task);
  }
  std::vector<float> values(const CriticEpisode& episode) const {
    std::vector<float> values = network_.expected(episode.features);
    for (float& value : values) value = value / (kValueBins - 1) - 1;
    return values;
  }

  const CriticConfig& config_;
  const Lengths& lengths_;
  BinNetwork network_;
};

// Learns a critic of half of the episodes.
using Learn = std::function<Critic(const Episodes& half, uint64_t seed)>;

template <class Made>
Critic critic_of(Made made) {
  const auto shared = std::make_shared<const Made>(std::move(made));
  return {.advantage = [shared](const CriticEpisode& e) { return shared->advantage(e); },
          .rank = [shared](const CriticEpisode& e) { return shared->rank(e); }};
}

// Successes and the others alternate between the halves in an order that the seed draws.
std::array<std::vector<size_t>, 2> halves(uint64_t seed, std::span<const CriticEpisode> episodes) {
  Rng rng = Rng::stream(seed, "halves");
  std::array<std::vector<size_t>, 2> halves;
  for (const bool successful : {true, false}) {
    std::vector<size_t> some;
    for (size_t i = 0; i < episodes.size(); ++i) {
      if (succeeded(episodes[i]) == successful) some.push_back(i);
    }
    for (size_t i = some.size(); i > 1; --i) {
      std::swap(some[i - 1], some[static_cast<size_t>(rng.below(static_cast<int64_t>(i)))]);
    }
    for (size_t i = 0; i < some.size(); ++i) halves[i % 2].push_back(some[i]);
  }
  return halves;
}

Episodes chosen(std::span<const CriticEpisode> episodes, const std::vector<size_t>& places) {
  Episodes found;
  for (const size_t place : places) found.push_back(&episodes[place]);
  return found;
}

Judgement cross_judge(const CriticConfig& config, std::span<const CriticEpisode> episodes,
                      const Learn& learn) {
  Judgement judgement{.advantage = std::vector<std::vector<float>>(episodes.size()), .rank = 0};
  const auto parts = halves(config.seed, episodes);
  int64_t ranked = 0;
  Progress progress("learning critics", 2, "halves");
  for (size_t half = 0; half < 2; ++half) {
    const Episodes learnt = chosen(episodes, parts[half]);
    require_disjoint(learnt, chosen(episodes, parts[1 - half]));
    const Critic critic =
        learn(learnt, Rng::stream(config.seed, fmt::format("half {}", half)).bits());
    for (const size_t place : parts[1 - half]) {
      const CriticEpisode& episode = episodes[place];
      judgement.advantage[place] = critic.advantage(episode);
      if (!succeeded(episode)) continue;
      judgement.rank += critic.rank(episode);
      ++ranked;
    }
    progress.update(static_cast<int64_t>(half) + 1);
  }
  judgement.rank /= static_cast<double>(ranked);
  return judgement;
}

void require_rank(const std::string& critic, const CriticConfig& config,
                  const Judgement& judgement) {
  if (judgement.rank >= config.least_rank) return;
  throw CriticRefused(
      critic,
      fmt::format("does not rank progress in held-out attempts: Spearman {:.2f}, {:.2f} is needed",
                  judgement.rank, config.least_rank),
      "collect more attempts, or choose a recipe without a critic");
}

}  // namespace

void require_disjoint(std::span<const CriticEpisode* const> learnt,
                      std::span<const CriticEpisode* const> judged) {
  std::set<std::string> known;
  for (const CriticEpisode* episode : learnt) known.insert(episode->recorded);
  for (const CriticEpisode* episode : judged) {
    if (!known.contains(episode->recorded)) continue;
    throw Error("critic", "would judge episode " + episode->recorded + ", which it learnt from",
                "leave out the copy");
  }
}

Judgement judge_progress(const CriticConfig& config, std::span<const CriticEpisode> episodes) {
  require_judgeable(episodes);
  const Lengths lengths(episodes);
  Judgement judgement = cross_judge(config, episodes, [&](const Episodes& half, uint64_t seed) {
    return critic_of(ProgressCritics(config, lengths, successes(half), seed));
  });
  require_rank("progress critics", config, judgement);
  return judgement;
}

Judgement judge_value(const CriticConfig& config, std::span<const CriticEpisode> episodes) {
  require_judgeable(episodes);
  if (std::ranges::all_of(episodes, succeeded)) {
    throw CriticRefused("value critic", "every attempt succeeded, so that nothing shows what fails",
                        "collect attempts without help too, or choose progress_critics");
  }
  const Lengths lengths(episodes);
  Judgement judgement = cross_judge(config, episodes, [&](const Episodes& half, uint64_t seed) {
    return critic_of(ValueCritic(config, lengths, half, seed));
  });
  require_rank("value critic", config, judgement);
  return judgement;
}

}  // namespace gyre::train
