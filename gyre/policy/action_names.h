#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/policy/processors.h"

namespace gyre {

// Names as LeRobot's files hold them: a list, lists in a map, or a map from name to place. Throws
// nlohmann::json::exception for anything else; null gives none.
std::vector<std::string> names_in_order(const nlohmann::json& names);

// Throws Error naming `policy`, both sides and --action-names where the policy names its action
// fields otherwise than the robot: another number, or one name at two places.
void require_same_places(const Processors& processors, const Embodiment& robot,
                         const std::string& policy);

// For each action field of the robot the state field that the policy's actions are relative to,
// -1 for none; empty when nothing is relative. Absolute fields go by the policy's own names, else
// by the robot's. Throws Error where neither has names, naming both and --action-names.
std::vector<int> relative_to_state(const Processors& processors, const Embodiment& robot,
                                   const std::string& policy);

}  // namespace gyre
