// gyre turn: one turn of the flywheel.
#include "turn.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "console_flags.h"
#include "gyre/console/turn_view.h"
#include "gyre/flywheel/report.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "turn_bench.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct EndOfView {
  console::TurnView& view;
  ~EndOfView() { view.end(); }
};

constexpr int kBenchEpisodes = 20;  // that a person helps with, unless they say otherwise

struct TurnOptions {
  std::string json;
  ConsoleFlags console;
  BenchFlags bench;
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

// The turn's suites are a bench's tasks.
void set_bench(flywheel::TurnConfig& config, const TurnBench& bench, bool counted) {
  config.embodiments = {bench.robot()};
  config.trained_suite = config.frontier_suite = run::RealArena::kSuite;
  config.heldout_suite.clear();
  config.loop.real_time = true;
  if (!counted) config.collect_episodes = kBenchEpisodes;
}

std::string way_to_try(const BenchFlags& bench, const std::string& policy) {
  if (!bench.given()) {
    return fmt::format(
        "gyre sim --policy {} --prompt \"put the purple block onto the plate\" --video out.mp4",
        policy);
  }
  return fmt::format("gyre drive --robot {} --policy {} --prompt \"{}\"", bench.robot, policy,
                     bench.tasks.front());
}

void run(TurnOptions& options, const std::string& command, bool counted) {
  for (std::string& name : options.config.embodiments) name = full_embodiment_name(name);
  require_folder("policy", options.config.policy);
  options.config.policy = without_link(options.config.policy);
  std::optional<TurnBench> bench;  // a real robot's process is divided before there are threads
  if (options.bench.given()) {
    bench.emplace(options.bench);
    set_bench(options.config, *bench, counted);
  }
  console::TurnView view;
  std::unique_ptr<Console> console;
  const EndOfView ends{view};  // before the console's
  if (options.console.given()) {
    console = open_console(options.console);
    run::TapeSink& feed =
        console->add_robot("turn", options.config.policy, console::TurnView::contract(), view);
    if (bench) {
      bench->show_on(*console, Checkpoint::open(options.config.policy).config.vision.image_size);
    }
    console->begin();
    view.begin(feed);
  }
  const sim::KitchenArena kitchen;
  const flywheel::Report report = flywheel::run_turn(
      bench ? static_cast<const run::Arena&>(bench->arena()) : kitchen, options.config, command,
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
    text += fmt::format("try it  {}\n", way_to_try(options.bench, (folder / "policy").string()));
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
                   const flywheel::TurnConfig& preset, bool real) {
  const auto options = std::make_shared<TurnOptions>();
  options->config = kitchen_turn(preset);
  CLI::App* verb = app.add_subcommand(name, description);
  if (real) add_bench_flags(*verb, options->bench);
  add_console_flag(*verb, options->console);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->config);
  verb->callback([options, resolve, verb] {
    resolve();
    run(*options, command_line(*verb), verb->count("--collect-episodes") > 0);
  });
}

void add_turn(CLI::App& app) {
  add_turn_verb(app, "turn",
                "one turn of the flywheel: evaluate, collect with help, learn, evaluate, gate; "
                "goes on with an interrupted run of the same order. With --robot on a real bench, "
                "where a person lays out and judges",
                {}, true);
}

}  // namespace gyre::apps
