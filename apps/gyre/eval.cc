// gyre eval: success of a policy in simulation, with intervals.
#include "gyre/flywheel/evaluate.h"

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gyre/core/error.h"
#include "gyre/sim/suite.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct Options {
  std::string policy = "assets/policies/nano";
  std::string suite = "trained";
  std::string task;
  std::string json;
  flywheel::EvaluateConfig config;
};

void run(Options& options) {
  for (std::string& name : options.config.embodiments) name = full_embodiment_name(name);
  const std::vector<flywheel::TaskPtr> tasks =
      options.task.empty() ? sim::suite(options.suite)
                           : std::vector<flywheel::TaskPtr>{sim::find_task(options.task)};
  require_folder("policy", options.policy);
  const std::unique_ptr<infer::Engine> engine = infer::open_engine(options.policy);
  const flywheel::Evaluation evaluation = flywheel::evaluate(*engine, tasks, options.config);
  nlohmann::json json = evaluation;
  json["policy"] = options.policy;
  json["policy_hash"] = engine->checkpoint().weights_hash;
  json["suite"] = options.task.empty() ? options.suite : options.task;
  json["seed"] = options.config.seed;
  print_result(flywheel::evaluation_table(evaluation), json, options.json);
  if (evaluation.interrupted) {
    throw Error("evaluation", "was interrupted; only a part of the episodes is there",
                "start it again");
  }
}

}  // namespace

void add_eval(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("eval", "measure a policy's success in simulation");
  verb->add_option("--policy", options->policy, "checkpoint folder")->type_name("DIR");
  verb->add_option("--suite", options->suite, "trained, heldout, frontier or long")
      ->type_name("NAME");
  verb->add_option("--task", options->task, "one task instead of a suite (`gyre sim --list`)")
      ->type_name("NAME");
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->config);
  verb->callback([options, resolve] {
    resolve();
    run(*options);
  });
}

}  // namespace gyre::apps
