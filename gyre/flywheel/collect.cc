#include "gyre/flywheel/collect.h"

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/journal_rows.h"
#include "gyre/flywheel/episodes.h"
#include "gyre/run/journal_sink.h"

namespace gyre::flywheel {

namespace {

namespace fs = std::filesystem;

std::set<uint64_t> recorded_seeds(const fs::path& journal) {
  std::set<uint64_t> seeds;
  if (data::journal_files(journal).empty()) return seeds;
  try {
    for (const RecordedAttempt& attempt : recorded_attempts(journal)) seeds.insert(attempt.seed);
  } catch (const Error&) {
    return {};  // no whole record in any file: every attempt is made again
  }
  return seeds;
}

}  // namespace

std::function<run::Watchers(run::Bench& bench, int64_t index)> journal_of(
    const run::Arena& arena, data::JournalFolder& folder) {
  using Naming = data::JournalOptions::Naming;
  const Naming naming = arena.real() ? Naming::kInOrder : Naming::kByEpisode;
  return [&folder, naming](run::Bench& bench, int64_t) {
    run::Watchers watchers;
    watchers.sinks.push_back(std::make_unique<run::JournalSink>(folder, bench.clock(), naming));
    return watchers;
  };
}

bool collect(const run::Arena& arena, const infer::Engine& engine,
             std::vector<run::Attempt> attempts, const run::LoopConfig& loop,
             const run::HelpConfig& help, int workers, const fs::path& journal) {
  return collect(arena, engine, std::move(attempts), helped_attempt(loop, help), workers, journal);
}

bool collect(const run::Arena& arena, const infer::Engine& engine,
             std::vector<run::Attempt> attempts, run::AttemptOptions options, int workers,
             const fs::path& journal) {
  data::JournalFolder folder(journal, data::JournalFolder::Mode::kContinue);
  const std::set<uint64_t> recorded = recorded_seeds(journal);
  for (size_t i = 0; i < attempts.size(); ++i) attempts[i].number = static_cast<int64_t>(i);
  std::erase_if(attempts,
                [&](const run::Attempt& attempt) { return recorded.contains(attempt.seed); });
  options.first_number = folder.next_number();
  options.watch = journal_of(arena, folder);
  return run::make_attempts(arena, &engine, attempts, options, workers, "collecting",
                            [](int64_t, run::AttemptResult&&) { return true; });
}

std::vector<RecordedAttempt> recorded_attempts(const fs::path& journal) {
  std::vector<RecordedAttempt> attempts;
  const auto add = [&](const std::optional<data::BuiltEpisode>& built) {
    if (!built || !built->ended) return;
    attempts.push_back({.contract = built->header->contract,
                        .task = built->episode.task_name,
                        .seed = built->episode.seed,
                        .whole = built->whole()});
  };
  data::JournalReader reader(journal, {.pixels = data::Pixels::kNone});
  data::RowBuilder builder(data::Pixels::kNone);
  for (Record record; reader.next(record);) add(builder.take(record));
  add(builder.finish());
  return attempts;
}

std::string journal_hash(const fs::path& journal) {
  const std::vector<fs::path> files =
      fs::is_regular_file(journal) ? std::vector<fs::path>{journal} : data::journal_files(journal);
  if (files.empty()) {
    throw Error(journal.string(), "holds no journal", "name a folder that `gyre record` wrote");
  }
  Sha256 hash;
  for (const fs::path& file : files) {
    hash.update(file.filename().string());
    hash.update(sha256_file(file));
  }
  return hash.hex(16);
}

}  // namespace gyre::flywheel
