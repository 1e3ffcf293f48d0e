#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/frame_set.h"
#include "gyre/flywheel/experience.h"
#include "gyre/flywheel/label.h"
#include "gyre/flywheel/ledger.h"

namespace gyre::flywheel {

// Frames to learn from.
struct TurnData {
  std::unique_ptr<data::FrameSet> frames;  // null when a stop was requested
  std::vector<float> targets;  // [frames->size()], above 0 where the action is one to learn from;
                               // empty: everywhere
};

// What one contract's collected episodes became.
struct StoredData {
  std::filesystem::path folder;  // a LeRobotDataset with labels beside it
  std::string hash;              // of the dataset
  std::vector<EpisodeEntry> episodes;
};

// Makes a dataset of the whole episodes of one contract, anew, and the labels of each recipe.
StoredData store(const Experience& experience, const Embodiment& contract,
                 const std::vector<Recipe>& recipes, const std::filesystem::path& folder);

// Reads datasets, one for each contract in this order, with the targets of a recipe.
TurnData read_stored(const std::vector<std::filesystem::path>& folders,
                     const std::vector<Embodiment>& contracts, Recipe recipe);

// For each contract the first dataset of it in `folder`, which is itself a dataset or a folder of
// some. Throws Error when there is none.
std::vector<std::filesystem::path> replay_folders(const std::filesystem::path& folder,
                                                  const std::vector<Embodiment>& contracts);
// Old data: datasets, one for each contract in this order; every action is a target.
TurnData read_replay(const std::vector<std::filesystem::path>& folders,
                     const std::vector<Embodiment>& contracts);

// Old data without a dataset: successful demonstrations of the trained tasks, made again by seed,
// always the same ones.
TurnData demonstrate_again(const std::vector<Embodiment>& contracts, int episodes, int workers);

}  // namespace gyre::flywheel
