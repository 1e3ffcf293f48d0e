#pragma once

#include <CLI/CLI.hpp>

namespace gyre::apps {

// Adds `init` and `convert` to the verb `policy`.
void add_policy_make(CLI::App& policy);

}  // namespace gyre::apps
