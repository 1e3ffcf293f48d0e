#pragma once

#include <CLI/CLI.hpp>

// The verbs of `gyre robot`, each in a file of its own.
namespace gyre::apps {

void add_robot_calibrate(CLI::App& robot);
void add_robot_cameras(CLI::App& robot);  // find-cameras
void add_robot_check(CLI::App& robot);
void add_robot_info(CLI::App& robot);
void add_robot_move(CLI::App& robot);
void add_robot_new(CLI::App& robot);
void add_robot_ports(CLI::App& robot);  // find-port
void add_robot_setup(CLI::App& robot);

// Prints `what` and waits for Enter. Throws Error at the end of the input, Interrupted for Ctrl-C.
void wait_for_enter(const std::string& what);
// True once Enter was pressed; never waits.
bool enter_pressed();

}  // namespace gyre::apps
