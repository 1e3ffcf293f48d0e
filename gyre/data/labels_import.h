#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gyre/data/labels_episodes.h"
#include "gyre/data/labels_head.h"
#include "gyre/io/parquet.h"

namespace gyre::data {

struct ImportedLabels {
  LabelHead head;
  std::vector<Label> labels;  // sorted
};

// Labels that a file holds about some of these episodes:
//   a label stream of Gyre, as `gyre data label list --export` writes it;
//   a sidecar of Gyre 0.1 (episode_hash, episode_index, frame_index, target), named by its labeler;
//   LeRobot's sarm_progress.parquet (index, episode_index, frame_index, progress_sparse,
//   progress_dense): a stream of progress for each column with numbers in it;
//   with `head`, which the files above bring along, any table of episode_index, frame_index and
//   `value` or `text`, by the head's type. Rows without a value say nothing.
// Throws Error naming the file when it is torn, none of these or of a later format, of another
// contract, or about an episode or a step that is not there.
std::vector<ImportedLabels> import_labels(const std::filesystem::path& file,
                                          const io::Parquet& parquet,
                                          std::span<const LabelledEpisode> episodes,
                                          const std::optional<LabelHead>& head = {});

}  // namespace gyre::data
