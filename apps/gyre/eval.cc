// gyre eval: success of a policy in simulation, with intervals; or its error on a recording.
#include "gyre/flywheel/evaluate.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dataset_flags.h"
#include "engine_flags.h"
#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/non_finite.h"
#include "gyre/flywheel/alarm_study.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/delay_study.h"
#include "gyre/flywheel/link_study.h"
#include "gyre/flywheel/open_loop.h"
#include "gyre/flywheel/open_loop_plot.h"
#include "gyre/io/file.h"
#include "gyre/policy/json_file.h"
#include "gyre/run/join_method.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct EvalOptions {
  std::string policy = "assets/policies/nano";
  std::string suite = "trained";
  std::string task;
  std::string data;
  DatasetFlags dataset;
  std::vector<int64_t> only;
  int draws = 1;
  std::string plot;
  std::string against;
  std::string robot;
  std::string json;
  flywheel::DelayFlags delays;
  double alarms = 0;
  bool link = false;
  FolderOptions given;
  infer::EngineOptions engine;
  flywheel::EvaluateConfig config{.embodiments = {"so101/ee", "panda/ee"}};
};

// An episode to compare on: values that are not finite would make the error meaningless.
data::EpisodeRows whole_episode(const data::Dataset& dataset, int64_t index, int side) {
  data::EpisodeRows episode = dataset.read(index, {.image_width = side, .image_height = side});
  data::require_finite(episode, dataset.embodiment(), dataset.folder().string(), index,
                       "leave the episode out of --only");
  return episode;
}

// How far off the policy's actions are from those of recorded episodes, without moving anything.
void run_open_loop(const EvalOptions& options) {
  if (options.only.empty()) {
    throw Error("--data", "needs --only: the episodes that the policy was not trained on",
                "`gyre data info " + options.data + "` lists those that are there");
  }
  require_folder("policy", options.policy);
  require_folder("dataset", options.data);
  data::OpenOptions open = options.dataset.open_options();
  open.cameras = recorded_cameras(options.given);
  const data::Dataset dataset(options.data, open);
  print_warnings(dataset.picture_warnings());
  const auto engine =
      infer::open_engine(options.policy, &dataset.embodiment(), options.given, options.engine);
  print_warnings(engine->checkpoint().warnings);
  // Policies of others come with their own way of resizing.
  const bool own = !engine->checkpoint().processors;
  const int side = own ? engine->checkpoint().config.vision.image_size : 0;

  const flywheel::OpenLoopResult result = flywheel::open_loop(
      *engine, dataset.embodiment(), static_cast<int>(options.only.size()),
      [&](int i) { return whole_episode(dataset, options.only[i], side); }, options.draws);
  nlohmann::json json = result;
  json["policy"] = options.policy;
  json["policy_hash"] = engine->checkpoint().policy_hash;
  json["weights_hash"] = engine->checkpoint().weights_hash;
  json["data"] = options.data;
  json["data_hash"] = dataset.hash();
  json["episodes"] = options.only;
  json["draws"] = options.draws;
  if (!options.plot.empty()) {
    io::write_atomically(options.plot, flywheel::open_loop_plot(result));
  }
  print_result(flywheel::open_loop_table(result), json, options.json);
}

// --robot is a robot's folder for the simulation; on a recording, where no folder has that name,
// the preset of other projects' policies.
void take_robot(EvalOptions& options) {
  if (options.robot.empty()) return;
  const bool is_folder = std::filesystem::is_directory(options.robot);
  if (options.data.empty() || is_folder) {
    options.config.embodiments = {options.robot};
    return;
  }
  options.given.robot = RobotPreset::read(options.robot);
  fmt::print(stderr, "warning: --robot {0}: no folder of that name; taken as --policy-robot {0}\n",
             options.robot);
}

// What changed since an earlier evaluation of the same attempts.
flywheel::Difference difference_to(const std::string& file, const flywheel::Evaluation& now) {
  const auto before = read_json_object(file).get<flywheel::Evaluation>();
  bool same = before.episodes.size() == now.episodes.size();
  for (size_t i = 0; same && i < now.episodes.size(); ++i) {
    same = before.episodes[i].seed == now.episodes[i].seed &&
           before.episodes[i].task == now.episodes[i].task &&
           before.episodes[i].embodiment == now.episodes[i].embodiment;
  }
  if (!same) {
    throw Error(file, "holds other attempts, which do not pair up",
                "evaluate both with the same --suite, --episodes and --seed");
  }
  return flywheel::paired_difference(before.outcomes(), now.outcomes());
}

