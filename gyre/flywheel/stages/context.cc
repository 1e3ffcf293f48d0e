#include "gyre/flywheel/stages/context.h"

#include <algorithm>
#include <utility>

#include "gyre/io/config.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<Embodiment> known_contracts(const run::Arena& arena, const TurnConfig& config,
                                        const Checkpoint& policy) {
  std::vector<Embodiment> contracts;
  for (const std::string& name : config.embodiments) {
    contracts.push_back(arena.contract(name, policy.config.vision.image_size));
    policy.trained_on(contracts.back());
  }
  if (!config.replay.empty()) replay_folders(config.replay, contracts);
  return contracts;
}

RunState open_state(TurnConfig config, const Checkpoint& start, const TurnOptions& options) {
  const json order = {{"config", dump_json(config_entries(config))},
                      {"policy", start.policy_hash}};
  if (auto unfinished = RunState::find_unfinished(config.runs, order)) {
    if (options.note) options.note("going on with " + unfinished->folder().string());
    return std::move(*unfinished);
  }
  return RunState::create(config.runs, order);
}

}  // namespace

TurnContext::TurnContext(const run::Arena& arena, const TurnConfig& config,
                         const TurnOptions& options)
    : arena(arena),
      config(config),
      options(options),
      contracts(known_contracts(arena, config, policies.checkpoint(config.policy))),
      state(open_state(config, policies.checkpoint(config.policy), options)),
      ledger(fs::path(config.runs) / "ledger.db"),
      stages(state, options.began) {}

std::vector<std::string> TurnContext::names() const {
  std::vector<std::string> names;
  names.reserve(contracts.size());
  for (const Embodiment& contract : contracts) names.push_back(contract.name);
  return names;
}

std::string file_name(std::string contract) {
  std::replace(contract.begin(), contract.end(), '/', '_');
  return contract;
}

}  // namespace gyre::flywheel
