// gyre turn: one turn of the flywheel.
#include "turn.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "console_flags.h"
#include "gyre/console/turn_view.h"
#include "gyre/flywheel/report.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct EndOfView {
  console::TurnView& view;
  ~EndOfView() { view.end(); }
};

struct TurnOptions {
  std::string json;
  ConsoleFlags console;
  flywheel::TurnConfig config;
};

// What the user typed, for the report and the ledger.
std::string command_line(const CLI::App& verb) {
  std::string text = "gyre " + verb.get_name();
  for (const CLI::Option* option : verb.parse_order()) {
    text += " " + option->get_name();
    for (const std::string& value : option->results()) text += value.empty() ? "" : " " + value;
  }
  return text;
}

// The folder behind a link to a policy in use: the turn is of this one, whatever is used later.
std::string without_link(const std::string& policy) {
  std::filesystem::path folder(policy);
  if (!folder.has_filename()) folder = folder.parent_path();
  std::error_code none;
  if (!std::filesystem::is_symlink(folder, none)) return policy;
  return std::filesystem::proximate(std::filesystem::canonical(folder)).string();
}

void run(TurnOptions& options, const std::string& command) {
  for (std::string& name : options.config.embodiments) name = full_embodiment_name(name);
  require_folder("policy", options.config.policy);
  options.config.policy = without_link(options.config.policy);
  console::TurnView view;
  std::unique_ptr<Console> console;
  const EndOfView ends{view};  // before the console's
  if (options.console.given()) {
    console = open_console(options.console);
    run::TapeSink& feed =
        console->add_robot("turn", options.config.policy, console::TurnView::contract(), view);
    console->begin();
    view.begin(feed);
  }
  const flywheel::Report report = flywheel::run_turn(
      sim::KitchenArena(), options.config, command,
      {.began =
           [&view](const std::string& stage) {
             fmt::print(stderr, "-- {}\n", stage);
             view.tell(stage);
           },
       .note = [](const std::string& line) { fmt::print(stderr, "{}\n", line); }});

  const std::filesystem::path folder = std::filesystem::path(options.config.runs) / report.run;
  std::string text = "\n" + flywheel::report_table(report);
  text += fmt::format("\nreport  {}\n", (folder / "report.html").string());
  text += fmt::format("pages   gyre console --runs {}\n", options.config.runs);
  if (report.decision.promoted) {
    text += fmt::format("policy  {}\n", (folder / "policy").string());
    text += fmt::format("use it  gyre policy use {} --runs {}\n", (folder / "policy").string(),
                        options.config.runs);
    text += fmt::format(
        "try it  gyre sim --policy {} --prompt \"put the purple block onto the plate\" --video "
        "out.mp4\n",
        (folder / "policy").string());
  }
  print_result(text, flywheel::report_json(report), options.json);
}

}  // namespace

flywheel::TurnConfig kitchen_turn(flywheel::TurnConfig config) {
  config.embodiments = {"so101/ee", "panda/ee"};
  config.trained_suite = "trained";
  config.frontier_suite = "frontier";
  config.heldout_suite = "heldout";
  return config;
}

void add_turn_verb(CLI::App& app, const std::string& name, const std::string& description,
                   const flywheel::TurnConfig& preset) {
  const auto options = std::make_shared<TurnOptions>();
  options->config = kitchen_turn(preset);
  CLI::App* verb = app.add_subcommand(name, description);
  add_console_flag(*verb, options->console);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->config);
  verb->callback([options, resolve, verb] {
    resolve();
    run(*options, command_line(*verb));
  });
}

void add_turn(CLI::App& app) {
  add_turn_verb(app, "turn",
                "one turn of the flywheel: evaluate, collect with help, learn, evaluate, gate; "
                "goes on with an interrupted run of the same order",
                {});
}

}  // namespace gyre::apps
