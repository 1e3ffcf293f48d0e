// gyre record: demonstrations of the scripted experts, as a journal and then a dataset.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/demonstrate.h"
#include "gyre/sim/suite.h"
#include "options.h"
#include "recording.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct RecordOptions {
  std::string suite = "trained";
  std::string task;
  std::string embodiment = "so101/ee";
  int episodes = 100;
  uint64_t seed = 1;
  std::string out;
  std::string json;
  int camera_size = 64;
  int workers = 0;
  bool failures = false;
  bool calm = false;
};

// What was made and kept. Every episode is on disk before the next is taken.
struct Made {
  int64_t attempts = 0, kept = 0;
};

Made record(const RecordOptions& options, const Embodiment& embodiment,
            const std::vector<sim::TaskPtr>& tasks, const std::filesystem::path& journal) {
  data::JournalWriter writer(journal, embodiment);
  Progress progress("recording", options.episodes, "episodes");
  Made made;
  sim::demonstrate_all(tasks, {embodiment.name}, options.episodes, options.seed, options.workers,
                       {.disturb = !options.calm, .image_size = options.camera_size},
                       [&](Episode&& episode) {
                         ++made.attempts;
                         if (options.failures || episode.success.value_or(false)) {
                           writer.begin_episode(episode);
                           for (const Step& step : episode.steps) writer.step(step);
                           writer.end_episode(episode.success);
                           ++made.kept;
                         }
                         progress.update(made.attempts, fmt::format("{} kept", made.kept));
                         return !stop_requested();
                       });
  return made;
}

void run(const RecordOptions& options) {
  const std::vector<sim::TaskPtr> tasks =
      options.task.empty() ? sim::suite(options.suite)
                           : std::vector<sim::TaskPtr>{sim::find_task(options.task)};
  const Embodiment embodiment =
      sim::find_embodiment(full_embodiment_name(options.embodiment), options.camera_size);
  if (options.episodes < 1) throw Error("--episodes", "is below 1", "give a positive number");
  const std::filesystem::path journal = options.out + ".journal";
  const std::string rescue =
      fmt::format("make a dataset of it: gyre data convert {} {}", journal.string(), options.out);
  if (std::filesystem::exists(journal)) {
    throw Error(journal.string(), "is left from a recording that broke off",
                rescue + ", then remove it");
  }

  const Made made = record(options, embodiment, tasks, journal);
  Converted converted;
  try {
    converted = convert_journal(journal, options.out);
  } catch (const Error& error) {
    throw Error("", error.what(), "what was recorded is safe; to " + rescue);
  }
  std::filesystem::remove(journal);
  print_result(
      fmt::format("{} of {} episodes kept, {} frames of {}: {} (hash {})\n", converted.episodes,
                  made.attempts, converted.frames, embodiment.name, options.out, converted.hash),
      {{"folder", options.out},
       {"embodiment", embodiment.name},
       {"contract_hash", embodiment.contract_hash()},
       {"attempts", made.attempts},
       {"episodes", converted.episodes},
       {"frames", converted.frames},
       {"hash", converted.hash}},
      options.json);
}

}  // namespace

void add_record(CLI::App& app) {
  const auto options = std::make_shared<RecordOptions>();
  CLI::App* verb = app.add_subcommand("record", "record the scripted experts as a dataset");
  verb->add_option("--out", options->out, "dataset folder; one that exists is added to")
      ->required()
      ->type_name("DIR");
  verb->add_option("--suite", options->suite, "trained, heldout, frontier or long")
      ->type_name("NAME");
  verb->add_option("--task", options->task, "one task instead of a suite (`gyre sim --list`)")
      ->type_name("NAME");
  verb->add_option("--embodiment", options->embodiment, "a dataset has one")->type_name("NAME");
  verb->add_option("--episodes", options->episodes, "attempts")->type_name("INT");
  verb->add_option("--seed", options->seed, "of the first episode; the next has the next")
      ->type_name("INT");
  verb->add_option("--camera-size", options->camera_size, "the pictures' side (pixels)")
      ->type_name("INT");
  verb->add_option("--workers", options->workers, "attempts made at once (0: one a core)")
      ->type_name("INT");
  verb->add_flag("--failures", options->failures, "keep failed attempts too");
  verb->add_flag("--calm", options->calm, "no injected disturbances");
  add_json_option(*verb, options->json);
  verb->callback([options] { run(*options); });
}

}  // namespace gyre::apps
