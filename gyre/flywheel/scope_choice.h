#pragma once

#include <cstdint>
#include <vector>

#include "gyre/flywheel/scope.h"
#include "gyre/run/arena.h"

namespace gyre::flywheel {

// Chooses `count` of the attempts that are asked for, where one helped episode buys most. Failures
// that are left in a cell after helped episodes are counted as
//   (1 - mean) * exp(-coverage / 10),
// with coverage the sum over the chosen episodes of the share of properties (verb, colour, shape,
// place, robot, speed) that theirs has in common with the cell; a cell weighs as often as it is
// asked for. Each next episode is the one that leaves the fewest (greedily, which comes within
// 1 - 1/e of the best choice of so many: the sum is submodular; Nemhauser, Wolsey and Fisher 1978).
// A cell that the scope does not know fails in half of its attempts. The chosen keep their order;
// attempts that are in no cell are chosen last.
std::vector<run::Attempt> choose_attempts(const Scope& scope,
                                          const std::vector<run::Attempt>& asked, int64_t count,
                                          double speed = 1);

}  // namespace gyre::flywheel
