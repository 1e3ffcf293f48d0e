#pragma once

#include <filesystem>
#include <string>

#include "gyre/flywheel/gate.h"
#include "gyre/flywheel/stages/context.h"
#include "gyre/flywheel/suites.h"

namespace gyre::flywheel {

// One stage: the candidate, the turn's first policy and its ancestor make the same attempts, whose
// seeds follow from the candidate's hash, until the gate decides. Says beforehand what differences
// it can see. Every episode goes to gate/. `before` are the predecessor's rates so far.
GateResult judge(TurnContext& turn, const std::filesystem::path& candidate, const Suites& before);

}  // namespace gyre::flywheel
