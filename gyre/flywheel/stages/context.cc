#include "gyre/flywheel/stages/context.h"

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/flywheel/policy_use.h"
#include "gyre/flywheel/stages/recordings.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// A person's time is dear: an order that will not do is refused before they lay out a scene.
void require_bench_order(const TurnConfig& config) {
  if (!config.replay.empty()) return;
  throw Error("--replay", "is missing: a real bench makes no demonstrations again",
              "name a dataset of this robot, such as one that `gyre record` made");
}

// The robots' contracts. Throws Error for what the turn cannot begin with: before there is a run.
std::vector<Embodiment> known_contracts(const run::Arena& arena, const TurnConfig& config,
                                        const Checkpoint& policy) {
  if (arena.real()) require_bench_order(config);
  std::vector<Embodiment> contracts;
  for (const std::string& name : config.embodiments) {
    contracts.push_back(arena.contract(name, policy.config.vision.image_size));
    policy.trained_on(contracts.back());
  }
  for (const Tasks tasks : kBothTasks) evaluated_attempts(arena, config, tasks);
  if (!config.replay.empty()) replay_folders(config.replay, contracts);
  for (const std::string& suite : {config.trained_suite, config.frontier_suite}) {
    arena.deal(suite, config.embodiments, 1, config.seed);
  }
  if (!config.record.empty()) {
    journals_by_contract(arena, config, contracts, given_journals(config));
  }
  return contracts;
}

// The configuration but for what changes no result.
RunState open_state(const run::Arena& arena, TurnConfig config, const Checkpoint& start,
                    const TurnOptions& options) {
  config.workers = 0;
  json order = {{"config", config_json(config)}, {"policy", start.policy_hash}};
  // A person names the tasks of a real bench.
  if (arena.real()) order["bench"] = hash_of(evaluated_attempts(arena, config, Tasks::kFrontier));
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
      gate(find_gate(arena, config, policies.checkpoint(config.policy), contracts)),
      state(open_state(arena, config, policies.checkpoint(config.policy), options)),
      progress(state.folder()),
      ledger(fs::path(config.runs) / kLedgerFile),
      stages(state, [this](const std::string& stage) {
        progress.begin(stage);
        if (this->options.began) this->options.began(stage);
      }) {}

std::vector<std::string> TurnContext::names() const {
  std::vector<std::string> names;
  names.reserve(contracts.size());
  for (const Embodiment& contract : contracts) names.push_back(contract.name);
  return names;
}

json TurnContext::contract_hashes() const {
  json hashes = json::object();
  for (const Embodiment& contract : contracts) hashes[contract.name] = contract.contract_hash();
  return hashes;
}

bool TurnContext::has_file(const fs::path& file, const std::string& hash) const {
  return fs::is_regular_file(folder() / file) && sha256_file(folder() / file, 16) == hash;
}

bool TurnContext::holds_policy(const fs::path& below, const std::string& policy_hash) {
  policies.forget(folder() / below);
  try {
    return policies.checkpoint(folder() / below).policy_hash == policy_hash;
  } catch (const Error&) {
    return false;  // not whole
  }
}

std::string hash_of_folder(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder, code)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  if (code) io::throw_file_error(folder, "read", code.value());
  std::ranges::sort(files);
  Sha256 hash;
  for (const fs::path& file : files) {
    hash.update(file.lexically_relative(folder).string()).update(sha256_file(file));
  }
  return hash.hex(16);
}

std::string file_name(std::string contract) {
  std::replace(contract.begin(), contract.end(), '/', '_');
  return contract;
}

}  // namespace gyre::flywheel
