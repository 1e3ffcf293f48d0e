#pragma once

#include <CLI/CLI.hpp>

namespace gyre::apps {

// Adds `data` to `gyre bench`.
void add_bench_data(CLI::App& bench);

}  // namespace gyre::apps
