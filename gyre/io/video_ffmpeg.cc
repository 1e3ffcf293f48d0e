#include "gyre/io/video_ffmpeg.h"

#include <fmt/format.h>

#include <cstring>

#include "gyre/core/error.h"
#include "gyre/io/file.h"

namespace gyre::io {

void throw_video_error(const std::filesystem::path& file, std::string_view what) {
  throw Error(file.string(), what, "it may be truncated; fetch or record it again");
}

int check_video(const std::filesystem::path& file, std::string_view doing, int code) {
  if (code >= 0) return code;
  const int number = AVUNERROR(code);
  if (number == ENOSPC || number == EFBIG || number == ENOENT || number == EACCES ||
      number == EDQUOT || number == EROFS) {
    throw_file_error(file, doing, number);
  }
  char words[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, words, sizeof(words));
  const std::string what = fmt::format("cannot {}: {}", doing, words);
  if (doing == "write" || doing == "encode") throw Error(file.string(), what);
  throw_video_error(file, what);
}

std::string x264_params(std::string params) {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) params += params.empty() ? "asm=AVX2" : ":asm=AVX2";
#endif
  return params;
}

FfmpegPtr<AVFrame> padded_frame(const std::filesystem::path& file, int width, int height,
                                AVPixelFormat format) {
  FfmpegPtr<AVFrame> frame(av_frame_alloc());
  frame->width = width;
  frame->height = height;
  frame->format = format;
  check_video(file, "make room for", av_frame_get_buffer(frame.get(), 0));
  for (const AVBufferRef* buffer : frame->buf) {
    if (buffer != nullptr) std::memset(buffer->data, 0, buffer->size);
  }
  return frame;
}

// Errors come back as codes, so that FFmpeg need not print them too.
void silence_ffmpeg() { av_log_set_level(AV_LOG_QUIET); }

VideoInput::VideoInput(std::filesystem::path path) : file(std::move(path)) {
  silence_ffmpeg();
  // A file that is a playlist could name others, here or elsewhere.
  AVDictionary* limits = nullptr;
  av_dict_set(&limits, "protocol_whitelist", "file", 0);
  const int code = avformat_open_input(&context, file.c_str(), nullptr, &limits);
  av_dict_free(&limits);
  check_video(file, "read", code);
  try {
    check_video(file, "read", avformat_find_stream_info(context, nullptr));
    const int index = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    check_video(file, "find a picture track", index);
    stream = context->streams[index];
  } catch (...) {
    avformat_close_input(&context);
    throw;
  }
}

VideoInput::~VideoInput() { avformat_close_input(&context); }

VideoOutput::VideoOutput(std::filesystem::path path) : file(std::move(path)) {
  ignore_file_size_signal();
  check_video(file, "write",
              avformat_alloc_output_context2(&context, nullptr, "mp4", file.c_str()));
  stream = avformat_new_stream(context, nullptr);
  const int code = avio_open(&context->pb, file.c_str(), AVIO_FLAG_WRITE);
  if (code < 0) {
    avformat_free_context(context);
    check_video(file, "write", code);
  }
}

VideoOutput::~VideoOutput() {
  avio_closep(&context->pb);
  avformat_free_context(context);
  std::error_code ignored;
  if (!finished_ && std::filesystem::is_regular_file(file, ignored)) {
    std::filesystem::remove(file, ignored);
  }
}

void VideoOutput::begin() {
  AVDictionary* options = nullptr;
  // The index stands first, so that a player needs no seek.
  av_dict_set(&options, "movflags", "+faststart", 0);
  const int code = avformat_write_header(context, &options);
  av_dict_free(&options);
  check_video(file, "write", code);
}

void VideoOutput::write(AVPacket* packet) {
  check_video(file, "write", av_interleaved_write_frame(context, packet));
}

void VideoOutput::finish() {
  check_video(file, "write", av_write_trailer(context));
  check_video(file, "write", context->pb->error);
  check_video(file, "write", avio_closep(&context->pb));
  finished_ = true;
}

}  // namespace gyre::io
