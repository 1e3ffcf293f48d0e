// gyre record: demonstrations of the scripted experts, as a journal and from it a dataset.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "console_flags.h"
#include "gyre/console/attempt_view.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/run/journal_sink.h"
#include "gyre/sim/arena.h"
#include "options.h"
#include "record_person.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct RecordOptions {
  std::string suite = "trained";
  std::string task;
  std::string embodiment = "so101/ee";
  int episodes = 100;
  uint64_t seed = 1;
  RecordPlace place;
  bool lossless = false;
  std::string json;
  int camera_size = 64;
  int workers = 0;
  bool failures = false;
  bool calm = false;
  ConsoleFlags console;
  PersonOptions person;  // who shows the robot instead of the experts
};

std::vector<run::Attempt> attempts_of(const RecordOptions& options, const run::Arena& arena) {
  const std::vector<std::string> robots = {full_embodiment_name(options.embodiment)};
  std::vector<run::Attempt> attempts =
      options.task.empty()
          ? arena.deal(options.suite, robots, options.episodes, options.seed)
          : flywheel::deal_task(arena, options.task, robots, options.episodes, options.seed);
  return flywheel::counted_from(options.seed, std::move(attempts));
}

// Makes the attempts: each goes to the journal, and from there to the dataset when it is complete.
// Returns how many ended.
int64_t record(const RecordOptions& options, const run::Arena& arena, data::JournalFolder& journal,
               data::JournalConverter& converter, console::AttemptView& view) {
  const std::vector<run::Attempt> attempts = attempts_of(options, arena);
  run::AttemptOptions how = flywheel::demonstration(options.camera_size, !options.calm);
  how.watch = [&](run::Bench& bench, int64_t) {
    run::Watchers watchers;
    watchers.sinks.push_back(std::make_unique<run::JournalSink>(
        journal, bench.clock(), data::JournalOptions::Naming::kByEpisode, options.lossless));
    if (auto page = view.watch()) watchers.sinks.push_back(std::move(page));
    return watchers;
  };
  int64_t ended = 0;
  const bool complete = run::make_attempts(arena, nullptr, attempts, how, options.workers,
                                           "recording", [&](int64_t index, run::AttemptResult&&) {
                                             converter.add(journal.attempt_files(index));
                                             ++ended;
                                             return true;
                                           });
  // After a stop: attempts that ended while an earlier one had not.
  for (int64_t index = ended; !complete && index < journal.next_number(); ++index) {
    const std::vector<fs::path> files = journal.attempt_files(index);
    if (!files.empty()) converter.add(files);
  }
  return ended;
}

void record_experts(const RecordOptions& options) {
  const RecordPlace& place = options.place;
  const sim::KitchenArena arena;
  const Embodiment contract =
      arena.contract(full_embodiment_name(options.embodiment), options.camera_size);

  std::optional<data::JournalFolder> journal;
  place.refuse_left_journal();
  journal.emplace(place.folder(), data::JournalFolder::Mode::kCreate);
  console::AttemptView view;
  std::unique_ptr<Console> console;
  if (options.console.given()) {
    console = open_console(options.console);
    view.show_on(console->add_robot("recording", "the scripted expert", contract, view));
    console->begin();
  }
  int64_t attempts = 0;
  data::Converted converted;
  try {
    data::JournalConverter converter(place.out, contract, {.keep_failures = options.failures});
    attempts = record(options, arena, *journal, converter, view);
    converted = converter.finish();
  } catch (const Error& error) {
    if (place.holds_episodes()) {
      throw Error("", error.what(), "what was recorded is safe; to " + place.rescue());
    }
    if (!place.keeps()) journal->remove();
    throw;
  }
  if (!place.keeps()) journal->remove();
  tell_recorded(place, contract, converted, attempts, options.json);
}

}  // namespace

void add_record(CLI::App& app) {
  const auto options = std::make_shared<RecordOptions>();
  CLI::App* verb = app.add_subcommand(
      "record", "record the scripted experts, or a person with --operator, as a dataset");
  verb->add_option("--out", options->place.out, "dataset folder; one that exists is added to")
      ->required()
      ->type_name("DIR");
  verb->add_option("--journal", options->place.journal,
                   "keep the journal in this new folder; without: in OUT.journal until the dataset "
                   "is complete")
      ->type_name("DIR");
  add_lossless_flag(*verb, options->lossless);
  verb->add_option("--suite", options->suite, "trained, heldout, frontier, long or disturbed")
      ->type_name("NAME");
  verb->add_option("--task", options->task, "one task instead of a suite (`gyre sim --list`)")
      ->type_name("NAME");
  add_embodiment_options(*verb, options->embodiment);
  verb->add_option("--episodes", options->episodes, "attempts")
      ->check(at_least(1))
      ->type_name("INT");
  verb->add_option("--seed", options->seed, "of the first episode; each next one has the next seed")
      ->check(at_least(0))
      ->type_name("INT");
  verb->add_option("--camera-size", options->camera_size, "the pictures' side (pixels)")
      ->check(CLI::Range(16, 640))
      ->type_name("INT");
  verb->add_option("--workers", options->workers, "attempts made at once (0: one a core)")
      ->check(at_least(0))
      ->type_name("INT");
  verb->add_flag("--failures", options->failures, "keep failed attempts too");
  verb->add_flag("--calm", options->calm, "no injected disturbances");
  add_console_flag(*verb, options->console);
  add_json_option(*verb, options->json);
  const auto resolve = add_person_flags(*verb, options->person);
  verb->callback([options, verb, resolve] {
    if (options->person.drive.hands.device.empty()) return record_experts(*options);
    resolve();
    PersonOptions& person = options->person;
    person.place = options->place;
    person.failures = options->failures;
    person.episodes = verb->count("--episodes") > 0 ? options->episodes : 0;
    person.drive.robot = options->embodiment;
    person.drive.json = options->json;
    person.drive.lossless = options->lossless;
    person.drive.camera_size = options->camera_size;
    person.drive.console = options->console;
    person.drive.scene.task = options->task;
    person.drive.scene.suite = options->suite;
    person.drive.scene.seed = options->seed;
    record_person(person);
  });
}

}  // namespace gyre::apps
