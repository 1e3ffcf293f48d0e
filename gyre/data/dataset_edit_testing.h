#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/testing.h"
#include "gyre/io/parquet.h"

// Datasets that the tests of the tools begin with.
namespace gyre::data::testing {

// Episodes of these lengths; episode i has seed `first_seed` + i.
inline std::filesystem::path write_dataset(const std::filesystem::path& folder,
                                           const std::vector<int>& lengths, uint64_t first_seed = 0,
                                           const std::string& task = "move the arm") {
  DatasetWriter writer(folder, small_embodiment());
  for (size_t i = 0; i < lengths.size(); ++i) {
    writer.add(small_episode(lengths[i], first_seed + i, task));
  }
  writer.finish();
  return folder;
}

// The same without pictures, which is quicker.
inline Embodiment blind_embodiment() {
  Embodiment e = small_embodiment();
  e.cameras.clear();
  return e;
}
inline std::filesystem::path write_blind_dataset(const std::filesystem::path& folder,
                                                 const std::vector<int>& lengths,
                                                 uint64_t first_seed = 0) {
  DatasetWriter writer(folder, blind_embodiment());
  for (size_t i = 0; i < lengths.size(); ++i) {
    EpisodeRows episode = small_episode(lengths[i], first_seed + i);
    for (Row& row : episode.rows) {
      row.images.clear();
      row.picture_age_s.clear();
      row.grounding.clear();
    }
    writer.add(episode);
  }
  writer.finish();
  return folder;
}

inline constexpr const char* kFirstData = "data/chunk-000/file-000.parquet";

// Changes a data file by SQL: `select` stands between SELECT and FROM.
inline void change_rows(const std::filesystem::path& file, const std::string& select,
                        const std::string& where = "true") {
  const auto parquet = io::Parquet::open();
  const std::string changed = file.string() + ".changed";
  parquet->query("COPY (SELECT " + select + " FROM '" + file.string() + "' WHERE " + where +
                     ") TO '" + changed + "' (FORMAT parquet)",
                 file.string());
  std::filesystem::rename(changed, file);
}

}  // namespace gyre::data::testing
