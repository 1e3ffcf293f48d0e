#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/infer/engine.h"
#include "gyre/run/attempt.h"
#include "gyre/run/attempt_setup.h"

namespace gyre::verify {

// A simulated attempt as a journal holds it.
struct RecordedAttempt {
  HeaderPtr header;
  run::AttemptSetup setup;  // that it was made with
  struct Step {
    std::vector<float> state, sent, command;  // command: before the safety filter
  };
  std::vector<Step> steps;      // one each control period
  std::optional<bool> success;  // by its last verdict
  std::string hash;             // EpisodeHash of `steps`
};

// Reads the one attempt of a journal, or that of number `episode`. Throws Error where there is none
// or several, where the attempt did not end, a control period is lost, or the journal has no start
// state or does not say how the attempt was run.
RecordedAttempt read_attempt(const std::vector<std::filesystem::path>& files,
                             std::optional<int64_t> episode);

struct Rerun {
  run::AttemptResult result;
  int64_t first_other_step = -1;  // the first control period that differs in a bit; -1: none
  bool same(const RecordedAttempt& attempt) const { return result.hash == attempt.hash; }
};

// Makes the attempt again from its start state: the same setup, with the policy, helper or expert
// deciding anew. `engine` is null where an expert drove. Throws Error as make_attempt() does.
Rerun rerun(const run::Arena& arena, const infer::Engine* engine, const RecordedAttempt& attempt);

// From the start state the recorded commands up to control period `at`, and from there on `engine`
// alone: where it would have led. Throws Error where `at` lies behind the end, or where the
// recorded commands do not lead to the recorded states any more.
Rerun take_over(const run::Arena& arena, const infer::Engine& engine,
                const RecordedAttempt& attempt, int64_t at);

}  // namespace gyre::verify
