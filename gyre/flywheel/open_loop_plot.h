#pragma once

#include <string>

#include "gyre/flywheel/open_loop.h"

namespace gyre::flywheel {

// A picture (SVG, complete in itself) of the joints that moved most in the first held-out episode:
// what was recorded, and what the policy predicted one look-ahead before.
std::string open_loop_plot(const OpenLoopResult& result, size_t joints = 6);

}  // namespace gyre::flywheel
