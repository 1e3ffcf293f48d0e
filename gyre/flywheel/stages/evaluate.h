#pragma once

#include <filesystem>
#include <string>

#include "gyre/flywheel/stages/context.h"
#include "gyre/flywheel/suites.h"

namespace gyre::flywheel {

// Two stages: the policy makes the attempts of both suites. Every episode goes to
// evaluations/<who>/trained.json and frontier.json, the rates into the ledger. `who` is "before" or
// "after".
Suites evaluate_policy(TurnContext& turn, const std::string& who,
                       const std::filesystem::path& policy);

}  // namespace gyre::flywheel
