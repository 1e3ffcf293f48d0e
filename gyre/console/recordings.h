#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/console/label_desk.h"
#include "gyre/console/recorded_wire.h"
#include "gyre/console/recording.h"
#include "gyre/data/dataset_filter.h"

namespace gyre::console {

// The dataset or journal folder itself, or those that lie in it. Throws Error when there is none.
std::vector<std::filesystem::path> recorded_folders(const std::filesystem::path& folder);

// The episodes of all folders of a console. One thread at a time.
class Recordings {
 public:
  static constexpr int64_t kBatch = 16;  // pictures in one answer

  // Throws Error for a folder that is neither a dataset nor a journal.
  explicit Recordings(const std::vector<std::filesystem::path>& folders);

  EpisodeList list();
  // Throws Error with DuckDB's words for a question that it does not understand.
  FoundEpisodes find(const data::FilterQuery& query);
  RecordedEpisode read(int folder, int64_t index);
  // Rows [batch * kBatch, (batch + 1) * kBatch) of one camera: their number and the size of each in
  // bytes as little-endian 32 bits, then the pictures, JPEG or PNG.
  std::string pictures(int folder, int64_t index, size_t camera, int64_t batch);

  EpisodeLabels labels(int folder, int64_t index);
  // Writes it, and answers all labels of the episode. Throws Error as LabelDesk does, and for an
  // episode whose rows are not here.
  EpisodeLabels judge(const Judgement& judgement);

 private:
  struct Part {
    std::unique_ptr<Recording> recording;
    LabelDesk desk;
  };
  Part& at(int folder);
  const data::LabelledEpisode& labelled(Part& part, int64_t index);
  std::vector<Part> parts_;
};

}  // namespace gyre::console
