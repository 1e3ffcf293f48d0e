#pragma once

#include <CLI/CLI.hpp>

// One function a verb, each in the file of its name: adds the subcommand with its options and the
// callback that runs it. Callbacks throw gyre::Error; main() prints it in one line and exits
// with 2.
namespace gyre::apps {

void add_bench(CLI::App& app);
void add_console(CLI::App& app);
void add_data(CLI::App& app);
void add_demo(CLI::App& app);
void add_drive(CLI::App& app);
void add_doctor(CLI::App& app);
void add_eval(CLI::App& app);
void add_learn(CLI::App& app);
void add_policy(CLI::App& app);
void add_record(CLI::App& app);
void add_bench_drive(CLI::App& bench);  // called by add_bench
void add_bench_robot(CLI::App& bench);  // called by add_bench
void add_bench_serve(CLI::App& bench);  // called by add_bench
void add_replay(CLI::App& app);
void add_robot(CLI::App& app);
void add_scope(CLI::App& app);
void add_serve(CLI::App& app);
void add_sim(CLI::App& app);
void add_teleoperate(CLI::App& app);
void add_train(CLI::App& app);
void add_turn(CLI::App& app);

}  // namespace gyre::apps
