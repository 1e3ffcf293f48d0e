#pragma once

#include <CLI/CLI.hpp>

namespace gyre::apps {

// Adds `use`, `list` and `add` to the verb `policy`.
void add_policy_use(CLI::App& policy);

}  // namespace gyre::apps