struct Bench {
  sim::KitchenArena arena;
  std::vector<run::Attempt> attempts;
  std::unique_ptr<infer::Engine> engine;
};

std::unique_ptr<Bench> set_up(EvalOptions& options) {
  flywheel::EvaluateConfig& config = options.config;
  for (std::string& name : config.embodiments) name = full_embodiment_name(name);
  config.loop.validate();
  if (config.episodes < 1) throw Error("--episodes", "is below 1", "give a positive number");
  auto bench = std::make_unique<Bench>();
  const sim::KitchenArena& arena = bench->arena;
  bench->attempts =
      options.task.empty()
          ? arena.deal(options.suite, config.embodiments, config.episodes, config.seed)
          : flywheel::deal_task(arena, options.task, config.embodiments, config.episodes,
                                config.seed);
  require_folder("policy", options.policy);
  bench->engine = infer::open_engine(options.policy, nullptr, {}, options.engine);
  return bench;
}

void add_facts(const EvalOptions& options, const Checkpoint& policy, nlohmann::json& json) {
  json["policy"] = options.policy;
  json["policy_hash"] = policy.policy_hash;
  json["weights_hash"] = policy.weights_hash;
  json["suite"] = options.task.empty() ? options.suite : options.task;
  json["seed"] = options.config.seed;
}

void run(EvalOptions& options) {
  const std::unique_ptr<Bench> bench = set_up(options);
  const flywheel::Evaluation evaluation = flywheel::evaluate(
      bench->arena, *bench->engine, bench->attempts, options.config.loop, options.config.workers);
  nlohmann::json json = evaluation;
  add_facts(options, bench->engine->checkpoint(), json);
  std::string text = flywheel::evaluation_table(evaluation);
  if (!options.against.empty() && !evaluation.interrupted) {
    const flywheel::Difference difference = difference_to(options.against, evaluation);
    json["against"] = {{"file", options.against}, {"paired", difference}};
    text += fmt::format(
        "\n  minus {}: {:+.1f} points [{:+.1f}, {:+.1f}], {} of {} pairs gained, {} lost\n",
        options.against, 100 * difference.difference, 100 * difference.low, 100 * difference.high,
        difference.gained, difference.pairs, difference.lost);
  }
  print_result(text, json, options.json);
  if (evaluation.interrupted) {
    throw Interrupted("eval",
                      fmt::format("was interrupted after {} of {} episodes",
                                  evaluation.episodes.size(), bench->attempts.size()),
                      "start it again");
  }
}

// Success under delay, by every method of joining chunks that was asked for.
void run_delays(EvalOptions& options) {
  const std::unique_ptr<Bench> bench = set_up(options);
  const Checkpoint& policy = bench->engine->checkpoint();
  const auto cases = flywheel::delay_cases(options.delays, policy);
  const flywheel::DelayStudy study =
      flywheel::study_delays(bench->arena, *bench->engine, bench->attempts, options.config.loop,
                             cases, options.config.workers);
  nlohmann::json json = study;
  add_facts(options, policy, json);
  json["episodes"] = options.config.episodes;
  if (!options.plot.empty()) io::write_atomically(options.plot, flywheel::delay_plot(study));
  print_result(flywheel::delay_table(study), json, options.json);
  if (study.interrupted) {
    throw Interrupted(
        "eval", fmt::format("was interrupted after {} of {} rows", study.rows.size(), cases.size()),
        "start it again");
  }
}

// Thresholds of the policy's alarms, and how often they are wrong.
void run_alarms(EvalOptions& options) {
  const std::unique_ptr<Bench> bench = set_up(options);
  const flywheel::AlarmStudy study =
      flywheel::study_alarms(bench->arena, *bench->engine, bench->attempts, options.config.loop,
                             options.config.workers, options.alarms);
  nlohmann::json json = study;
  add_facts(options, bench->engine->checkpoint(), json);
  print_result(flywheel::alarm_table(study), json, options.json);
  if (study.interrupted) {
    throw Interrupted("eval",
                      fmt::format("was interrupted after {} of {} episodes", study.attempts.size(),
                                  bench->attempts.size()),
                      "start it again");
  }
}

