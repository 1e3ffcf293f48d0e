#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/flywheel/exact_tests.h"
#include "gyre/flywheel/gate.h"

namespace gyre::flywheel {

// The comparison of two policies where a person lays out and judges: attempts in blocks of two, one
// of each policy at the same scene, in an order that a seed draws and the person does not know. All
// are made, unless no outcome could promote the candidate any more.
struct BlockPlan {
  BoschlooRegion region;  // of predecessor's and candidate's successes that promote it
  int64_t pairs() const { return region.attempts(); }
};

// Throws Error for so few pairs that no outcome could promote, saying how many it needs, and for
// more than 500.
BlockPlan plan_blocks(int64_t pairs);

// For each pair: is the candidate's attempt the first?
std::vector<bool> candidate_first(int64_t pairs, uint64_t seed);

// The rise of the success rate that promotes nine times in ten, where the predecessor's rate is
// this; below 0: none does.
double visible_rise(const BlockPlan& plan, double predecessor_rate);
// The differences that the comparison can see, for a person, before its first attempt.
std::string block_plan_text(const BlockPlan& plan);

// After some whole pairs: nothing that may still come would promote the candidate.
bool is_decided_against(const BlockPlan& plan, const std::vector<GateOutcome>& candidate,
                        const std::vector<GateOutcome>& predecessor);

// The decision, from whole pairs in order: as many as planned, or fewer that decide against it.
// Throws Error for other ones. Boschloo's test takes the outcomes as unpaired, which errs on the
// careful side where pairs agree.
GateResult judge_blocks(const BlockPlan& plan, const std::vector<GateOutcome>& candidate,
                        const std::vector<GateOutcome>& predecessor);

}  // namespace gyre::flywheel
