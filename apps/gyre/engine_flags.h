#pragma once

#include <CLI/CLI.hpp>

#include "gyre/infer/engine.h"

namespace gyre::apps {

// Adds --engine, --precision, --target, --threads and --pin; `options` must live as long as the
// program, and hold `engine` as its default.
void add_engine_flags(CLI::App& verb, infer::EngineOptions& options, const char* engine = "cpu");

}  // namespace gyre::apps
