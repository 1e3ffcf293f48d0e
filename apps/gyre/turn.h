#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "gyre/flywheel/turn.h"

namespace gyre::apps {

// With the robots and suites of the kitchen.
flywheel::TurnConfig kitchen_turn(flywheel::TurnConfig config);

// A verb that makes one turn of the flywheel, with `preset` as its defaults; `real`: also with a
// real robot.
void add_turn_verb(CLI::App& app, const std::string& name, const std::string& description,
                   const flywheel::TurnConfig& preset, bool real = false);

}  // namespace gyre::apps
