#pragma once

#include <filesystem>
#include <vector>

#include "gyre/flywheel/label.h"

namespace gyre::flywheel {

// Labels beside a dataset, which they never change: <dataset>/labels/<recipe>.parquet with a row
// for each frame: episode_index, frame_index, outcome, target (1 where the action is one to learn
// from).

// Entry i belongs to the dataset's episode i. Throws Error.
void write_labels(const std::filesystem::path& dataset, Recipe recipe,
                  const std::vector<EpisodeLabels>& labels);

// Targets by episode and frame. Throws Error naming the file when it is missing or broken.
std::vector<std::vector<float>> read_targets(const std::filesystem::path& dataset, Recipe recipe);

}  // namespace gyre::flywheel
