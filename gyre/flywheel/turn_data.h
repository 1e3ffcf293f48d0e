#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/dataset_frames.h"
#include "gyre/flywheel/pace.h"
#include "gyre/flywheel/simulated.h"
#include "gyre/run/arena.h"
#include "gyre/train/mixture.h"

namespace gyre::flywheel {

// Frames to learn from.
struct TurnData {
  std::unique_ptr<data::DatasetFrames> frames;  // null when a stop was requested
  std::vector<float> targets;  // [frames->size()], above 0 where the action is one to learn from;
                               // empty: everywhere
  std::vector<float> text;     // the same of subtasks to learn to name; empty: as `targets`
  std::vector<train::DataOrigin> origins;  // the datasets, or what was demonstrated
};

// All of it, with this share of a batch. Points into `data`.
train::Source source_of(const TurnData& data, double weight);

// Reads datasets, one for each contract in this order; the labeler's targets where `labeler` is not
// empty, else every action is one; subtasks where the stream of those that are known says so, and
// without it with the targets. Frames that a label of type exclusion covers are none. With
// `paces` [contracts] people's targets come at the pace of a policy (pace.h), but for datasets with
// pictures in columns. Throws Error for labels of another recording.
TurnData read_datasets(const std::vector<std::filesystem::path>& folders,
                       const std::vector<Embodiment>& contracts, const std::string& labeler,
                       const std::vector<Pace>& paces = {});

// For each contract the first dataset of it in `folder`, which is itself a dataset or a folder of
// some. Throws Error when there is none.
std::vector<std::filesystem::path> replay_folders(const std::filesystem::path& folder,
                                                  const std::vector<Embodiment>& contracts);

// The attempts of demonstrate_again(): always the same ones.
std::vector<run::Attempt> demonstrated(const run::Arena& arena, const std::string& suite,
                                       const std::vector<std::string>& robots, int64_t episodes);

// Old data without a dataset: successful demonstrations of `suite`, made again by seed. Robot i has
// contract i.
TurnData demonstrate_again(const run::Arena& arena, const std::string& suite,
                           const std::vector<std::string>& robots,
                           const std::vector<Embodiment>& contracts, int64_t episodes, int workers);

// Demonstrations as `gyre train --simulate` makes them. Robot i of `wanted` has contract i.
TurnData simulate_again(const run::Arena& arena, const Simulated& wanted,
                        const std::vector<Embodiment>& contracts, int workers);

}  // namespace gyre::flywheel
