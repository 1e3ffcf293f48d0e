#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "gyre/infer/engine.h"
#include "gyre/policy/checkpoint.h"

namespace gyre::flywheel {

// Policies of a turn: each folder is opened and hashed once. A folder that has changed since must
// be forgotten.
class PolicyCache {
 public:
  // With both hashes. Throws Error.
  const Checkpoint& checkpoint(const std::filesystem::path& folder);
  const infer::Engine& engine(const std::filesystem::path& folder);
  void forget(const std::filesystem::path& folder) { entries_.erase(folder); }
  // Frees the engines' memory; their checkpoints stay.
  void drop_engines();

 private:
  struct Entry {
    Checkpoint checkpoint;
    std::unique_ptr<infer::Engine> engine;
  };
  Entry& entry(const std::filesystem::path& folder);
  std::map<std::filesystem::path, Entry> entries_;
};

}  // namespace gyre::flywheel