// A link that is cut in mid-task: with and without a local policy.
void run_link(EvalOptions& options) {
  const std::unique_ptr<Bench> bench = set_up(options);
  const flywheel::LinkStudy study = flywheel::study_link(
      bench->arena, *bench->engine, bench->attempts, options.config.loop, options.config.workers);
  nlohmann::json json = study;
  add_facts(options, bench->engine->checkpoint(), json);
  json["episodes"] = options.config.episodes;
  print_result(flywheel::link_table(study), json, options.json);
  if (study.interrupted) {
    throw Interrupted("eval", fmt::format("was interrupted after {} of 4 rows", study.rows.size()),
                      "start it again");
  }
}

// Sets the methods where none is named.
bool asks_for_delays(EvalOptions& options) {
  flywheel::DelayFlags& flags = options.delays;
  if (flags.delays.empty() && flags.random.empty()) {
    if (flags.methods.empty() && flags.loss == 0) return false;
    throw Error(flags.methods.empty() ? "--loss" : "--methods", "needs --delays or --jitter",
                "give e.g. --delays 0,1,2,3,4,6");
  }
  if (flags.methods.empty()) flags.methods = {options.config.loop.method};
  return true;
}

std::string method_names() {
  std::string names;
  for (const run::JoinMethod& method : run::join_methods()) {
    names += (names.empty() ? "" : ", ") + std::string(method.name);
  }
  return names;
}

}  // namespace

void add_eval(CLI::App& app) {
  const auto options = std::make_shared<EvalOptions>();
  CLI::App* verb = app.add_subcommand("eval", "measure a policy's success in simulation");
  verb->add_option("--policy", options->policy, "checkpoint folder")->type_name("DIR");
  verb->add_option("--suite", options->suite, "trained, heldout, frontier, long or disturbed")
      ->type_name("NAME");
  verb->add_option("--task", options->task, "one task instead of a suite (`gyre sim --list`)")
      ->type_name("NAME");
  verb->add_option("--data", options->data,
                   "a dataset instead of the simulation: error of the policy's actions 0.1, 0.5 "
                   "and 1 s ahead")
      ->type_name("DIR");
  verb->add_option("--only", options->only, "with --data: the episodes to compare on")
      ->delimiter(',')
      ->type_name("INDEX,...");
  add_dataset_flags(*verb, options->dataset);
  verb->add_option("--draws", options->draws,
                   "with --data: sampled chunks whose mean is the prediction")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  verb->add_option("--plot", options->plot,
                   "with --data: draw recorded and predicted joints of the first episode; with "
                   "--delays: success over delay (SVG)")
      ->check(in_a_folder())
      ->type_name("FILE");
  verb->add_option("--against", options->against,
                   "an earlier --json of the same attempts: also print the paired difference to it")
      ->type_name("FILE");
  verb->add_option("--delays", options->delays.delays,
                   "measure success under these delays (action periods), by each of --methods")
      ->delimiter(',')
      ->type_name("N,...");
  verb->add_option("--jitter", options->delays.random,
                   "one more row a method: random delays between these two (action periods)")
      ->delimiter(',')
      ->expected(2)
      ->type_name("LEAST,MOST");
  verb->add_option("--loss", options->delays.loss,
                   "with --jitter: share of answers that never come (0.02 is 2 %)")
      ->check(CLI::Range(0.0, 0.99))
      ->type_name("SHARE");
  verb->add_option("--methods", options->delays.methods,
                   "with --delays or --jitter: methods of joining chunks (" + method_names() +
                       "), or all that the policy is fit for")
      ->delimiter(',')
      ->type_name("NAME,...");
  verb->add_option("--alarms", options->alarms,
                   "set thresholds for the alarms of `gyre drive`, so that this share of "
                   "successful attempts gives a false one")
      ->check(CLI::Range(0.001, 0.5))
      ->type_name("SHARE");
  verb->add_flag("--link", options->link,
                 "the same attempts with a link that --loop.cut-at-s and --loop.cut-s cut: held, "
                 "stopped, or bridged by a local policy");
  verb->add_option("--robot", options->robot,
                   "a robot's folder instead of --embodiments; with --data, short for "
                   "--policy-robot")
      ->type_name("DIR|NAME");
  add_folder_flags(*verb, options->given);
  add_engine_flags(*verb, options->engine);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->config);
  verb->callback([options, resolve] {
    resolve();
    take_robot(*options);
    if (!options->data.empty()) {
      run_open_loop(*options);
    } else if (options->alarms > 0) {
      run_alarms(*options);
    } else if (options->link) {
      run_link(*options);
    } else if (asks_for_delays(*options)) {
      run_delays(*options);
    } else {
      run(*options);
    }
  });
}

}  // namespace gyre::apps
