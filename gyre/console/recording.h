#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/console/recorded_wire.h"
#include "gyre/data/dataset_filter.h"
#include "gyre/data/episode_rows.h"
#include "gyre/data/labels_episodes.h"

namespace gyre::console {

// One episode in a list.
struct EpisodeLine {
  int64_t index = 0;  // its number within the folder
  int64_t rows = 0;
  std::string task;
  std::optional<bool> success;  // not set: nobody judged
  double by_hand = -1;          // share of rows that a person or an expert drove; -1: not known
  int alarms = -1;              // -1: not known
  std::string missing;          // why it cannot be read; "": it can
};

// The recorded episodes of one folder. Reading takes time, so it belongs on a thread that may wait;
// one thread at a time.
class Recording {
 public:
  virtual ~Recording() = default;
  virtual const FolderLine& folder() const = 0;
  virtual const std::vector<EpisodeLine>& episodes() = 0;
  // Numbers and events of one episode. Throws Error when there is none, or it cannot be read.
  virtual RecordedEpisode read(int64_t index) = 0;
  // Rows [from, to) of one camera as JPEG or PNG; "" where nothing was shown yet. Fewer at the
  // episode's end.
  virtual std::vector<std::string> pictures(int64_t index, size_t camera, int64_t from,
                                            int64_t to) = 0;
  // Episodes that fit a question in SQL, in ascending order. Throws Error for one that cannot be
  // asked here.
  virtual std::vector<int64_t> find(const data::FilterQuery& query) = 0;
  // The identity of each of episodes() for labels, in order; without a hash where its rows are not
  // here.
  virtual const std::vector<data::LabelledEpisode>& labelled() = 0;
};

// A dataset folder or a journal folder. Throws Error when it is neither, or is broken.
std::unique_ptr<Recording> open_recording(const std::filesystem::path& folder, int id);
std::unique_ptr<Recording> open_dataset_recording(const std::filesystem::path& folder, int id);
std::unique_ptr<Recording> open_journal_recording(const std::filesystem::path& folder, int id);

// The part of a RecordedEpisode that rows tell: values, bands, and the marks of interventions,
// words and the safety filter.
void add_rows(const data::EpisodeRows& episode, RecordedEpisode& recorded);

}  // namespace gyre::console
