#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gyre/flywheel/gate.h"
#include "gyre/flywheel/plot.h"
#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {

// Two policies over the same seeds.
struct Comparison {
  Rate before, after;
  Difference paired;
};

struct FamilyComparison {
  std::string family;
  Comparison comparison;
};

struct Clip {
  std::string title;           // "Before: put the purple block onto the plate"
  std::string caption;         // outcome, seed
  std::filesystem::path file;  // MP4
};

struct HashRow {
  std::string what;  // "policy before", "collected, arm/ee"
  std::string folder;
  std::string hash;
  std::string note;  // "80 episodes, 9,120 frames"
};

struct StageTime {
  std::string stage;
  double seconds = 0;
};

// Everything that one turn of the flywheel found out.
struct Report {
  std::string run;      // "2026-11-23T21-40-05"
  std::string command;  // that made it
  std::string machine;  // "2 cores, CPU"
  std::string bench;    // the robot of a real bench, whose tasks are `frontier`; "": simulated
  Comparison trained, frontier;
  std::vector<FamilyComparison> trained_families, frontier_families;
  Decision decision;
  std::optional<GateResult> gate;  // none: there was nothing to judge
  int64_t episodes_collected = 0;
  int64_t steps_by_policy = 0;
  int64_t steps_by_helper = 0;
  std::vector<Series> learning;  // loss over optimiser steps
  std::vector<Clip> clips;
  std::vector<HashRow> hashes;
  std::vector<StageTime> stages;
};

// {run, command, machine, bench, trained, frontier, families, promoted, reason, gate, collected,
// policies_and_data, stages}; `bench` is null or a robot, `gate` null or a GateResult; `trained`
// and `frontier` are {before, after: {episodes, successes, rate, low, high}, paired: {difference,
// low, high, ...}}.
nlohmann::json report_json(const Report& report);

// The same figures as a table for the terminal.
std::string report_table(const Report& report);

// The same as one page that needs nothing else: plots, tables and videos inside.
// Throws Error naming a clip that cannot be read.
std::string report_page(const Report& report);

// report.json and report.html into `folder`. Throws Error.
void write_report(const Report& report, const std::filesystem::path& folder);

}  // namespace gyre::flywheel
