#include "gyre/flywheel/stages/collect.h"

#include "gyre/core/rng.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/stages/stage_names.h"

namespace gyre::flywheel {

namespace fs = std::filesystem;

std::vector<RecordedJournal> collect_attempts(TurnContext& turn) {
  const TurnConfig& config = turn.config;
  if (!config.record.empty()) return given_journals(config);
  const std::vector<run::Attempt> attempts =
      turn.arena.deal(config.frontier_suite, config.embodiments, config.collect_episodes,
                      Rng::stream(config.seed, "collect").bits() >> 11);
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
