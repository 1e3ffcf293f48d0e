#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"
#include "gyre/policy/checkpoint.h"

namespace gyre::flywheel {

// A policy or a dataset and everything that it was made of, as a tree of nodes:
//   {"kind": "policy", "name", "hash", "training", "turn", "inputs": [parent, data ...]}
//   {"kind": "dataset", "name", "hash", "step": {"verb", "arguments", ...}, "labels", "recorded",
//    "inputs": [dataset or journal ...]}
//   {"kind": "journal", "hash", "files": [[name, hash] ...]}
//   {"kind": "demonstrations", "name", "hash", "made": {"suite", "robots", "episodes"}}
// A node without inputs whose "end" says why is where the record ends.
struct Lineage {
  nlohmann::json tree;
  // A line for each folder that is not what the record says, with both hashes.
  std::vector<std::string> changes;
};

// From gyre.json and meta/ alone, and from a ledger ("": none), which knows where parents lie. Both
// throw Error as Checkpoint::open and Dataset do, and for a file that is no ledger.
Lineage lineage_of_policy(const std::filesystem::path& folder, const std::filesystem::path& ledger);
Lineage lineage_of_dataset(const std::filesystem::path& folder,
                           const std::filesystem::path& ledger);

// The hashes of a policy, its parent, and so on to the root of its line, as a ledger knows them;
// the policy alone where the ledger does not. Throws Error for a file that is no ledger.
std::vector<std::string> line_of_policy(const std::string& hash,
                                        const std::filesystem::path& ledger);

// The ledger.db of the run that a folder lies in; "" where there is none.
std::filesystem::path ledger_beside(const std::filesystem::path& folder);

// One line a node, deeper ones further to the right.
std::string lineage_text(const Lineage& lineage);

}  // namespace gyre::flywheel
