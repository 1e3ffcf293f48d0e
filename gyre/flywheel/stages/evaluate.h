#pragma once

#include <filesystem>
#include <string>

#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/stages/context.h"
#include "gyre/flywheel/suites.h"

namespace gyre::flywheel {

// Two stages: the policy makes the attempts of both suites. Every episode goes to
// evaluations/<who>/trained.json and frontier.json, the rates into the ledger. `who` is "before" or
// "after".
Suites evaluate_policy(TurnContext& turn, const std::string& who,
                       const std::filesystem::path& policy);

// A policy's evaluation as the ledger has it.
EvaluationEntry evaluation_entry(const Evaluation& evaluation, const std::string& suite,
                                 uint64_t seed, const std::string& policy);

}  // namespace gyre::flywheel
