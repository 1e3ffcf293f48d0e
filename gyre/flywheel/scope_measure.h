#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gyre/flywheel/evaluate.h"
#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/scope.h"
#include "gyre/infer/engine.h"
#include "gyre/run/attempt.h"

namespace gyre::flywheel {

struct ScopeMeasureConfig {
  int attempts = 40;
  uint64_t seed = 1;
  int workers = 0;
  run::LoopConfig loop;
  template <class Visitor>
  void visit(Visitor& v) {
    v("attempts", attempts, "attempts in each cell, those of earlier commands counted");
    v("seed", seed, "draws scenes, words and noise: the same ones for every policy");
    v("workers", workers, "attempts made at once (0: one a core); changes no result");
    v("loop", loop, "the control loop");
  }
};

// The attempts of an evaluation, whose policy drove alone, as evidence; those of tasks or at a
// speed that are no cell's are left out. An attempt that is made again has the same name. `real`:
// by a real robot, judged by a person.
std::vector<EvidenceEntry> evidence_of(const Evaluation& evaluation, const std::string& policy,
                                       double speed, const std::string& journal = "",
                                       bool real = false);

// One attempt that makes evidence.
struct ScopeAttempt {
  run::Attempt attempt;
  ScopeCell cell;
  std::string name;  // in the ledger: of cell, seed and number
};

// `count` attempts in each cell: first one in each, then the second ones, so that evidence is even
// wherever it ends. Attempt i's seed follows from (seed, task, i): policies, robots and speeds meet
// the same scenes. Throws Error for a task that the arena does not have.
std::vector<ScopeAttempt> scope_attempts(const run::Arena& arena,
                                         const std::vector<ScopeCell>& cells, int count,
                                         uint64_t seed);

// Makes those attempts that the ledger does not have yet, and enters each with its outcome. The
// policy must be in the ledger. False when a stop was requested before the last one. Throws Error.
bool measure_scope(const run::Arena& arena, const infer::Engine& engine,
                   std::vector<ScopeAttempt> attempts, const ScopeMeasureConfig& config,
                   Ledger& ledger);

}  // namespace gyre::flywheel
