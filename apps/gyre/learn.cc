// gyre learn: ways of learning, measured against each other.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/flywheel/compare/comparison.h"
#include "gyre/io/file.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct LearnCompareVerb {
  bool small = false;
  std::string plot, json;
  flywheel::CompareConfig config;
};

void compare_recipes(const LearnCompareVerb& verb) {
  const flywheel::CompareSummary summary = flywheel::compare_recipes(
      sim::KitchenArena(), verb.config,
      {.note = [](const std::string& line) { fmt::print(stderr, "-- {}\n", line); }});
  if (!verb.plot.empty()) io::write_atomically(verb.plot, flywheel::compare_plot(summary));
  print_result(flywheel::compare_table(summary), summary, verb.json);
  if (summary.interrupted) {
    throw Interrupted("learn compare", "was interrupted; the rows so far are kept",
                      "the same command goes on");
  }
}

}  // namespace

void add_learn(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("learn", "ways of learning; see docs/learning.md");
  verb->require_subcommand(1);
  const auto options = std::make_shared<LearnCompareVerb>();
  CLI::App* compare = verb->add_subcommand(
      "compare",
      "recipes on the same data and time, with intervals over training seeds and attempts; the "
      "same command goes on with an interrupted one");
  compare->add_flag("--small", options->small,
                    "one task, two seeds, 20 minutes on two cores; other flags change it");
  compare->add_option("--plot", options->plot, "also draw the table")
      ->check(in_a_folder())
      ->type_name("FILE.svg");
  add_json_option(*compare, options->json);
  const auto resolve = add_config(*compare, options->config);
  compare->callback([options, resolve] {
    if (options->small) options->config = flywheel::CompareConfig::small();
    resolve();
    compare_recipes(*options);
  });
}

}  // namespace gyre::apps
