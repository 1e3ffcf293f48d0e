#include "gyre/data/dataset_edit_video.h"

#include <fmt/format.h>

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_paths.h"
#include "gyre/data/dataset_stats.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

ordered_json info_of(const ordered_json& feature) {
  for (const char* name : {"info", "video_info"}) {
    if (feature.contains(name) && feature[name].is_object()) return feature[name];
  }
  return ordered_json::object();
}

template <class T>
T value_of(const ordered_json& info, const char* name, T otherwise) {
  if (!info.contains(name)) return otherwise;
  try {
    return info[name].get<T>();
  } catch (const nlohmann::json::exception&) {
    return otherwise;
  }
}

}  // namespace

EditTrack::EditTrack(fs::path folder, std::string key, ordered_json feature, double fps,
                     int64_t file_bytes, std::optional<DatasetEdit::Encode> encode)
    : folder_(std::move(folder)),
      key_(std::move(key)),
      feature_(std::move(feature)),
      fps_(fps),
      file_bytes_(file_bytes),
      encode_(std::move(encode)) {
  const ordered_json info = info_of(feature_);
  depth_ = value_of(info, "is_depth_map", false) || value_of(info, "video.is_depth_map", false);
  const std::string codec = value_of<std::string>(info, "video.codec", "h264");
  options_.codec = codec == "av1" || codec == "libsvtav1" ? "av1" : "h264";
  options_.crf = options_.codec == "av1" ? 30 : 20;  // LeRobot's, Gyre's
  options_.group = value_of(info, "video.g", options_.group);
  options_.fast_decode = value_of(info, "video.fast_decode", false);  // as what is there
  if (!encode_ || depth_) return;
  if (encode_->codec && *encode_->codec != options_.codec) {
    options_.codec = *encode_->codec;
    options_.crf = options_.codec == "av1" ? 30 : 20;
  }
  if (encode_->crf) options_.crf = *encode_->crf;
  if (encode_->group) options_.group = *encode_->group;
  options_.fast_decode = encode_->fast_decode;
  width_ = encode_->width;
  height_ = encode_->height;
  ordered_json& stated = feature_["info"];
  if (!stated.is_object()) stated = info;
  stated["video.codec"] = options_.codec;
  stated["video.pix_fmt"] = "yuv420p";
  stated["video.g"] = options_.group;
  stated["video.fast_decode"] = options_.fast_decode;
  stated["video.crf"] = options_.crf;
  if (width_ <= 0) return;
  stated["video.width"] = width_;
  stated["video.height"] = height_;
  const bool channels_first = feature_.contains("names") && feature_["names"].is_array() &&
                              !feature_["names"].empty() && feature_["names"][0].is_string() &&
                              feature_["names"][0].get<std::string>().starts_with("channel");
  feature_["shape"][channels_first ? 1 : 0] = height_;
  feature_["shape"][channels_first ? 2 : 1] = width_;
}

void EditTrack::encode(const DatasetEpisode::Video& video, int64_t first, int64_t frames,
                       const fs::path& part) const {
  std::vector<double> times;
  for (int64_t i = first; i < first + frames; ++i) {
    times.push_back(video.from_s + static_cast<double>(i) / fps_);
  }
  std::unique_ptr<io::VideoWriter> writer;
  io::read_video(video.file, times, 0.5 / fps_, [&](size_t, const Image& image) {
    const int width = width_ > 0 ? width_ : image.width;
    const int height = height_ > 0 ? height_ : image.height;
    if (!writer) writer = std::make_unique<io::VideoWriter>(part, width, height, fps_, options_);
    writer->add(width == image.width && height == image.height ? image
                                                               : io::resize(image, width, height));
  });
  writer->finish();
}

VideoPlace EditTrack::add(const DatasetEpisode::Video& video, int64_t first, int64_t frames,
                          const std::string& where) {
  const double from_s = video.from_s + static_cast<double>(first) / fps_;
  const auto splice = [&](const fs::path& file, double at_s) {
    if (video_ && (video_->bytes() >= file_bytes_ || !video_->fits(file))) flush();
    if (!video_) {
      const fs::path target = folder_ / numbered_file(kVideoPath, file_, key_);
      fs::create_directories(target.parent_path());
      video_ = std::make_unique<io::VideoSplicer>(target, fps_);
    }
    return video_->add(file, at_s, frames);
  };
  std::optional<double> begin_s;
  if (!encodes()) begin_s = splice(video.file, from_s);
  if (!begin_s) {
    if (depth_) {
      throw Error(where, key_ + " holds depths, and the cut is not at a key frame",
                  "choose another frame; depths are not encoded anew");
    }
    const fs::path part = folder_ / ("part-" + key_ + ".mp4");
    encode(video, first, frames, part);
    begin_s = splice(part, 0);
    fs::remove(part);
    if (!begin_s) throw Error(part.string(), "its frames cannot be joined");
    encoded_ += encodes() ? 0 : 1;
  }
  return {.file = file_, .from_s = *begin_s, .to_s = *begin_s + static_cast<double>(frames) / fps_};
}

void EditTrack::flush() {
  if (!video_) return;
  if (video_->frames() > 0) {
    video_->finish();
    ++file_;
  }
  video_.reset();
}

void EditTrack::finish() { flush(); }

Stats sampled_video_stats(const DatasetEpisode::Video& video, int64_t first, int64_t frames,
                          double fps) {
  std::vector<double> times;
  for (const size_t place : counted_rows(static_cast<size_t>(frames))) {
    times.push_back(video.from_s + static_cast<double>(first + static_cast<int64_t>(place)) / fps);
  }
  PixelCounts pixels;
  io::read_video(video.file, times, 0.5 / fps,
                 [&](size_t, const Image& image) { pixels.add(image); });
  return pixels.stats();
}

Stats sampled_image_stats(const io::Column& images, const std::string& where) {
  PixelCounts pixels;
  for (const io::Column& child : images.children) {
    if (child.name != "bytes") continue;
    for (const size_t place : counted_rows(images.rows())) {
      const std::string& bytes = child.strings[place];
      pixels.add(
          io::decode_image({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, where));
    }
  }
  if (pixels.frames == 0) throw Error(where, "holds no pictures");
  return pixels.stats();
}

}  // namespace gyre::data
