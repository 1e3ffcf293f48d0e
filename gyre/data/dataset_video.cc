#include "gyre/data/dataset_video.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/data/dataset_paths.h"
#include "gyre/data/picture_decoder.h"
#include "gyre/io/file.h"
#include "gyre/io/video_stream.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

// The pictures of one camera, row after row.
class EpisodePictures {
 public:
  EpisodePictures(const EpisodeRows& episode, size_t index, const CameraSpec& camera)
      : episode_(episode),
        index_(index),
        camera_(camera),
        decoder_(camera.name),
        image_(Image::black(camera.width, camera.height)) {}

  const Image& at(size_t row) {
    const Row& step = episode_.rows[row];
    if (!step.images.empty()) return step.images[index_];
    const auto& recorded = step.recorded[index_];
    if (recorded == shown_) {
      if (damaged_) ++losses.back().to;
      return image_;
    }
    shown_ = recorded;
    damaged_ = !decode();
    if (damaged_) add_loss(static_cast<int64_t>(row));
    return image_;
  }

  std::vector<PictureLoss> losses;

 private:
  const EpisodeRows& episode_;
  size_t index_;
  const CameraSpec& camera_;
  PictureDecoder decoder_;
  Image image_;  // of `shown_`, or where that is damaged of the one before
  std::shared_ptr<const EncodedPicture> shown_;
  bool damaged_ = false;

  bool decode() {
    try {
      Image image = decoder_.decode(shown_);
      if (image.width != camera_.width || image.height != camera_.height) return false;
      image_ = std::move(image);
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  void add_loss(int64_t row) {
    if (losses.empty() || losses.back().to != row) {
      losses.push_back({.camera = camera_.name, .from = row, .to = row, .reason = "damaged"});
    }
    ++losses.back().to;
    ++losses.back().count;
  }
};

// Whether the rows' packets, one after the other, are a stream.
bool is_stream(const EpisodeRows& episode, size_t index) {
  std::vector<uint8_t> sets;
  const EncodedPicture* before = nullptr;
  for (const Row& row : episode.rows) {
    const EncodedPicture* picture =
        index < row.recorded.size() ? row.recorded[index].get() : nullptr;
    if (picture == nullptr || picture->format != EncodedPicture::Format::kH264) return false;
    if (picture == before || picture->reference.get() != (picture->reference ? before : nullptr)) {
      return false;
    }
    if (!picture->reference) {
      const std::vector<uint8_t> own = io::parameter_sets(picture->bytes);
      if (own.empty() || (before != nullptr && own != sets)) return false;
      sets = own;
    }
    before = picture;
  }
  return true;
}

void make_parent(const fs::path& file) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (failed) io::throw_file_error(file.parent_path(), "make", failed.value());
}

}  // namespace

DatasetVideo::DatasetVideo(CameraSpec camera, Options options)
    : camera_(std::move(camera)),
      options_(std::move(options)),
      key_(std::string(kImagePrefix) + camera_.name) {}
DatasetVideo::~DatasetVideo() = default;
DatasetVideo::DatasetVideo(DatasetVideo&&) noexcept = default;

fs::path DatasetVideo::name() const { return numbered_file(kVideoPath, number_, key_); }

void DatasetVideo::resume(const fs::path& folder, int64_t files, bool write_on) {
  number_ = files;
  if (files == 0 || !write_on) return;
  const fs::path last = folder / numbered_file(kVideoPath, files - 1, key_);
  if (static_cast<int64_t>(fs::file_size(last)) < options_.file_bytes) known_ = last;
}

DatasetVideo::Added DatasetVideo::add(const EpisodeRows& episode, size_t index) {
  const fs::path part = options_.stage / ".parts" / (key_ + ".mp4");
  make_parent(part);
  Added added;
  if (!write_packets(episode, index, part, added)) encode(episode, index, part, added);
  const auto bytes = static_cast<int64_t>(fs::file_size(part));
  if (!known_.empty()) {
    const auto known_bytes = static_cast<int64_t>(fs::file_size(known_));
    if (known_bytes + bytes >= options_.file_bytes) known_.clear();
  }
  if (!file_) begin();
  if (frames_ > 0 && (bytes_ + bytes >= options_.file_bytes || !file_->fits(part))) finish();
  if (!file_) begin();
  const auto rows = std::ssize(episode.rows);
  added.place = {.file = number_, .from_s = end_s_};
  added.place.to_s = end_s_ = file_->add(part);
  fs::remove(part);
  const double expected_s = static_cast<double>(rows) / options_.fps;
  if (std::abs(added.place.to_s - added.place.from_s - expected_s) > 1e-3 / options_.fps) {
    throw Error(part.string(), fmt::format("a video of {} s for {} rows",
                                           added.place.to_s - added.place.from_s, rows));
  }
  bytes_ += bytes;
  frames_ += rows;
  return added;
}

// Begins the next file, or the known one anew with what it holds.
void DatasetVideo::begin() {
  bytes_ = frames_ = 0;
  end_s_ = 0;
  if (!known_.empty()) --number_;
  const fs::path file = options_.stage / name();
  make_parent(file);
  file_ = std::make_unique<io::VideoJoiner>(file);
  if (known_.empty()) return;
  end_s_ = file_->add(known_);
  bytes_ = static_cast<int64_t>(fs::file_size(known_));
  frames_ = io::probe_video(known_).frames;
  known_.clear();
}

void DatasetVideo::finish() {
  if (!file_) return;
  file_->finish();
  file_.reset();
  const fs::path file = options_.stage / name();
  const int64_t frames = io::probe_video(file).frames;
  if (frames != frames_) {
    throw Error(file.string(), fmt::format("holds {} frames for {} rows", frames, frames_),
                "the dataset stays as it was");
  }
  ++number_;
}

bool DatasetVideo::write_packets(const EpisodeRows& episode, size_t index, const fs::path& part,
                                 Added& added) const {
  if (options_.video.codec != "h264" || !is_stream(episode, index)) return false;
  EpisodePictures pictures(episode, index, camera_);
  for (const size_t row : counted_rows(episode.rows.size())) added.pixels.add(pictures.at(row));
  if (!pictures.losses.empty()) return false;
  io::PacketWriter writer(part, camera_.width, camera_.height, options_.fps);
  for (const Row& row : episode.rows) writer.add(row.recorded[index]->bytes);
  writer.finish();
  return true;
}

void DatasetVideo::encode(const EpisodeRows& episode, size_t index, const fs::path& part,
                          Added& added) const {
  EpisodePictures pictures(episode, index, camera_);
  io::VideoWriter writer(part, camera_.width, camera_.height, options_.fps, options_.video);
  const std::vector<size_t> counted = counted_rows(episode.rows.size());
  auto next = counted.begin();
  added.pixels = {};
  for (size_t row = 0; row < episode.rows.size(); ++row) {
    const Image& image = pictures.at(row);
    writer.add(image);
    if (next == counted.end() || *next != row) continue;
    added.pixels.add(image);
    ++next;
  }
  writer.finish();
  added.losses = std::move(pictures.losses);
}

}  // namespace gyre::data
