#include "gyre/verify/replay_policies.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/infer/cpu/kernels.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;

bool is_one_of(const std::string& name, const std::vector<std::string>& names) {
  return std::ranges::find(names, name) != names.end();
}

// As recorded; what this machine lacks is left to the engine.
infer::EngineOptions options_of(const infer::EngineDescription& recorded) {
  infer::EngineOptions options;
  if (recorded.engine == "reference") options.kind = infer::EngineKind::kReference;
  if (recorded.engine != "cpu") return options;
  if (is_one_of(recorded.precision, infer::cpu::precision_names())) {
    options.precision = recorded.precision;
  }
  if (is_one_of(recorded.target, infer::cpu::target_names()) &&
      infer::cpu::supported(infer::cpu::target_named(recorded.target))) {
    options.target = recorded.target;
  }
  options.threads = std::clamp(recorded.threads, 1, 64);
  options.reuse_pictures = recorded.reuse_pictures;
  return options;
}

}  // namespace

ReplayPolicies::ReplayPolicies(fs::path folder, FolderOptions given)
    : folder_(std::move(folder)), given_(std::move(given)) {}

fs::path ReplayPolicies::folder_of(const Header& header) const {
  if (!folder_.empty()) return folder_;
  if (header.policy.empty()) {
    throw Error("journal", "its header names no policy", "give --policy DIR");
  }
  return header.policy;
}

const infer::Engine& ReplayPolicies::engine(const Header& header,
                                            const infer::EngineDescription& recorded) {
  const fs::path folder = folder_of(header);
  const infer::EngineOptions options = options_of(recorded);
  auto& engine =
      engines_[fmt::format("{} {} {} {} {} {}", folder.string(), header.contract.contract_hash(),
                           recorded.engine, options.precision, options.target, options.threads)];
  if (engine) return *engine;
  if (!fs::is_directory(folder)) {
    throw Error("policy " + folder.string(), "is no folder here",
                fmt::format("give the folder of policy {} with --policy", header.policy_hash));
  }
  auto opened = infer::open_engine(folder.string(), &header.contract, given_, options);
  const Checkpoint& policy = opened->checkpoint();
  if (folder_.empty() && policy.policy_hash != header.policy_hash) {
    throw Error("policy " + folder.string(),
                fmt::format("has changed since: its hash is {}, the journal was recorded with {}",
                            policy.policy_hash, header.policy_hash),
                "give the recorded policy's folder with --policy");
  }
  policy.trained_on(header.contract);
  engine = std::move(opened);
  return *engine;
}

infer::EngineDescription recorded_engine(const RequestRecord& request) {
  return {.engine = request.engine,
          .precision = request.precision,
          .target = request.target,
          .threads = request.threads};
}

std::string other_terms(const std::string& policy_hash, const infer::EngineDescription& recorded,
                        const infer::Engine& engine) {
  const std::string& asked_hash = engine.checkpoint().policy_hash;
  if (policy_hash != asked_hash) {
    return fmt::format("recorded with policy {}, asked of policy {}", policy_hash, asked_hash);
  }
  const infer::EngineDescription asked = engine.description();
  if (recorded.engine == asked.engine && recorded.precision == asked.precision &&
      recorded.target == asked.target) {
    return "";
  }
  return fmt::format("recorded on engine {} {} {}, asked of engine {} {} {}", recorded.engine,
                     recorded.precision, recorded.target, asked.engine, asked.precision,
                     asked.target);
}

}  // namespace gyre::verify
