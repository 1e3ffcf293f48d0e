#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "gyre/run/attempt.h"

namespace gyre::flywheel {

// Makes helped attempts and records each in a journal folder; attempt i is file i, so that the
// folder does not depend on the number of workers. Attempts that the folder holds to their end are
// not made again. False when a stop was requested before the last one. Throws Error, also when
// another run records there.
bool collect(const run::Arena& arena, const infer::Engine& engine,
             std::vector<run::Attempt> attempts, const run::LoopConfig& loop,
             const run::HelpConfig& help, int workers, const std::filesystem::path& journal);

// Seeds of the attempts that a journal folder holds to their end. Throws Error when the folder
// cannot be read.
std::set<uint64_t> recorded_seeds(const std::filesystem::path& journal);

// SHA-256 over the names and contents of a journal's files, 16 hex digits. Throws Error when there
// is none.
std::string journal_hash(const std::filesystem::path& journal);

}  // namespace gyre::flywheel
