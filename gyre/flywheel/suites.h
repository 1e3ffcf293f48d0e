#pragma once

#include <vector>

#include "gyre/flywheel/evaluate.h"
#include "gyre/flywheel/report.h"

namespace gyre::flywheel {

// One policy on what it was trained on and on what it shall learn.
struct Suites {
  Evaluation trained, frontier;
};

// Both evaluations must be of the same deal and seed: their episodes pair up by index. Throws Error
// when they do not.
Comparison compare(const Evaluation& before, const Evaluation& after);
std::vector<FamilyComparison> compare_families(const Evaluation& before, const Evaluation& after);
// Family and robot: "pick_place, arm/ee".
std::vector<FamilyComparison> compare_robots(const Evaluation& before, const Evaluation& after);

}  // namespace gyre::flywheel
