#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "gyre/core/embodiment.h"
#include "gyre/data/episode_rows.h"
#include "gyre/io/file.h"
#include "gyre/io/video.h"

namespace gyre::data {

struct DatasetOptions {
  io::VideoOptions video;
  // Also what only analysis needs (what the policy wanted, clamps, chunks, latencies), in columns
  // complementary_info.*; a replay set does without.
  bool complete = true;
  int64_t data_file_bytes = 100'000'000;   // LeRobot's limits: a new file is begun
  int64_t video_file_bytes = 200'000'000;  // before one grows beyond
  // Rows and descriptions of episodes wait in memory for files of their own until there are so
  // many: finish() then takes no longer after many episodes. Files with fewer are written on.
  int64_t pending_bytes = 2'000'000;
  int64_t pending_episodes = 1000;
};

// Writes Episodes of one contract as a LeRobotDataset v3.0 folder that LeRobot's own tools read, or
// appends to one. Beside LeRobot's files stand meta/gyre.json (the contract and each episode's
// seed, task and outcome), by which the folder reads back as the same Episodes, and
// meta/gyre_losses.parquet, where pictures were lost. The same episodes and options give the same
// bytes.
//
// Until finish() the dataset stays as it was, also when the writer is killed (dataset_commit.h).
class DatasetWriter {
 public:
  // Throws Error naming both sides when the folder holds another contract, when it is neither empty
  // nor a dataset of Gyre, and naming the process that writes there already.
  DatasetWriter(const std::filesystem::path& folder, const Embodiment& embodiment,
                const DatasetOptions& options = {}, io::FileCalls& calls = io::FileCalls::system());
  ~DatasetWriter();
  DatasetWriter(const DatasetWriter&) = delete;
  DatasetWriter& operator=(const DatasetWriter&) = delete;

  // Encodes the episode; returns its index. Throws Error naming the step that does not fit the
  // contract. An episode without a step is refused.
  int64_t add(const EpisodeRows& episode);
  // Once, after the last episode. `step`, an entry of meta/gyre_history.json, says how they were
  // made (dataset_provenance.h); null: nothing does.
  void finish(const nlohmann::ordered_json& step = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::data
