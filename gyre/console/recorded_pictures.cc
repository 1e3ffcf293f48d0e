#include "gyre/console/recorded_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/data/dataset_edit_source.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/picture_column.h"
#include "gyre/io/video.h"

namespace gyre::console {
namespace {

// The feature of a camera, and its place among the features that are videos.
struct PictureFeature {
  const data::DatasetFeature* feature = nullptr;
  size_t track = 0;
};

PictureFeature find_pictures(const data::Dataset& dataset, const std::string& camera) {
  size_t tracks = 0;
  for (const data::DatasetFeature& feature : dataset.features()) {
    const bool video = feature.dtype == "video";
    const size_t track = video ? tracks++ : 0;
    if (!video && feature.dtype != "image") continue;
    std::string_view name = feature.name;
    if (name == camera) return {&feature, track};
    if (name.starts_with(data::kImagePrefix)) name.remove_prefix(data::kImagePrefix.size());
    if (name == camera) return {&feature, track};
  }
  throw Error(dataset.folder().string(), "has no camera '" + camera + "'");
}

}  // namespace

void read_pictures(const data::Dataset& dataset, const io::Parquet& parquet, int64_t episode,
                   const std::string& camera, int64_t from, int64_t to,
                   const std::function<void(int64_t row, const Image& image)>& use) {
  const data::DatasetEpisode& entry = dataset.episode(episode);
  const std::string where = fmt::format("{}: episode {}", dataset.folder().string(), episode);
  if (!entry.missing.empty()) throw Error(where, entry.missing);
  from = std::clamp<int64_t>(from, 0, entry.length);
  to = std::clamp<int64_t>(to, from, entry.length);
  if (from == to) return;
  const PictureFeature found = find_pictures(dataset, camera);
  if (found.feature->dtype == "video") {
    const data::DatasetEpisode::Video& video = entry.videos.at(found.track);
    std::vector<double> times;
    for (int64_t row = from; row < to; ++row) {
      times.push_back(video.from_s + static_cast<double>(row) / dataset.fps());
    }
    const double half_a_frame = 0.5 / dataset.fps();
    io::read_video(
        video.file, times, half_a_frame + video.from_slack_s,
        [&](size_t i, const Image& image) { use(from + static_cast<int64_t>(i), image); });
    return;
  }
  const io::Table table = parquet.query(
      fmt::format("SELECT {} FROM {} WHERE episode_index = {} ORDER BY frame_index LIMIT {} "
                  "OFFSET {}",
                  data::sql_name(found.feature->name), io::Parquet::from({&entry.data_file, 1}),
                  episode, to - from, from),
      where);
  const data::PictureColumn pictures(table.columns.at(0), dataset.folder());
  for (size_t i = 0; i < table.rows(); ++i) use(from + static_cast<int64_t>(i), pictures.at(i));
}

}  // namespace gyre::console
