#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gyre/flywheel/sequential.h"
#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {

struct GateConfig {
  bool quick = false;
  int frontier_pairs = 200;
  int family_pairs = 800;
  int quick_pairs = 120;
  double trained_margin = 0.02;
  double family_margin = 0.05;
  double quick_margin = 0.10;
  double safety_ratio = 1.5;
  template <class Visitor>
  void visit(Visitor& v) {
    v("quick", quick, "only the frontier and the trained tasks pooled, with few pairs");
    v("frontier_pairs", frontier_pairs, "most pairs of attempts at frontier tasks");
    v("family_pairs", family_pairs,
      "most pairs of each trained family, of the held-out tasks and of each skill promoted before");
    v("quick_pairs", quick_pairs, "most pairs of trained tasks at the quick gate");
    v("trained_margin", trained_margin, "loss on all trained tasks together that is let pass");
    v("family_margin", family_margin, "loss on a family, or held-out tasks, that is let pass");
    v("quick_margin", quick_margin, "loss on all trained tasks that the quick gate lets pass");
    v("safety_ratio", safety_ratio, "rise of safety events an attempt that is let pass");
  }
};

// The policies that a candidate is compared with.
enum class Reference { kPredecessor, kAncestor };
std::string reference_name(Reference reference);  // "predecessor", "ancestor"

// Attempts of one kind. Those of a later look go on from those of the earlier ones.
struct GateTasks {
  std::string name;    // "frontier", "stack", "heldout"
  std::string suite;   // the arena's
  std::string family;  // of the suite; "": all of it
  LookPlan looks;
};

// One comparison: over these tasks the candidate's success must lie above a reference's minus the
// margin.
struct GateTest {
  std::string name;
  std::vector<size_t> tasks;  // into GatePlan::tasks; several: pooled
  Reference against = Reference::kPredecessor;
  double margin = 0;
  double hoped = 0;     // the difference at which it is seldom given up early
  double visible = -1;  // distance from the margin that it sees with 90 % power; below 0: not known
  LookPlan looks;       // of all its tasks together
};

// Everything that a gate will compare and when it will look, before it sees an outcome.
struct GatePlan {
  bool quick = false;
  double safety_ratio = 1.5;
  // Rise of the share of attempts with a safety event that is let pass where at most 5 % have one,
  // so that a ratio says little.
  double safety_rise = 0.01;
  std::vector<GateTasks> tasks;
  std::vector<GateTest> tests;
  int64_t most_attempts() const;  // of all policies together
};

// The tasks of a plan, by the arena's names.
struct GateScope {
  std::string frontier, trained;           // suites
  std::vector<std::string> families;       // of the trained suite
  std::string heldout;                     // suite; "": none
  std::vector<std::string> skills;         // suites whose skill was promoted earlier
  bool other_ancestor = false;             // the ancestor is another policy than the predecessor
  std::map<std::string, Rate> known = {};  // the predecessor's rates by name of tasks, where known
};

// Against the predecessor, and against the ancestor where that is another policy:
//   frontier above 0; all trained tasks together above -trained_margin; each trained family, the
//   held-out tasks and every earlier skill above -family_margin;
// quick: frontier above 0 and trained tasks above -quick_margin.
// Throws Error when so few pairs are planned that a test could not hold, saying how many it needs.
GatePlan plan_gate(const GateConfig& config, const GateScope& scope);

// A line a test: its margin, most pairs, and the difference that it can see.
std::string plan_text(const GatePlan& plan);

}  // namespace gyre::flywheel
