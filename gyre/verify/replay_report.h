#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gyre/verify/replay.h"

namespace gyre::verify {

void to_json(nlohmann::json& json, const Replay& replay);

// For people: verdicts, reasons and the differences of each field.
std::string replay_table(const Replay& replay);

}  // namespace gyre::verify
