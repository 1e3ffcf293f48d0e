#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gyre/flywheel/stages/collect.h"

namespace gyre::flywheel {

// The collected episodes of one contract.
struct StoredData {
  std::string embodiment;
  std::string folder;  // a LeRobotDataset, below the run's folder, with labels beside it
  std::string hash;    // of the dataset
  std::map<std::string, std::string> labels;  // labeler -> hash of its stream
  std::string content;                        // hash_of_folder()
  int64_t episodes = 0;
  int64_t rows = 0;         // action periods
  int64_t helped_rows = 0;  // decided by a person or the helper
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StoredData, embodiment, folder, hash, labels, content, episodes,
                                   rows, helped_rows)

// One stage: for each contract with episodes in the journals a dataset data/<contract>, and the
// recipe's labels. Throws Error when no journal holds a whole episode of any contract, or one
// holds an attempt of the evaluation.
std::vector<StoredData> store_and_label(TurnContext& turn, const Recipe& recipe,
                                        const std::vector<RecordedJournal>& journals);

}  // namespace gyre::flywheel
