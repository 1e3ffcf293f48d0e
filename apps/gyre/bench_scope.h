#pragma once

#include <CLI/CLI.hpp>

namespace gyre::apps {

// Adds `scope` to `gyre bench`.
void add_bench_scope(CLI::App& bench);

}  // namespace gyre::apps
