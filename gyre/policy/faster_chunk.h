#pragma once

#include "gyre/core/action_chunk.h"
#include "gyre/core/embodiment.h"

namespace gyre {

// The same motion at `speed` times its pace (1 or more), in floor(horizon / speed) actions, at
// least one: deltas and velocities are integrated over `speed` action periods, positions are those
// that the motion has reached by then. Each stays within its field's limits, so that a motion that
// is too fast for the contract is slowed. Rotation vectors add up, which is right for small ones.
ActionChunk faster_chunk(const ActionChunk& chunk, double speed, const Embodiment& contract);

}  // namespace gyre
