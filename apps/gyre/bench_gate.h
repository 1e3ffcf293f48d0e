#pragma once

#include <CLI/CLI.hpp>

namespace gyre::apps {

// Adds `gate` to `gyre bench`.
void add_bench_gate(CLI::App& bench);

}  // namespace gyre::apps
