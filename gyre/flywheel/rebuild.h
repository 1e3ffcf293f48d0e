#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/run/arena.h"

namespace gyre::flywheel {

struct RebuildOptions {
  std::vector<std::filesystem::path> journals;  // folders, searched with all below them
  std::vector<std::filesystem::path> datasets;  // of others: where the record ends at their hash
  std::filesystem::path out;                    // gets a folder a dataset; must not be there yet
  int workers = 0;                              // demonstrations made at once; 0: one a core
};

// One part of a training set.
struct Rebuilt {
  std::string name, hash;            // as the policy's card states them
  std::string now;                   // hash of what was made again; "" when nothing was
  std::filesystem::path folder;      // of a dataset
  std::vector<std::string> labels;   // streams that came out the same: "corrections 0123..."
  std::vector<std::string> missing;  // a line each; empty: all of it is as it was
  bool equal() const { return now == hash && missing.empty(); }
};

// Makes the training set of a policy again: `data` is about["data"] of its gyre.json. Journal files
// are found by their content. Labels of the standard labelers are made again, other streams are
// taken from the datasets given. Throws Error where `out` is there or cannot be written, and
// Interrupted after a stop request.
std::vector<Rebuilt> rebuild(const nlohmann::json& data, const run::Arena& arena,
                             const RebuildOptions& options);

}  // namespace gyre::flywheel
