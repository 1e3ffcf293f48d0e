#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/train/bin_network.h"

// Critics judge the frames of recorded attempts: how much an attempt came forward from each.
namespace gyre::train {

// One attempt as a critic sees it.
struct CriticEpisode {
  std::string recorded;         // Recorded::hash
  std::string task;             // lengths are compared within one
  std::optional<bool> success;  // not set: nobody has judged
  std::vector<float> features;  // [frames, width]
  int width = 0;
  int64_t frames() const { return width > 0 ? std::ssize(features) / width : 0; }
  std::span<const float> frame(int64_t index) const {
    return std::span(features).subspan(static_cast<size_t>(index * width),
                                       static_cast<size_t>(width));
  }
};

// Two halves of the episodes; each is judged by critics that learnt from the other one, so that no
// critic judges an episode that it learnt from.
struct CriticConfig {
  uint64_t seed = 1;
  int critics = 3;     // of progress: the worst counts
  double look = 0.15;  // frames between the two of a pair, share of the task's median attempt
  double least_rank = 0.5;
  BinNetworkConfig network;

  template <class Visitor>
  void visit(Visitor& v) {
    v("seed", seed, "of halves, weights and samples");
    v("critics", critics, "critics of progress, of which the worst counts");
    v("look", look, "frames looked ahead, as a share of the task's median attempt");
    v("least_rank", least_rank,
      "rank correlation on held-out episodes below which a critic is refused");
    v("network", network, "each critic's network");
  }
};

// The attempts are sound, but no critic can be had of them.
class CriticRefused : public Error {
 public:
  using Error::Error;
};

struct Judgement {
  std::vector<std::vector<float>> advantage;  // [episodes][frames]
  double rank = 0;  // mean Spearman correlation with the truth, over held-out successes
};

// Progress critics (arXiv 2606.29834): on pairs of frames of successful attempts, each learns the
// signed offset from one to the other, scaled by the task's median length over the episode's, in
// bins. The advantage of a frame is the expected offset to the frame `look` later over `look`, of
// the worst critic: about 1 at the pace of a median success, 0 at a standstill, within -2 and 2.
// `rank` is that of offsets in pairs of held-out successful attempts. Needs neither rewards nor
// labels but success. Throws CriticRefused for fewer than 4 successful attempts and for a rank
// below least_rank, with its figure, and Error for numbers that are not finite.
Judgement judge_progress(const CriticConfig& config, std::span<const CriticEpisode> episodes);

// A distributional value function and n-step advantages (RECAP, arXiv 2511.14759): the return of a
// frame is minus the frames to success over the task's longest attempt, and -1 from anywhere in a
// failed attempt; the value is its mean over 201 bins. The advantage of frame t is
// V(t + look) - V(t) - look / longest, or the return - V(t) where the attempt ends before. `rank`
// is that of values with the time that is left in held-out successful attempts. Throws as
// judge_progress does, and CriticRefused when no attempt failed: one class alone says nothing about
// failing.
Judgement judge_value(const CriticConfig& config, std::span<const CriticEpisode> episodes);

// Throws Error when an episode of `learnt` is among `judged`, by Recorded::hash.
void require_disjoint(std::span<const CriticEpisode* const> learnt,
                      std::span<const CriticEpisode* const> judged);

}  // namespace gyre::train
