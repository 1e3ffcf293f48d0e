#pragma once

#include "gyre/sim/arena.h"

namespace gyre::apps {

// The simulated kitchen, with the safety filter before the joints of every robot: range, velocity,
// acceleration and jerk of each joint, and the workspace box of the grasp frame.
sim::KitchenArena make_arena();

}  // namespace gyre::apps
