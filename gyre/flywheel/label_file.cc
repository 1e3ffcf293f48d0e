#include "gyre/flywheel/label_file.h"

#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/io/parquet.h"

namespace gyre::flywheel {

std::filesystem::path label_path(const std::filesystem::path& dataset, std::string_view labeler) {
  return dataset / "labels" / (std::string(labeler) + ".parquet");
}

std::string write_labels(const std::filesystem::path& dataset, std::string_view labeler,
                         const LabelFile& labels) {
  std::vector<std::string> hashes;
  std::vector<int64_t> episodes, frames;
  std::vector<float> targets;
  for (size_t episode = 0; episode < labels.targets.size(); ++episode) {
    for (size_t frame = 0; frame < labels.targets[episode].size(); ++frame) {
      hashes.push_back(labels.episodes[episode]);
      episodes.push_back(static_cast<int64_t>(episode));
      frames.push_back(static_cast<int64_t>(frame));
      targets.push_back(labels.targets[episode][frame]);
    }
  }
  io::Table table;
  table.columns.push_back(io::string_column("episode_hash", std::move(hashes)));
  table.columns.push_back(io::int_column("episode_index", std::move(episodes)));
  table.columns.push_back(io::int_column("frame_index", std::move(frames)));
  table.columns.push_back(io::float_column("target", std::move(targets)));
  const std::filesystem::path file = label_path(dataset, labeler);
  std::error_code ignored;  // writing says what is wrong
  std::filesystem::create_directories(file.parent_path(), ignored);
  io::Parquet::open()->write(file, {&table, 1});
  return sha256_file(file, 16);
}

LabelFile read_labels(const std::filesystem::path& dataset, std::string_view labeler) {
  const std::filesystem::path file = label_path(dataset, labeler);
  const io::Table table =
      io::Parquet::open()->read(file, {"episode_hash", "episode_index", "frame_index", "target"});
  const auto& hashes = table.columns[0].strings;
  const auto& episodes = table.columns[1].ints;
  const auto& frames = table.columns[2].ints;
  const auto& targets = table.columns[3].floats;
  LabelFile labels;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (episodes[row] == std::ssize(labels.targets)) {
      labels.episodes.push_back(hashes[row]);
      labels.targets.emplace_back();
    }
    if (episodes[row] + 1 != std::ssize(labels.targets) ||
        frames[row] != std::ssize(labels.targets.back())) {
      throw Error(file.string(), "rows are not in the order of episode and frame",
                  "label the dataset again");
    }
    labels.targets.back().push_back(targets[row]);
  }
  return labels;
}

}  // namespace gyre::flywheel
