#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "dataset_flags.h"
#include "gyre/data/dataset_frames.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/train/mixture.h"

namespace gyre::apps {

// The datasets that `gyre train` learns from, and how much of each.
struct DataFlags {
  std::vector<std::string> folders;
  DatasetFlags dataset;
  std::vector<int64_t> without;
  std::string where;           // SQL, a condition on episodes
  std::string weigh;           // SQL, a number for each step
  std::string weigh_label;     // NAME or NAME:RULE, a label that is one
  std::string targets;         // NAME or NAME:RULE, above 0 where an action is one to learn from
  std::vector<double> shares;  // one for each folder, or none
  bool drop_non_finite = false;
  int64_t memory_mib = 2048;
};

// Adds --data and what belongs to it; `flags` must live as long as the program.
void add_data_flags(CLI::App& verb, DataFlags& flags);

// Frames of one source, and the datasets that they are from.
struct LearningData {
  explicit LearningData(int side, data::LoadOptions options = {})
      : frames(side, side, std::move(options)) {}
  data::DatasetFrames frames;
  std::vector<train::DataOrigin> origins;
  std::vector<float> targets, weights, text;  // as of train::Source
};

// Policies of other projects see the whole picture, with bands beside it.
data::LoadOptions load_options(const DataFlags& flags, const Checkpoint& start);

// All episodes of the datasets that are here, are chosen and were not judged a failure; their
// pictures stay in their files. Frames that a label of type exclusion covers are left out.
// `depth_maps`: OpenOptions::cameras. False after Ctrl-C. Throws Error, also when a dataset changes
// meanwhile and when a video ends before its rows.
bool read_data(const DataFlags& flags, const std::vector<std::string>& depth_maps,
               const Checkpoint& start, LearningData& data);

// Frames that were made here, after those of the datasets, count as much as those of a dataset with
// a share of 1.
train::Source source_of(const LearningData& data);

}  // namespace gyre::apps
