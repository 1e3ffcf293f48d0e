#pragma once

#include <cstddef>
#include <span>

#include "gyre/core/action_chunk.h"
#include "gyre/core/embodiment.h"

namespace gyre {

// The draw that is nearest to the actions `planned` [n, D]: squared difference in units of each
// field's range, near actions weighing more. The first where nothing is planned.
size_t nearest_draw(std::span<const ActionChunk> draws, std::span<const float> planned,
                    const Embodiment& contract);

}  // namespace gyre
