#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/flywheel/turn.h"

namespace gyre::flywheel {

// A journal to learn from.
struct RecordedJournal {
  std::filesystem::path folder;
  std::string hash;  // journal_hash()
};

// Those that TurnConfig::record names. Throws Error for one that cannot be read.
std::vector<RecordedJournal> given_journals(const TurnConfig& config);

// For each contract, by index, the journals with whole episodes of it. Throws Error when there are
// none of any, for a contract that has changed, and for an attempt that the turn evaluates: a
// policy is measured on scenes that it did not learn from.
std::map<size_t, std::vector<RecordedJournal>> journals_by_contract(
    const run::Arena& arena, const TurnConfig& config, const std::vector<Embodiment>& contracts,
    const std::vector<RecordedJournal>& journals);

}  // namespace gyre::flywheel
