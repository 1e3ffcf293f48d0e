#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/flywheel/gate.h"

namespace gyre::flywheel {

// A policy at one kind of tasks, as outcomes are drawn: rates in 0..1.
struct SimulatedTasks {
  std::string name;
  double success = 0;
  double discordance = 0;  // share of pairs of two equally good policies whose outcomes differ
  double safety = 0;       // share of attempts with a safety event
};

inline constexpr double kMeasuredDiscordance = 0.62;  // share of that of independent outcomes

// The shipped policy's, as measured (docs/turn.md): the frontier, the trained families, the
// held-out combinations.
struct SimulatedPolicy {
  SimulatedTasks frontier;
  std::vector<SimulatedTasks> families;
  SimulatedTasks heldout;
};
SimulatedPolicy measured_nano(double discordance = kMeasuredDiscordance);

// The true difference of a candidate to both references, and how often it may be promoted.
struct GateCase {
  std::string name;
  double frontier = 0.2;
  std::string changed;  // tasks that change by `change`: a family, "heldout", "all", or "": none
  double change = 0;
  bool other_ancestor = true;  // the ancestor is a third policy, else it is the predecessor
  double least = 0, most = 1;  // asked share of promotions
};
std::vector<GateCase> gate_cases();

struct GateStudyConfig {
  int64_t decisions = 10'000;
  int64_t chains = 1'000;
  uint64_t seed = 1;
  double discordance = kMeasuredDiscordance;
  GateConfig gate;
  template <class Visitor>
  void visit(Visitor& v) {
    v("decisions", decisions, "simulated decisions of each case");
    v("chains", chains, "simulated lines of 20 candidates");
    v("seed", seed, "draws the outcomes");
    v("discordance", discordance, "share of the discordance of independent outcomes (0..1)");
    v("gate", gate, "the gate");
  }
};

// Decides again and again on drawn outcomes. A pair's outcomes are common to all policies (drawn
// from one number) with the probability that gives the measured discordance, else independent.
// Answers {cases: [{name, decisions, promoted, rate, asked: [least, most], attempts}], chains:
// {family, chains, candidates, each, below, rate, promoted, asked}}; attempts is the mean of one
// decision. `progress` may be empty, `stop` too.
nlohmann::json study_gate(const GateStudyConfig& config, const SimulatedPolicy& policy,
                          const std::function<void(int64_t done, int64_t total)>& progress = {},
                          const std::function<bool()>& stop = {});

std::string gate_study_table(const nlohmann::json& study);  // for the terminal

}  // namespace gyre::flywheel
