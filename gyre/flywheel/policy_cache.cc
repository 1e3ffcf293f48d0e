#include "gyre/flywheel/policy_cache.h"

#include <utility>

namespace gyre::flywheel {

PolicyCache::Entry& PolicyCache::entry(const std::filesystem::path& folder) {
  const auto found = entries_.find(folder);
  if (found != entries_.end()) return found->second;
  Entry entry{.checkpoint = Checkpoint::open(folder), .engine = nullptr};
  if (entry.checkpoint.policy_hash.empty()) entry.checkpoint.hash_weights();
  return entries_.emplace(folder, std::move(entry)).first->second;
}

const Checkpoint& PolicyCache::checkpoint(const std::filesystem::path& folder) {
  return entry(folder).checkpoint;
}

const infer::Engine& PolicyCache::engine(const std::filesystem::path& folder) {
  Entry& known = entry(folder);
  if (!known.engine) known.engine = infer::open_engine(known.checkpoint);
  return *known.engine;
}

void PolicyCache::drop_engines() {
  for (auto& [folder, known] : entries_) known.engine.reset();
}

}  // namespace gyre::flywheel
