#include "gyre/flywheel/scope_measure.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "gyre/core/rng.h"

namespace gyre::flywheel {
namespace {

constexpr size_t kTogether = 20;  // attempts that are entered at once

}  // namespace

std::vector<EvidenceEntry> evidence_of(const Evaluation& evaluation, const std::string& policy,
                                       double speed, const std::string& journal, bool real) {
  std::vector<EvidenceEntry> entries;
  for (const EvaluatedEpisode& episode : evaluation.episodes) {
    const auto cell = find_scope_cell(episode.task, episode.embodiment, speed);
    if (!cell) continue;
    entries.push_back({.policy = policy,
                       .verb = cell->verb,
                       .object = cell->object,
                       .place = cell->place,
                       .robot = cell->robot,
                       .speed = speed,
                       .real = real,
                       .success = episode.success,
                       .attempt = fmt::format("evaluated {} {} {:g} {}", episode.task,
                                              episode.embodiment, speed, episode.seed),
                       .journal = journal,
                       .author = real ? "person" : "judge"});
  }
  return entries;
}

std::vector<ScopeAttempt> scope_attempts(const run::Arena& arena,
                                         const std::vector<ScopeCell>& cells, int count,
                                         uint64_t seed) {
  std::vector<ScopeAttempt> attempts;
  for (int i = 0; i < count; ++i) {
    for (const ScopeCell& cell : cells) {
      const std::string task = task_of(cell);
      const uint64_t scene =
          Rng::stream(seed, fmt::format("scope {} {}", task, i)).bits() >> 11;  // 53 bits
      attempts.push_back({.attempt = arena.attempt(task, cell.robot, scene),
                          .cell = cell,
                          .name = fmt::format("measured {} {} {:g} {} {}", task, cell.robot,
                                              cell.speed, seed, i)});
    }
  }
  return attempts;
}

bool measure_scope(const run::Arena& arena, const infer::Engine& engine,
                   std::vector<ScopeAttempt> attempts, const ScopeMeasureConfig& config,
                   Ledger& ledger) {
  const std::string& policy = engine.checkpoint().policy_hash;
  std::set<std::string> known;
  for (const EvidenceEntry& entry : ledger.evidence(policy)) known.insert(entry.attempt);
  std::map<double, std::vector<ScopeAttempt>> left;  // by speed
  for (ScopeAttempt& attempt : attempts) {
    if (!known.contains(attempt.name)) left[attempt.cell.speed].push_back(std::move(attempt));
  }
  for (const auto& [speed, open] : left) {
    std::vector<run::Attempt> list;
    for (const ScopeAttempt& each : open) list.push_back(each.attempt);
    run::AttemptOptions options{.loop = config.loop};
    options.loop.speed = speed;
    std::vector<EvidenceEntry> entries;
    const auto enter = [&] { ledger.add_evidence(std::exchange(entries, {})); };
    const bool complete =
        run::make_attempts(arena, &engine, list, options, config.workers, "measuring",
                           [&](int64_t index, run::AttemptResult&& result) {
                             const ScopeAttempt& made = open[static_cast<size_t>(index)];
                             entries.push_back({.policy = policy,
                                                .verb = made.cell.verb,
                                                .object = made.cell.object,
                                                .place = made.cell.place,
                                                .robot = made.cell.robot,
                                                .speed = speed,
                                                .success = result.episode.success.value_or(false),
                                                .attempt = made.name,
                                                .author = "judge"});
                             if (entries.size() >= kTogether) enter();
                             return true;
                           });
    enter();
    if (!complete) return false;
  }
  return true;
}

}  // namespace gyre::flywheel
