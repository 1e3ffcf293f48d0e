#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gyre/data/dataset_edit.h"
#include "gyre/data/dataset_edit_source.h"
#include "gyre/data/dataset_edit_stats.h"
#include "gyre/data/dataset_edit_video.h"
#include "gyre/data/dataset_tables.h"

namespace gyre::data {

// Writes what an edit keeps as a LeRobotDataset v3.0 folder, episode after episode.
class EditWriter {
 public:
  // `sources` have one contract (require_same_features).
  EditWriter(std::filesystem::path folder, const DatasetEdit& edit,
             const std::vector<std::unique_ptr<EditSource>>& sources,
             std::shared_ptr<const io::Parquet> parquet);
  ~EditWriter();

  void add(const KeptEpisode& kept);
  // Everything but meta/gyre_history.json. Throws Error when no episode was added.
  void finish(EditReport& report);

 private:
  int64_t task_of(const std::string& words);
  nlohmann::ordered_json gyre_entry(const KeptEpisode& kept, const io::Table& rows, bool whole,
                                    const std::vector<std::string>& tasks) const;
  void put_pictures(const KeptEpisode& kept, const io::Table& rows, bool whole,
                    EpisodeEntry& entry);
  void keep_extras(const KeptEpisode& kept, bool whole);
  void keep_losses(const KeptEpisode& kept, int64_t frames);
  void keep_identity(const KeptEpisode& kept, const io::Table& rows, bool whole);
  void write_data();
  void write_episodes();
  nlohmann::ordered_json info() const;
  nlohmann::ordered_json gyre() const;
  void copy_other_meta(EditReport& report) const;

  std::filesystem::path folder_;
  const DatasetEdit& edit_;
  const std::vector<std::unique_ptr<EditSource>>& sources_;
  std::shared_ptr<const io::Parquet> parquet_;
  double fps_;
  nlohmann::ordered_json features_;         // of the result
  std::vector<io::ParquetColumn> columns_;  // of the result's data files
  std::vector<EditTrack> tracks_;           // one for each video feature that stays
  std::vector<std::string> images_;         // features of pictures in the data files
  std::vector<std::string> tasks_;
  TableStats stats_;
  std::map<std::string, Stats> picture_stats_;
  nlohmann::ordered_json gyre_episodes_ = nlohmann::ordered_json::array();
  std::vector<EpisodeEntry> entries_;     // that wait for a file of meta/episodes
  std::map<int64_t, Recorded> recorded_;  // of episodes whose rows are no longer those recorded
  io::Table losses_;
  io::Table extras_;  // a row for each of them
  std::vector<std::string> extra_types_;
  std::vector<io::Table> pending_;  // rows that wait for a data file
  size_t pending_bytes_ = 0, data_file_bytes_ = 0;
  int64_t episodes_ = 0, frames_ = 0, data_files_ = 0, episode_files_ = 0;
};

}  // namespace gyre::data
