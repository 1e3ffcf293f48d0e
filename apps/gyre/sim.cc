// gyre sim: one attempt in the simulated kitchen, by a policy or by the scripted expert.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine_flags.h"
#include "gyre/core/error.h"
#include "gyre/flywheel/rollout.h"
#include "gyre/flywheel/video_recorder.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/suite.h"
#include "options.h"
#include "scene_choice.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct SimOptions {
  std::string embodiment = "so101/ee";
  std::string policy = "assets/policies/nano";
  std::string prompt;
  std::string task;
  std::string video;
  std::string json;
  int camera_size = 256;
  uint64_t seed = 1;
  bool expert = false;
  bool list = false;
  run::LoopConfig loop;
  infer::EngineOptions engine;
};

void list_tasks() {
  for (const std::string& suite : sim::suite_names()) {
    std::cout << suite << '\n';
    for (const sim::TaskPtr& task : sim::suite(suite)) {
      std::cout << fmt::format("  {:<28} {}\n", task->name(), task->instructions().front());
    }
  }
  std::cout << "embodiments\n";
  for (const std::string& name : sim::embodiment_names()) std::cout << "  " << name << '\n';
}

void run(const SimOptions& options) {
  if (options.list) {
    list_tasks();
    return;
  }
  if (options.camera_size < 16 || options.camera_size > 640) {
    throw Error("--camera-size", fmt::format("{} pixels", options.camera_size), "give 16 to 640");
  }
  SceneChoice scene{.task = nullptr, .exact = true};
  if (!options.task.empty()) {
    scene.task = sim::find_task(options.task);
    scene.exact = options.prompt.empty();
  } else if (!options.prompt.empty()) {
    scene = choose_scene(options.prompt);
  } else {
    throw Error("sim", "there is nothing to do", "give --task NAME or --prompt WORDS");
  }

  std::unique_ptr<infer::Engine> engine;
  flywheel::RolloutOptions rollout{.loop = options.loop};
  if (options.expert) {
    rollout.helper = flywheel::expert_alone();
  } else {
    require_folder("policy", options.policy);
    engine = infer::open_engine(options.policy, nullptr, {}, options.engine);
  }
  if (!options.video.empty()) {
    rollout.observe = flywheel::record_video(options.video, options.camera_size);
  }
  const flywheel::Attempt attempt{.embodiment = full_embodiment_name(options.embodiment),
                                  .task = scene.task,
                                  .seed = options.seed,
                                  .instruction = options.prompt};
  const flywheel::RolloutResult result = flywheel::rollout(engine.get(), attempt, rollout);

  const data::EpisodeRows& episode = result.episode;
  const bool success = episode.success.value_or(false);
  std::string text = fmt::format("{} on {}: \"{}\"\n", options.expert ? "expert" : options.policy,
                                 episode.embodiment, episode.instruction);
  text += fmt::format(
      "  {} after {} steps ({:.1f} s), {} of {} subtasks done, hash {}\n",
      success ? "success" : "no success", episode.rows.size(),
      static_cast<double>(episode.rows.size()) * sim::find_embodiment(episode.embodiment).action_period_s,
      result.subtasks_done, result.subtasks, result.hash);
  if (!scene.exact) {
    text += fmt::format("  the scene and the verdict are those of \"{}\"\n",
                        scene.task->instructions().front());
  }
  if (!options.video.empty()) text += "  video: " + options.video + '\n';
  const nlohmann::json json = {{"embodiment", episode.embodiment},
                               {"task", episode.task_name},
                               {"instruction", episode.instruction},
                               {"judged_by_prompt", scene.exact},
                               {"seed", episode.seed},
                               {"success", success},
                               {"steps", episode.rows.size()},
                               {"subtasks_done", result.subtasks_done},
                               {"subtasks", result.subtasks},
                               {"dropped_chunks", result.dropped_chunks},
                               {"hash", result.hash}};
  print_result(text, json, options.json);
}

}  // namespace

void add_sim(CLI::App& app) {
  const auto options = std::make_shared<SimOptions>();
  CLI::App* verb = app.add_subcommand("sim", "one attempt in the simulated kitchen");
  verb->add_option("--embodiment", options->embodiment,
                   "so101/ee, so101/joint, panda/ee or panda/joint; so101 is short for so101/ee")
      ->type_name("NAME");
  verb->add_option("--policy", options->policy, "checkpoint folder")->type_name("DIR");
  verb->add_flag("--expert", options->expert, "the scripted expert instead of a policy");
  verb->add_option("--prompt", options->prompt, "what to do, in your own words")
      ->type_name("WORDS");
  verb->add_option("--task", options->task, "a task by name (--list)")->type_name("NAME");
  verb->add_flag("--list", options->list, "list tasks and embodiments");
  verb->add_option("--seed", options->seed, "draws the scene")->type_name("INT");
  verb->add_option("--video", options->video, "write what the cameras see as MP4")
      ->type_name("FILE");
  verb->add_option("--camera-size", options->camera_size, "the video's pictures (pixels)")
      ->type_name("INT");
  add_engine_flags(*verb, options->engine);
  add_json_option(*verb, options->json);
  const auto resolve = add_config(*verb, options->loop);
  verb->callback([options, resolve] {
    resolve();
    run(*options);
  });
}

}  // namespace gyre::apps
