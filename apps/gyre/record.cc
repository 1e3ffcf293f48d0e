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
#include "gyre/data/journal_info.h"
#include "gyre/flywheel/attempts.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/run/journal_sink.h"
#include "gyre/sim/arena.h"
#include "options.h"
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
  std::string out;
  std::string journal;
  bool lossless = false;
  std::string json;
  int camera_size = 64;
  int workers = 0;
  bool failures = false;
  bool calm = false;
  ConsoleFlags console;
};

// The journal's folder; it is kept only where the user named it.
fs::path journal_folder(const RecordOptions& options) {
  return options.journal.empty() ? options.out + ".journal" : options.journal;
}

std::string rescue(const RecordOptions& options) {
  return fmt::format("make a dataset of it: gyre data convert {} {}",
                     journal_folder(options).string(), options.out);
}

std::vector<run::Attempt> attempts_of(const RecordOptions& options, const run::Arena& arena) {
  const std::vector<std::string> robots = {full_embodiment_name(options.embodiment)};
  std::vector<run::Attempt> attempts =
      options.task.empty()
          ? arena.deal(options.suite, robots, options.episodes, options.seed)
          : flywheel::deal_task(arena, options.task, robots, options.episodes, options.seed);
  return flywheel::counted_from(options.seed, std::move(attempts));
}

// Whether the journal holds an attempt to its end.
bool holds_episodes(const fs::path& journal) try {
  const data::JournalInfo info = data::journal_info(journal);
  return info.episodes > info.unended;
} catch (const Error&) {
  return false;  // no whole record in any file
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

void run(const RecordOptions& options) {
  const fs::path folder = journal_folder(options);
  const bool keep = !options.journal.empty();
  const sim::KitchenArena arena;
  const Embodiment contract =
      arena.contract(full_embodiment_name(options.embodiment), options.camera_size);

  std::optional<data::JournalFolder> journal;
  if (!keep && fs::is_directory(folder) && !data::journal_files(folder).empty()) {
    // Takes the lock first: the recording may go on still.
    data::JournalFolder(folder, data::JournalFolder::Mode::kContinue);
    throw Error(folder.string(), "is left from a recording that broke off",
                rescue(options) + ", then remove it");
  }
  journal.emplace(folder, data::JournalFolder::Mode::kCreate);
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
    data::JournalConverter converter(options.out, contract, {.keep_failures = options.failures});
    attempts = record(options, arena, *journal, converter, view);
    converted = converter.finish();
  } catch (const Error& error) {
    if (holds_episodes(folder)) {
      throw Error("", error.what(), "what was recorded is safe; to " + rescue(options));
    }
    if (!keep) journal->remove();
    throw;
  }
  if (!keep) journal->remove();
  if (converted.episodes == 0) {
    const std::string what = fmt::format("{} attempts, and none to keep", attempts);
    if (stop_requested()) throw Interrupted("record", "was interrupted: " + what, "start it again");
    throw Error("record", what, "--failures keeps failed ones");
  }
  nlohmann::json json = {{"folder", options.out},
                         {"embodiment", contract.name},
                         {"contract_hash", contract.contract_hash()},
                         {"attempts", converted.episodes + converted.failures},
                         {"episodes", converted.episodes},
                         {"frames", converted.rows},
                         {"hash", converted.hash}};
  if (keep) json["journal"] = options.journal;
  print_result(fmt::format("{} of {} episodes kept, {} frames of {}: {} (hash {})\n",
                           converted.episodes, converted.episodes + converted.failures,
                           converted.rows, contract.name, options.out, converted.hash),
               json, options.json);
}

}  // namespace

void add_record(CLI::App& app) {
  const auto options = std::make_shared<RecordOptions>();
  CLI::App* verb = app.add_subcommand("record", "record the scripted experts as a dataset");
  verb->add_option("--out", options->out, "dataset folder; one that exists is added to")
      ->required()
      ->type_name("DIR");
  verb->add_option("--journal", options->journal,
                   "keep the journal in this new folder; without: in OUT.journal until the dataset "
                   "is complete")
      ->type_name("DIR");
  add_lossless_flag(*verb, options->lossless);
  verb->add_option("--suite", options->suite, "trained, heldout, frontier or long")
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
  verb->callback([options] { run(*options); });
}

}  // namespace gyre::apps
