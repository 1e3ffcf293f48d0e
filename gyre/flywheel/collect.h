#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/journal.h"
#include "gyre/run/attempt.h"

namespace gyre::flywheel {

// AttemptOptions::watch of attempts that go into a journal folder, which must outlive them. Where
// they are simulated, attempt i is file i, so that the folder does not depend on the number of
// workers; on a real bench, where one may be made again, files are in order.
std::function<run::Watchers(run::Bench& bench, int64_t index)> journal_of(
    const run::Arena& arena, data::JournalFolder& folder);

// Makes attempts and records each in a journal folder, as journal_of() does. Attempts that
// the folder holds to their end are not made again. False when a stop was requested before the last
// one. Throws Error, also when another run records there.
bool collect(const run::Arena& arena, const infer::Engine& engine,
             std::vector<run::Attempt> attempts, run::AttemptOptions options, int workers,
             const std::filesystem::path& journal);
// The same of helped attempts.
bool collect(const run::Arena& arena, const infer::Engine& engine,
             std::vector<run::Attempt> attempts, const run::LoopConfig& loop,
             const run::HelpConfig& help, int workers, const std::filesystem::path& journal);

// An attempt that a journal holds to its end.
struct RecordedAttempt {
  Embodiment contract;
  std::string task;
  uint64_t seed = 0;
  bool whole = false;  // no control period of it is lost
};

// In the journal's order. Throws Error when it cannot be read or holds no whole record.
std::vector<RecordedAttempt> recorded_attempts(const std::filesystem::path& journal);

// SHA-256 over the names and contents of a journal's files, 16 hex digits. Throws Error when there
// is none.
std::string journal_hash(const std::filesystem::path& journal);

}  // namespace gyre::flywheel
