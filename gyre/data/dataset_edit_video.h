#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/stats.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_edit.h"
#include "gyre/data/dataset_tables.h"
#include "gyre/io/video.h"
#include "gyre/io/video_splice.h"

namespace gyre::data {

// The video files of one camera while an edit writes them. Frames are copied as they were encoded
// where they can be cut out; elsewhere they are encoded anew, and that is counted.
class EditTrack {
 public:
  // `feature`: its entry in info.json, brought up to date where frames are encoded anew.
  EditTrack(std::filesystem::path folder, std::string key, nlohmann::ordered_json feature,
            double fps, int64_t file_bytes, std::optional<DatasetEdit::Encode> encode);

  // `first`, `frames`: of the episode. `where` is named in Errors.
  VideoPlace add(const DatasetEpisode::Video& video, int64_t first, int64_t frames,
                 const std::string& where);
  void finish();

  const std::string& key() const { return key_; }
  const nlohmann::ordered_json& feature() const { return feature_; }
  int64_t encoded() const { return encoded_; }  // episodes, for their cut
  bool encodes() const { return encode_.has_value() && !depth_; }
  bool depth() const { return depth_; }

 private:
  void flush();
  void encode(const DatasetEpisode::Video& video, int64_t first, int64_t frames,
              const std::filesystem::path& part) const;

  std::filesystem::path folder_;
  std::string key_;
  nlohmann::ordered_json feature_;
  double fps_;
  int64_t file_bytes_;
  std::optional<DatasetEdit::Encode> encode_;
  io::VideoOptions options_;
  int width_ = 0, height_ = 0;  // 0: as it is
  bool depth_ = false;
  std::unique_ptr<io::VideoSplicer> video_;
  int64_t file_ = 0, encoded_ = 0;
};

// Statistics of at most 100 evenly spaced pictures of [first, first + frames) of an episode.
Stats sampled_video_stats(const DatasetEpisode::Video& video, int64_t first, int64_t frames,
                          double fps);
// Of a column of pictures stored as files.
Stats sampled_image_stats(const io::Column& images, const std::string& where);

}  // namespace gyre::data
