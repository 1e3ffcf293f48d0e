#pragma once

#include <string>
#include <vector>

#include "gyre/flywheel/scope_words.h"
#include "gyre/policy/checkpoint.h"

namespace gyre::apps {

// The kitchen's tasks of these suites, in their order.
std::vector<flywheel::ScopeTask> kitchen_tasks(const std::vector<std::string>& suites);
std::vector<flywheel::ScopeTask> kitchen_tasks();  // of all suites

// The robots that a policy was trained on and that the kitchen has.
std::vector<std::string> kitchen_robots(const Checkpoint& policy);

// The name of the user who typed the command.
std::string user_name();

}  // namespace gyre::apps
