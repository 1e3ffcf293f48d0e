#include "gyre/flywheel/stages/collect.h"

#include <algorithm>

#include "gyre/core/rng.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/policy_use.h"
#include "gyre/flywheel/scope_choice.h"
#include "gyre/flywheel/stages/stage_names.h"

namespace gyre::flywheel {

namespace fs = std::filesystem;

namespace {

constexpr int kAskedTimes = 4;  // attempts that are asked for, of which one is chosen

std::vector<run::Attempt> asked_attempts(const TurnContext& turn, int64_t count) {
  const TurnConfig& config = turn.config;
  return turn.arena.deal(config.frontier_suite, config.embodiments, count,
                         Rng::stream(config.seed, "collect").bits() >> 11);
}

// By the scope as it is now. The choice is a stage of its own, so that a turn that goes on keeps
// it, whatever evidence has come since.
std::vector<run::Attempt> chosen_attempts(TurnContext& turn) {
  const TurnConfig& config = turn.config;
  const std::string policy = turn.start().policy_hash;
  std::vector<run::Attempt> asked =
      asked_attempts(turn, int64_t{kAskedTimes} * config.collect_episodes);
  const auto seeds = turn.stages.run<std::vector<uint64_t>>(
      {.name = stage::kChoose,
       .inputs = {{"policy", policy},
                  {"attempts", hash_of(asked)},
                  {"count", config.collect_episodes},
                  {"speed", config.loop.speed}}},
      [&] {
        const Scope scope = read_scope(fs::path(config.runs) / kLedgerFile, policy, false, {});
        std::vector<uint64_t> chosen;
        for (const run::Attempt& attempt :
             choose_attempts(scope, asked, config.collect_episodes, config.loop.speed)) {
          chosen.push_back(attempt.seed);
        }
        return chosen;
      });
  std::erase_if(asked, [&](const run::Attempt& attempt) {
    return std::ranges::find(seeds, attempt.seed) == seeds.end();
  });
  return asked;
}

}  // namespace

std::vector<RecordedJournal> collect_attempts(TurnContext& turn) {
  const TurnConfig& config = turn.config;
  if (!config.record.empty()) return given_journals(config);
  const std::vector<run::Attempt> attempts = config.collect_by == "scope"
                                                 ? chosen_attempts(turn)
                                                 : asked_attempts(turn, config.collect_episodes);
  const fs::path journal = turn.folder() / "journal";
  const auto hash = turn.stages.run<std::string>(
      {.name = stage::kCollect,
       .inputs = {{"policy", turn.start().policy_hash},
                  {"attempts", hash_of(attempts)},
                  {"contracts", turn.contract_hashes()},
                  {"loop", config_json(config.loop)},
                  {"help", config_json(config.help)}},
       .outputs = {"journal"}},
      [&] {
        if (!collect(turn.arena, turn.policies.engine(config.policy), attempts, config.loop,
                     config.help, config.workers, journal)) {
          turn.stages.interrupt();
        }
        return journal_hash(journal);
      },
      [&](const std::string& known) {
        return fs::is_directory(journal) && journal_hash(journal) == known;
      });
  return {{journal, hash}};
}

}  // namespace gyre::flywheel
