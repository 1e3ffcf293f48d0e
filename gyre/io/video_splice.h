#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

// Parts of videos put together without decoding, and the times of a video's frames.
namespace gyre::io {

struct VideoFrames {
  std::vector<double> times_s;  // of every frame, ascending
  int width = 0, height = 0;
};
// All frames of a file's video track: as its container lists them or, with `decode`, as they come
// out of the decoder. `stop` ends the work early (the frames so far). Throws Error naming the file
// when it is missing, truncated or, with `decode`, holds a frame that does not decode.
VideoFrames video_frames(const std::filesystem::path& file, bool decode,
                         const std::function<bool()>& stop = {});

// Joins runs of frames of videos of one codec, size and encoder, each beginning where the one
// before ended. Frame i of a run of n lies at `begin + i / fps`, as far as the source's times do. A
// file without finish() is not a video.
class VideoSplicer {
 public:
  VideoSplicer(std::filesystem::path file, double fps);
  ~VideoSplicer();
  VideoSplicer(const VideoSplicer&) = delete;
  VideoSplicer& operator=(const VideoSplicer&) = delete;

  // Whether frames of `part` can follow those so far.
  bool fits(const std::filesystem::path& part) const;
  // Copies `frames` frames from the one at `from_s` on; returns where they begin, in seconds.
  // Nothing, and the file stays as it was, when they cannot be cut out without decoding (they
  // begin between two key frames, or hang on frames outside). Throws Error naming `part` when it
  // does not hold them.
  std::optional<double> add(const std::filesystem::path& part, double from_s, int64_t frames);
  int64_t frames() const;
  int64_t bytes() const;  // of the packets so far
  void finish();          // the file is on the disk. Throws Error where nothing was added

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::io
