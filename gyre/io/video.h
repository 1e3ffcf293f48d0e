#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "gyre/core/image.h"

namespace gyre::io {

struct VideoOptions {
  // "h264" (libx264), "hevc" (libx265), "av1" (libsvtav1) as LeRobot's default
  std::string codec = "h264";
  int crf = 20;   // quality; smaller is better and larger
  int group = 3;  // frames from one key frame to the next: cheap random access
  // H.264 alone: x264's tune "fastdecode" (CAVLC, no deblocking), decoded in less than half the
  // time
  bool fast_decode = true;
};

// Writes the frames of one camera to an MP4 (yuv420p, frame i at i / fps seconds). Throws Error
// naming the file when FFmpeg refuses; a file without finish() is not a video.
class VideoWriter {
 public:
  // Width and height in pixels, even numbers (yuv420p).
  VideoWriter(std::filesystem::path file, int width, int height, double fps,
              const VideoOptions& options = {});
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  void add(const Image& image);  // throws Error for another size
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct VideoInfo {
  int width = 0, height = 0;  // upright, as read_video() gives the frames
  double fps = 0;
  double duration_s = 0;  // of the video track
  int64_t frames = 0;
  std::string codec;         // "h264", "av1"
  std::string pixel_format;  // "yuv420p"
};
// Reads the file's header alone. Throws Error naming the file when it is missing or broken.
VideoInfo probe_video(const std::filesystem::path& file);

// A frame as it came out of the decoder, upright; valid within the call that hands it over.
struct VideoPicture {
  int width = 0, height = 0;
  std::function<void(std::span<uint8_t>)> write;  // its pixels, [height, width, 3]

  Image image() const;
};

// A video that stays open: its decoder, and where its key frames are. One thread at a time.
class VideoReader {
 public:
  // Throws Error naming the file when it is missing, broken or of a codec that is not read.
  explicit VideoReader(std::filesystem::path file);
  ~VideoReader();
  VideoReader(VideoReader&&) noexcept;
  VideoReader& operator=(VideoReader&&) noexcept;

  // Calls `use(i, picture)` for each of the ascending `timestamps_s`, with the frame nearest to it,
  // whatever stands before it in the file: open groups of pictures, intra refresh, B-frames, any
  // frame rate. Goes on from the frame before where that is no further than the nearest key frame.
  // Throws Error naming the file when it is broken or truncated, or the nearest frame is further
  // away than `tolerance_s` (LeRobot's is 1e-4).
  void read(std::span<const double> timestamps_s, double tolerance_s,
            const std::function<void(size_t, const VideoPicture&)>& use);

  double duration_s() const;  // of the video track, as the file's header states it
  int64_t bytes() const;      // of memory that the open file and its decoder take, about

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// VideoReader::read() of a file that is opened for it alone.
void read_video(const std::filesystem::path& file, std::span<const double> timestamps_s,
                double tolerance_s, const std::function<void(size_t, Image)>& use);

// Joins videos of one codec and size without decoding, each beginning where the one before ended. A
// file without finish() is not a video.
class VideoJoiner {
 public:
  explicit VideoJoiner(std::filesystem::path file);
  ~VideoJoiner();
  VideoJoiner(const VideoJoiner&) = delete;
  VideoJoiner& operator=(const VideoJoiner&) = delete;

  // Whether the part can be joined to what is there: one size and one encoder's settings.
  bool fits(const std::filesystem::path& part) const;
  // Returns where the part ends, in seconds; it may be removed then. Throws Error naming the file.
  double add(const std::filesystem::path& part);
  void finish();  // the file is on the disk. Throws Error where nothing was added

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::io
