#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/dataset.h"
#include "gyre/data/frame_source.h"

// People who drive by keys or pads pause to look, and move slower than a policy does. A policy sees
// one moment, so that it cannot tell a pause from its end: it learns to stand still, and runs out
// of time. Their pauses are left out (as OpenVLA's data leave out no-op actions, Kim et al. 2024),
// and slow actions are joined until they are as fast as the policy's own.
namespace gyre::flywheel {

// The version of the rules below; it changes whenever the groups of a recording do.
constexpr int kPaceVersion = 1;

// The change of each field in one action period that 99 % of a policy's data do not exceed, in the
// field's unit. Both are empty where there are no data.
struct Pace {
  std::vector<double> state;   // [S]
  std::vector<double> action;  // [D]
};

// Over the frames of one embodiment of `frames`, an index into FrameSource::embodiments().
Pace pace_of(const data::FrameSource& frames, int embodiment);

// Divides an episode into groups of rows that are one action each; answers the first row of every
// group. Only targets of a person (Source::kHuman) are joined:
// - A pause belongs to the group before it, at the begin of a stretch to the one after it. In a
//   pause the action asks for no motion, and the state does not change either.
// - Others are joined, three at most, while the sum stays within the pace and nothing turns back.
//   A change of the gripper is joined with nothing else.
// `targets` [rows]: above 0 where the action is one to learn from.
std::vector<size_t> paced_groups(const data::EpisodeRows& episode, std::span<const float> targets,
                                 const Embodiment& contract, const Pace& pace);

// The episode with one row for each group: the first, whose action is that of the whole group (of
// deltas the sum, of anything else the last). Pictures must be in files.
data::EpisodeOnDisk join_rows(const data::EpisodeOnDisk& episode, std::span<const size_t> groups,
                              const Embodiment& contract);

}  // namespace gyre::flywheel
