#include "gyre/data/recorded.h"

#include <array>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/data/dataset_paths.h"
#include "gyre/io/parquet.h"

namespace gyre::data {

namespace fs = std::filesystem;

std::vector<Recorded> recorded_episodes(const Dataset& dataset) {
  const std::map<int64_t, Recorded> edited = read_recorded(dataset.folder(), *io::Parquet::open());
  std::vector<Recorded> all;
  for (const DatasetEpisode& episode : dataset.episodes()) {
    const auto known = edited.find(episode.index);
    if (known != edited.end()) {
      all.push_back(known->second);
      continue;
    }
    all.push_back({.hash = episode.hash, .frames = episode.length});
    if (!episode.hash.empty() || !episode.missing.empty()) continue;
    all.back().hash = dataset.read(episode.index, {.images = false}).hash();
  }
  return all;
}

int64_t step_time_ns(int64_t row, double fps) {
  return std::llround(static_cast<double>(row) * 1e9 / fps);
}

int64_t step_at(int64_t time_ns, double fps) {
  return std::llround(static_cast<double>(time_ns) * fps / 1e9);
}

std::map<int64_t, Recorded> read_recorded(const fs::path& folder, const io::Parquet& parquet) {
  const fs::path file = folder / kRecordedFile;
  std::map<int64_t, Recorded> episodes;
  if (!fs::exists(file)) return episodes;
  const io::Table table =
      parquet.read(file, {"episode_index", "recorded_hash", "from_ns", "recorded_frames"});
  const std::vector<io::Column>& c = table.columns;
  const auto is_int = [&](size_t i) { return c[i].kind == io::ColumnKind::kInt64; };
  if (!is_int(0) || c[1].kind != io::ColumnKind::kString || !is_int(2) || !is_int(3)) {
    throw Error(file.string(), "a column has another type", "it is not as Gyre wrote it");
  }
  for (size_t row = 0; row < table.rows(); ++row) {
    episodes[c[0].ints[row]] = {
        .hash = c[1].strings[row], .from_ns = c[2].ints[row], .frames = c[3].ints[row]};
  }
  return episodes;
}

void write_recorded(const fs::path& folder, const io::Parquet& parquet,
                    const std::map<int64_t, Recorded>& episodes) {
  std::vector<int64_t> index, from, frames;
  std::vector<std::string> hashes;
  for (const auto& [episode, recorded] : episodes) {
    index.push_back(episode);
    hashes.push_back(recorded.hash);
    from.push_back(recorded.from_ns);
    frames.push_back(recorded.frames);
  }
  const io::Table table{{io::int_column("episode_index", std::move(index)),
                         io::string_column("recorded_hash", std::move(hashes)),
                         io::int_column("from_ns", std::move(from)),
                         io::int_column("recorded_frames", std::move(frames))}};
  parquet.write(folder / kRecordedFile, std::array{table});
}

}  // namespace gyre::data
