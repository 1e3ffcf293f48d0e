#pragma once

#include <span>

#include "gyre/core/action_chunk.h"
#include "gyre/core/embodiment.h"

namespace gyre {

// One chunk of several draws: the mean of the half that is nearest to the actions `planned` [n, D]
// (squared difference in units of each field's range, near actions weighing more). The nearest
// ones agree with what the robot is about to do, and their mean is less noisy than any of them.
// With nothing planned, or with one draw, it is the first.
ActionChunk agreed_draw(std::span<const ActionChunk> draws, std::span<const float> planned,
                        const Embodiment& contract);

}  // namespace gyre
