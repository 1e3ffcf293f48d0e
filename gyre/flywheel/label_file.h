#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gyre::flywheel {

// Labels lie beside a dataset, which they never change: <dataset>/labels/<labeler>.parquet with one
// row for each frame: episode_hash (data::EpisodeRows::hash()), episode_index, frame_index and
// target (1 where the action is one to learn from).

// The labels of one dataset; entry i belongs to its episode i.
struct LabelFile {
  std::vector<std::string> episodes;        // hashes
  std::vector<std::vector<float>> targets;  // by episode and frame
};

// <dataset>/labels/<labeler>.parquet
std::filesystem::path label_path(const std::filesystem::path& dataset, std::string_view labeler);

// Writes the file atomically and returns its hash. Throws Error.
std::string write_labels(const std::filesystem::path& dataset, std::string_view labeler,
                         const LabelFile& labels);

// Throws Error naming the file when it is missing or broken.
LabelFile read_labels(const std::filesystem::path& dataset, std::string_view labeler);

}  // namespace gyre::flywheel
