#include "gyre/flywheel/label_file.h"

#include <string>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/parquet.h"

namespace gyre::flywheel {
namespace {

std::filesystem::path label_file(const std::filesystem::path& dataset, Recipe recipe) {
  return dataset / "labels" / (recipe_key(recipe) + ".parquet");
}

}  // namespace

void write_labels(const std::filesystem::path& dataset, Recipe recipe,
                  const std::vector<EpisodeLabels>& labels) {
  std::vector<int64_t> episodes, frames;
  std::vector<std::string> outcomes;
  std::vector<float> targets;
  for (size_t episode = 0; episode < labels.size(); ++episode) {
    for (size_t frame = 0; frame < labels[episode].target.size(); ++frame) {
      episodes.push_back(static_cast<int64_t>(episode));
      frames.push_back(static_cast<int64_t>(frame));
      outcomes.push_back(labels[episode].outcome);
      targets.push_back(labels[episode].target[frame]);
    }
  }
  io::Table table;
  table.columns.push_back(io::int_column("episode_index", std::move(episodes)));
  table.columns.push_back(io::int_column("frame_index", std::move(frames)));
  table.columns.push_back(io::string_column("outcome", std::move(outcomes)));
  table.columns.push_back(io::float_column("target", std::move(targets)));
  const std::filesystem::path file = label_file(dataset, recipe);
  std::error_code ignored;  // writing says what is wrong
  std::filesystem::create_directories(file.parent_path(), ignored);
  io::Parquet::open()->write(file, {&table, 1});
}

std::vector<std::vector<float>> read_targets(const std::filesystem::path& dataset, Recipe recipe) {
  const std::filesystem::path file = label_file(dataset, recipe);
  const io::Table table =
      io::Parquet::open()->read(file, {"episode_index", "frame_index", "target"});
  const auto& episodes = table.columns[0].ints;
  const auto& frames = table.columns[1].ints;
  const auto& targets = table.columns[2].floats;
  std::vector<std::vector<float>> result;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (episodes[row] == std::ssize(result)) result.emplace_back();
    if (episodes[row] + 1 != std::ssize(result) || frames[row] != std::ssize(result.back())) {
      throw Error(file.string(), "rows are not in the order of episode and frame",
                  "label the dataset again");
    }
    result.back().push_back(targets[row]);
  }
  return result;
}

}  // namespace gyre::flywheel
