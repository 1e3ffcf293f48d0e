#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

// FFmpeg's objects with owners, and its error codes as Errors: shared by video*.cc alone.
namespace gyre::io {

struct FfmpegDeleter {
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVCodecParameters* p) const { avcodec_parameters_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(SwsContext* p) const { sws_freeContext(p); }
};
template <class T>
using FfmpegPtr = std::unique_ptr<T, FfmpegDeleter>;

void silence_ffmpeg();
[[noreturn]] void throw_video_error(const std::filesystem::path& file, std::string_view what);
// `code` as FFmpeg returns it; negative is an error. Returns `code`.
int check_video(const std::filesystem::path& file, std::string_view doing, int code);

// Parameters for libx264, separated by ':', with which it gives the same bytes each time: its code
// for AVX-512 (version 164) now and then gives others when buffers lie elsewhere in memory.
std::string x264_params(std::string params = "");

// An empty picture with the padding at its rows' ends that swscale reads and writes beyond them.
FfmpegPtr<AVFrame> padded_frame(const std::filesystem::path& file, int width, int height,
                                AVPixelFormat format);

// An MP4 that is open for reading, at its first video track.
class VideoInput {
 public:
  explicit VideoInput(std::filesystem::path file);
  ~VideoInput();
  VideoInput(const VideoInput&) = delete;
  VideoInput& operator=(const VideoInput&) = delete;

  AVFormatContext* context = nullptr;
  AVStream* stream = nullptr;
  std::filesystem::path file;
};

// An MP4 with one track that is open for writing. Removed when it is not finished.
class VideoOutput {
 public:
  explicit VideoOutput(std::filesystem::path file);
  ~VideoOutput();
  VideoOutput(const VideoOutput&) = delete;
  VideoOutput& operator=(const VideoOutput&) = delete;

  void begin();  // after the stream's parameters and time base are set
  void write(AVPacket* packet);
  void finish();

  AVFormatContext* context = nullptr;
  AVStream* stream = nullptr;
  std::filesystem::path file;

 private:
  bool finished_ = false;
};

}  // namespace gyre::io
