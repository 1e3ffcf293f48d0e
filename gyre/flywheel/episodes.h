#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gyre/data/episode_rows.h"
#include "gyre/run/attempt.h"

namespace gyre::flywheel {

// Makes attempts and hands over each as dataset rows, in the attempts' order, on the calling
// thread. `take` returns false to stop. False when it did, or when a stop was requested before the
// last attempt; those that ended are handed over all the same. `options.watch` may add further
// sinks. Throws the first error of an attempt or of `take`.
bool make_episodes(const run::Arena& arena, const infer::Engine* engine,
                   const std::vector<run::Attempt>& attempts, run::AttemptOptions options,
                   int workers, const std::string& what,
                   const std::function<bool(int64_t index, data::EpisodeRows&& episode)>& take);

// Options of a demonstration: the expert drives from the first step to the last, each period is
// labelled, and with `disturb` things are pushed and the hand is shifted, drawn by the seed.
run::AttemptOptions demonstration(int image_size, bool disturb = true);

// Options of an attempt that is learnt from and in which the policy is alone.
run::AttemptOptions unhelped_attempt(const run::LoopConfig& loop);

// Options of a helped attempt: the policy acts, the expert watches, takes over and gives back.
run::AttemptOptions helped_attempt(const run::LoopConfig& loop, const run::HelpConfig& help);

}  // namespace gyre::flywheel
