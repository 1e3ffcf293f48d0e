// gyre sim: one attempt in the simulated kitchen, by a policy or by the scripted expert.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "drive.h"
#include "engine_flags.h"
#include "fleet.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal.h"
#include "gyre/flywheel/video_recorder.h"
#include "gyre/run/attempt.h"
#include "gyre/run/journal_sink.h"
#include "gyre/sim/arena.h"
#include "gyre/sim/suite.h"
#include "options.h"
#include "scene_choice.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

constexpr int kFleetPictures = 64;  // pixels of a side, as the shipped policy wants them

struct SimOptions {
  std::string embodiment = "so101/ee";
  std::string policy = "assets/policies/nano";
  std::string prompt;
  std::string task;
  std::string video;
  std::string journal;
  bool lossless = false;
  std::string json;
  int camera_size = 256;
  uint64_t seed = 1;
  bool expert = false;
  bool list = false;
  int fleet = 0;
  double seconds = 60;
  std::string suite = "trained";
  RemoteFlags remote;
  run::LoopConfig loop;
  infer::EngineOptions engine;
  ConsoleFlags console;
};

void list_tasks() {
  for (const std::string& suite : sim::suite_names()) {
    std::cout << suite << '\n';
    for (const sim::TaskPtr& task : sim::suite(suite)) {
      std::cout << fmt::format("  {:<28} {}\n", task->name(), task->instructions().front());
    }
  }
  std::cout << "embodiments\n";
  for (const std::string& name : embodiment_names()) std::cout << "  " << name << '\n';
}

// The task whose scene is set up, and who judges the attempt. Throws Error without --task and
// --prompt.
SceneChoice chosen_scene(const SimOptions& options) {
  if (!options.task.empty()) {
    return {.task = sim::find_task(options.task), .exact = options.prompt.empty()};
  }
  if (!options.prompt.empty()) return choose_scene(options.prompt);
  throw Error("sim", "there is nothing to do", "give --task NAME or --prompt WORDS");
}

// Makes the attempt; films and records it where the options say so.
run::AttemptResult make(const SimOptions& options, const sim::Task& task) {
  std::unique_ptr<infer::Engine> engine;
  run::AttemptOptions how{.loop = options.loop,
                          .bench = {.labels = !options.journal.empty()},
                          .driver = run::Driver::kExpert};
  if (!options.expert) {
    require_folder("policy", options.policy);
    engine = infer::open_engine(options.policy, nullptr, {}, options.engine);
    how.driver = run::Driver::kPolicy;
  }
  const sim::KitchenArena arena;
  run::Attempt attempt =
      arena.attempt(task.name(), full_embodiment_name(options.embodiment), options.seed);
  attempt.instruction = options.prompt;

  std::optional<data::JournalFolder> journal;
  if (!options.journal.empty()) {
    journal.emplace(options.journal, data::JournalFolder::Mode::kContinue);
  }
  std::optional<flywheel::VideoRecorder> video;
  if (!options.video.empty()) video.emplace(options.video, options.camera_size);
  how.watch = [&](run::Bench& bench, int64_t) {
    run::Watchers watchers;
    if (journal) {
      watchers.sinks.push_back(std::make_unique<run::JournalSink>(
          *journal, bench.clock(), data::JournalOptions::Naming::kInOrder, options.lossless));
    }
    if (video) watchers.monitors.push_back(video->watch(bench));
    return watchers;
  };
  run::AttemptResult result = run::make_attempt(arena, engine.get(), attempt, how);
  if (video) video->finish();
  return result;
}

std::string describe(const SimOptions& options, const SceneChoice& scene,
                     const run::AttemptResult& result, double seconds) {
  const Episode& episode = result.episode;
  std::string text = fmt::format("{} on {}: \"{}\"\n", options.expert ? "expert" : options.policy,
                                 episode.embodiment, episode.instruction);
  text += fmt::format("  {} after {} steps ({:.1f} s), {} of {} subtasks done, hash {}\n",
                      episode.success.value_or(false) ? "success" : "no success", episode.steps,
                      seconds, result.subtasks_done, result.subtasks, result.hash);
  if (!scene.exact) {
    text += fmt::format("  scene and verdict are those of \"{}\"\n",
                        scene.task->instructions().front());
  }
  if (!options.video.empty()) text += "  video: " + options.video + '\n';
  if (!options.journal.empty()) text += "  journal: " + options.journal + '\n';
  return text;
}

