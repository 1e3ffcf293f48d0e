// gyre console: pages to watch and help, without a robot of its own.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "console_flags.h"
#include "gyre/console/flywheel_site.h"
#include "gyre/console/recorded_site.h"
#include "gyre/console/replay.h"
#include "gyre/console/wire_types.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/policy_use.h"
#include "gyre/run/robot_lock.h"
#include "gyre/sim/arena.h"
#include "turn.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

constexpr const char* kDefaultRuns = "runs";

// A folder of runs that was named is made where it is not here, for a first turn.
flywheel::TurnDesk::Options turn_options(const std::string& named) {
  namespace fs = std::filesystem;
  const fs::path runs = named.empty() && fs::is_directory(kDefaultRuns) ? kDefaultRuns : named;
  if (!runs.empty()) {
    std::error_code unmade;
    fs::create_directories(runs, unmade);
    if (unmade) throw Error(runs.string(), "cannot be made (" + unmade.message() + ")");
    flywheel::refresh_current(runs);
  }
  flywheel::TurnConfig preset = kitchen_turn(flywheel::TurnConfig::demo());
  preset.gate = {};  // `gyre turn` has the whole gate
  return {.runs = runs,
          .program = fs::read_symlink("/proc/self/exe"),
          .suites = sim::KitchenArena().suites(),
          .preset = preset,
          .driven_robots = [] { return run::driven_robots(); }};
}

}  // namespace

void add_console(CLI::App& app) {
  struct Options {
    ConsoleFlags console;
    std::vector<std::string> recorded;
    std::string runs, replay;
    int robots = 1;
    double speed = 1;
    bool types = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("console", "pages to watch and help; see docs/console.md");
  add_console_server_flags(*verb, options->console);
  verb->add_option("--data,--journals", options->recorded,
                   "show the episodes of a dataset or journal folder, or of those in a folder; may "
                   "be given again")
      ->allow_extra_args(false)
      ->type_name("DIR");
  verb->add_option("--runs", options->runs,
                   "show the policies and turns of a folder of runs, and start turns there; "
                   "without: runs, where it is here")
      ->type_name("DIR");
  CLI::Option* replay = verb->add_option("--replay", options->replay,
                                         "play the journals of a folder at their speed, as robots "
                                         "that take no orders")
                            ->type_name("DIR");
  verb->add_option("--robots", options->robots, "how many robots --replay makes of them")
      ->needs(replay)
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  verb->add_option("--speed", options->speed, "how many times as fast --replay plays")
      ->needs(replay)
      ->check(CLI::Range(0.1, 1000.0))
      ->type_name("X");
  verb->add_flag("--types", options->types, "print console/src/wire.ts, and end");
  verb->callback([options] {
    if (options->types) {
      fmt::print("{}", console::wire_types());
      return;
    }
    std::vector<std::filesystem::path> folders;
    for (const std::string& folder : options->recorded) {
      for (auto& found : console::recorded_folders(folder)) folders.push_back(std::move(found));
    }
    console::RecordedSite recorded(folders);
    std::vector<std::unique_ptr<console::Replay>> robots;
    if (!options->replay.empty()) {
      robots = console::replayed_robots(options->replay, options->robots, options->speed);
    }
    console::FlywheelSite flywheel(turn_options(options->runs));
    ConsoleServer server(options->console);
    server.add(flywheel);
    server.add(recorded);
    std::vector<run::TapeSink*> feeds;
    for (size_t i = 0; i < robots.size(); ++i) {
      feeds.push_back(&server.site().add_robot(fmt::format("robot {}", i + 1), robots[i]->policy(),
                                               robots[i]->contract(), *robots[i]));
    }
    fmt::print("console at {}; Ctrl-C ends it\n", server.begin_quietly());
    std::fflush(stdout);
    fmt::print(stderr, "{}", server.invitation());
    for (size_t i = 0; i < robots.size(); ++i) robots[i]->begin(*feeds[i]);
    while (!stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    for (const auto& robot : robots) robot->end();
  });
}

}  // namespace gyre::apps
