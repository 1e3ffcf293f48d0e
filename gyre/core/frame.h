#pragma once

#include <cstdint>
#include <vector>

#include "gyre/core/picture.h"

namespace gyre {

// Everything the robot sensed at one moment: numbers and references, no words.
struct Frame {
  int64_t time_ns = 0;               // of the state, robot clock
  std::vector<float> state;          // [S], order and units of Embodiment::state
  std::vector<PictureRef> pictures;  // [C], the newest of each camera in the contract's order; an
                                     // empty reference where a camera has shown nothing yet
};

}  // namespace gyre
