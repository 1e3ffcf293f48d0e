#include "gyre/data/dataset_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "gyre/core/error.h"
#include "gyre/data/dataset_index.h"
#include "gyre/io/image_file.h"
#include "gyre/io/video.h"

namespace gyre::data {
namespace {

bool is_true(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// "gray16le", "gray12le": more than the 8 bits of a picture.
bool is_deep_format(std::string_view format) {
  return format.starts_with("gray") && format.size() > 4 && format != "gray8";
}

bool states_one_channel(const DatasetFeature& feature) {
  return feature.shape.size() == 2 ||
         (feature.shape.size() == 3 && (feature.shape[2] == 1 || feature.shape[0] == 1));
}

std::span<const uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

const DatasetEpisode* first_present(const std::vector<DatasetEpisode>& episodes) {
  const auto found = std::ranges::find_if(
      episodes, [](const DatasetEpisode& episode) { return episode.missing.empty(); });
  return found == episodes.end() ? nullptr : &*found;
}

// Whether the feature's first picture is grey of more than 8 bits.
bool is_deep(const DatasetEpisode& episode, const DatasetFeature& feature, size_t track,
             const io::Parquet& parquet) {
  if (feature.dtype == "video") {
    return is_deep_format(io::probe_video(episode.videos.at(track).file).pixel_format);
  }
  return io::is_deep_grey(bytes_of(first_picture(episode, feature.name, parquet)));
}

}  // namespace

bool states_depth_map(const nlohmann::json& feature) {
  for (const char* place : {"info", "video_info"}) {
    const auto info = feature.find(place);
    if (info == feature.end() || !info->is_object()) continue;
    if (is_true(*info, "is_depth_map") || is_true(*info, "video.is_depth_map")) return true;
    const auto format = info->find("video.pix_fmt");
    if (format != info->end() && format->is_string() &&
        is_deep_format(format->get_ref<const std::string&>())) {
      return true;
    }
  }
  return false;
}

std::string first_picture(const DatasetEpisode& episode, const std::string& column,
                          const io::Parquet& parquet) {
  const io::Table table =
      parquet.read(episode.data_file, {column}, io::Parquet::RowFilter{"frame_index", 0});
  const io::Column* pictures = table.find(column);
  if (pictures != nullptr && pictures->kind == io::ColumnKind::kStruct) {
    const auto& parts = pictures->children;
    const auto bytes = std::ranges::find(parts, "bytes", &io::Column::name);
    pictures = bytes == parts.end() ? nullptr : &*bytes;
  }
  return pictures == nullptr || pictures->strings.empty() ? "" : pictures->strings[0];
}

void mark_depth_maps(const std::vector<DatasetEpisode>& episodes, const io::Parquet& parquet,
                     const std::vector<std::string>& wanted, DatasetInfo& info) {
  const DatasetEpisode* episode = first_present(episodes);
  size_t track = 0;
  for (DatasetFeature& feature : info.features) {
    const bool video = feature.dtype == "video";
    const size_t own_track = video ? track++ : 0;
    if (!video && feature.dtype != "image") continue;
    if (!feature.is_depth_map && episode != nullptr && states_one_channel(feature)) {
      try {
        feature.is_depth_map = is_deep(*episode, feature, own_track, parquet);
      } catch (const Error&) {  // reading the episode names what is broken
      }
    }
    const bool asked = std::ranges::any_of(wanted, [&](const std::string& name) {
      return name == feature.name || std::string(kImagePrefix) + name == feature.name;
    });
    if (asked) feature.is_depth_map = false;
  }
}

CameraSpec camera_of(const std::filesystem::path& file, const DatasetFeature& feature) {
  const bool channels_first = !feature.names.empty() && feature.names[0].starts_with("channel");
  const bool prefixed = feature.name.starts_with(kImagePrefix);
  const size_t sides = feature.shape.size();
  if (sides != 3 && sides != 2) throw Error(file.string(), feature.name + " is no picture");
  const size_t height = channels_first && sides == 3 ? 1 : 0;
  return {.name = prefixed ? feature.name.substr(kImagePrefix.size()) : feature.name,
          .width = static_cast<int>(feature.shape[height + 1]),
          .height = static_cast<int>(feature.shape[height]),
          .mounting = "recorded"};
}

CameraSpec Dataset::recorded_size(const DatasetEpisode& episode, const Camera& camera) const {
  if (camera.column.empty()) {
    const io::VideoInfo video = io::probe_video(episode.videos.at(camera.track).file);
    return {.name = "", .width = video.width, .height = video.height, .mounting = ""};
  }
  const std::string picture = first_picture(episode, camera.column, *parquet_);
  if (picture.empty()) return {};
  const Image image = io::decode_image(bytes_of(picture), episode.data_file.string());
  return {.name = "", .width = image.width, .height = image.height, .mounting = ""};
}

std::vector<std::string> Dataset::picture_warnings() const {
  std::vector<std::string> warnings;
  const DatasetEpisode* episode = first_present(episodes_);
  for (size_t i = 0; !has_contract_ && episode != nullptr && i < cameras_.size(); ++i) {
    const CameraSpec& stated = embodiment_.cameras[i];
    const Camera& camera = cameras_[i];
    CameraSpec found;
    try {
      found = recorded_size(*episode, camera);
    } catch (const Error& error) {
      warnings.emplace_back(error.what());
      continue;
    }
    if (found.width == 0 || (found.width == stated.width && found.height == stated.height)) {
      continue;
    }
    warnings.push_back(fmt::format(
        "{}: camera {} is stated as {}x{} pixels and recorded as {}x{}; the recorded size holds",
        folder_.string(), stated.name, stated.width, stated.height, found.width, found.height));
  }
  return warnings;
}

}  // namespace gyre::data
