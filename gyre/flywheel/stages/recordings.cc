#include "gyre/flywheel/stages/recordings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/stages/tasks.h"

namespace gyre::flywheel {

std::vector<RecordedJournal> given_journals(const TurnConfig& config) {
  std::vector<RecordedJournal> given;
  for (const std::string& folder : config.record) given.push_back({folder, journal_hash(folder)});
  return given;
}

std::map<size_t, std::vector<RecordedJournal>> journals_by_contract(
    const run::Arena& arena, const TurnConfig& config, const std::vector<Embodiment>& contracts,
    const std::vector<RecordedJournal>& journals) {
  std::set<std::pair<std::string, uint64_t>> evaluated;  // task and seed
  for (const Tasks tasks : kBothTasks) {
    for (const run::Attempt& attempt : evaluated_attempts(arena, config, tasks)) {
      evaluated.emplace(attempt.task, attempt.seed);
    }
  }
  std::map<size_t, std::vector<RecordedJournal>> by_contract;
  for (const RecordedJournal& journal : journals) {
    std::set<size_t> present;
    for (const RecordedAttempt& attempt : recorded_attempts(journal.folder)) {
      if (evaluated.contains({attempt.task, attempt.seed})) {
        throw Error(journal.folder.string(),
                    fmt::format("holds an attempt of the evaluation, {} with {}, seed {}",
                                attempt.task, attempt.contract.name, attempt.seed),
                    "evaluate other scenes with another --seed");
      }
      const auto contract = std::ranges::find(contracts, attempt.contract.name, &Embodiment::name);
      if (!attempt.whole || contract == contracts.end()) continue;
      require_same_contract(attempt.contract, journal.folder.string(), *contract,
                            "robot " + contract->name);
      present.insert(static_cast<size_t>(contract - contracts.begin()));
    }
    for (const size_t contract : present) by_contract[contract].push_back(journal);
  }
  if (by_contract.empty()) {
    throw Error(journals.front().folder.string(),
                fmt::format("holds no whole episode of {}", fmt::join(config.embodiments, ", ")),
                "record one, or name its robot with --embodiments");
  }
  return by_contract;
}

}  // namespace gyre::flywheel
