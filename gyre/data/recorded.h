#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gyre/data/dataset.h"

// The identity of an episode as it was recorded. Every edit keeps it, so that labels and lineage
// find the episode again after a merge, a split or a trim.
namespace gyre::data {

struct Recorded {
  // EpisodeRows::hash() of the whole recorded episode; "" where its file is not here.
  std::string hash;
  int64_t from_ns = 0;  // time of this episode's first row within the recorded episode
  int64_t frames = 0;   // rows of the recorded episode
  bool operator==(const Recorded&) const = default;
};

// One for each of dataset.episodes(), in order: from meta/gyre_recorded.parquet for episodes whose
// rows an edit has changed; else the hash that meta/gyre.json states; of others' recordings the
// hash of the rows, which are read. Throws Error naming the file that is broken.
std::vector<Recorded> recorded_episodes(const Dataset& dataset);

// Nanoseconds from the recorded episode's first row to row `row`, and the row nearest to a time.
int64_t step_time_ns(int64_t row, double fps);
int64_t step_at(int64_t time_ns, double fps);

// meta/gyre_recorded.parquet by episode_index; empty when the folder has none.
std::map<int64_t, Recorded> read_recorded(const std::filesystem::path& folder,
                                          const io::Parquet& parquet);
void write_recorded(const std::filesystem::path& folder, const io::Parquet& parquet,
                    const std::map<int64_t, Recorded>& episodes);

}  // namespace gyre::data