void drive_fleet(const SimOptions& options) {
  if (options.remote.url.empty()) {
    throw Error("--fleet", "needs a policy server",
                "start one with `gyre serve DIR` and give its address with --remote");
  }
  run_fleet({.robots = options.fleet,
             .seconds = options.seconds,
             .embodiment = full_embodiment_name(options.embodiment),
             .suite = options.suite,
             .seed = options.seed,
             .image_size = kFleetPictures,
             .remote = options.remote,
             .loop = options.loop},
            options.json);
}

// The kitchen by the wall clock, with a page to help on.
void drive_with_console(const SimOptions& options) {
  run_drive({.robot = "sim:" + options.embodiment,
             .policy = options.policy,
             .journal = options.journal,
             .json = options.json,
             .scene = {.task = options.task,
                       .suite = options.suite,
                       .words = options.prompt,
                       .seed = options.seed},
             .remote = options.remote,
             .config = {.loop = options.loop},
             .engine = options.engine,
             .console = options.console});
}

void run(const SimOptions& options) {
  if (options.list) {
    list_tasks();
    return;
  }
  if (options.console.given()) return drive_with_console(options);
  options.loop.validate();
  if (options.fleet > 0) {
    drive_fleet(options);
    return;
  }
  const SceneChoice scene = chosen_scene(options);
  const run::AttemptResult result = make(options, *scene.task);
  const Episode& episode = result.episode;
  if (stop_requested() && !episode.success.value_or(false)) {
    throw Interrupted(
        "sim", fmt::format("was interrupted after {} steps", episode.steps),
        options.journal.empty() ? "start it again" : "they are in the journal " + options.journal);
  }
  const double seconds = static_cast<double>(episode.steps) *
                         find_embodiment(full_embodiment_name(options.embodiment)).tick_s();
  nlohmann::json json = {{"embodiment", episode.embodiment},
                         {"task", episode.task_name},
                         {"instruction", episode.instruction},
                         {"judged_by_prompt", scene.exact},
                         {"seed", episode.seed},
                         {"success", episode.success.value_or(false)},
                         {"steps", episode.steps},
                         {"subtasks_done", result.subtasks_done},
                         {"subtasks", result.subtasks},
                         {"dropped_chunks", result.dropped_chunks},
                         {"hash", result.hash}};
  if (!options.journal.empty()) json["journal"] = options.journal;
  print_result(describe(options, scene, result, seconds), json, options.json);
}

}  // namespace

void add_sim(CLI::App& app) {
  const auto options = std::make_shared<SimOptions>();
  CLI::App* verb = app.add_subcommand("sim", "one attempt in the simulated kitchen");
  add_embodiment_options(*verb, options->embodiment);
  verb->add_option("--policy", options->policy, "checkpoint folder")->type_name("DIR");
  verb->add_flag("--expert", options->expert, "the scripted expert instead of a policy");
  verb->add_option("--prompt", options->prompt, "what to do, in your own words")
      ->type_name("WORDS");
  verb->add_option("--task", options->task, "a task by name (--list)")->type_name("NAME");
  verb->add_flag("--list", options->list, "list tasks and embodiments");
  verb->add_option("--seed", options->seed, "draws the scene and the policy's noise")
      ->check(at_least(0))
      ->type_name("INT");
  verb->add_option("--journal", options->journal,
                   "record the attempt in this journal folder; one that exists is added to")
      ->type_name("DIR");
  add_lossless_flag(*verb, options->lossless);
  verb->add_option("--video", options->video, "write what the cameras see as MP4")
      ->check(in_a_folder())
      ->type_name("FILE");
  verb->add_option("--camera-size", options->camera_size, "the video's pictures (pixels)")
      ->check(CLI::Range(16, 640))
      ->type_name("INT");
  verb->add_option("--fleet", options->fleet,
                   "drive so many robots by the wall clock from the server of --remote")
      ->check(CLI::Range(0, 1000))
      ->type_name("N");
  verb->add_option("--seconds", options->seconds, "how long a fleet drives")
      ->check(at_least(1))
      ->type_name("S");
  verb->add_option("--suite", options->suite, "the tasks of a fleet")->type_name("NAME");
  add_remote_flags(*verb, options->remote);
  add_console_flag(*verb, options->console);
  add_engine_flags(*verb, options->engine);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->loop);
  verb->callback([options, resolve] {
    resolve();
    run(*options);
  });
}

}  // namespace gyre::apps
