#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/video.h"
#include "gyre/io/video_ffmpeg.h"

namespace gyre::io {
namespace {

FfmpegPtr<AVCodecContext> open_decoder(const VideoInput& input) {
  const AVCodecID id = input.stream->codecpar->codec_id;
  // FFmpeg's own AV1 decoder works only on some graphics cards.
  const AVCodec* codec = id == AV_CODEC_ID_AV1 ? avcodec_find_decoder_by_name("libdav1d") : nullptr;
  if (codec == nullptr) codec = avcodec_find_decoder(id);
  if (codec == nullptr) {
    throw Error(input.file.string(),
                fmt::format("this FFmpeg does not decode {}", avcodec_get_name(id)));
  }
  FfmpegPtr<AVCodecContext> context(avcodec_alloc_context3(codec));
  check_video(input.file, "decode",
              avcodec_parameters_to_context(context.get(), input.stream->codecpar));
  context->thread_count = 1;
  context->err_recognition = AV_EF_EXPLODE;
  check_video(input.file, "decode", avcodec_open2(context.get(), codec, nullptr));
  return context;
}

// Decodes the frames of a file in order from the key frame at or before a time.
class Decoder {
 public:
  Decoder(const std::filesystem::path& file, double start_s)
      : input_(file), decoder_(open_decoder(input_)), packet_(av_packet_alloc()) {
    const double ticks = start_s / av_q2d(input_.stream->time_base);
    check_video(file, "seek in",
                av_seek_frame(input_.context, input_.stream->index,
                              static_cast<int64_t>(std::llround(ticks)), AVSEEK_FLAG_BACKWARD));
  }

  // Null at the end.
  FfmpegPtr<AVFrame> next() {
    FfmpegPtr<AVFrame> frame(av_frame_alloc());
    while (true) {
      const int code = avcodec_receive_frame(decoder_.get(), frame.get());
      if (code == AVERROR_EOF) return nullptr;
      if (code != AVERROR(EAGAIN)) {
        check_video(input_.file, "decode", code);
        return frame;
      }
      feed();
    }
  }

  double time_of(const AVFrame& frame) const {
    return static_cast<double>(frame.best_effort_timestamp) * av_q2d(input_.stream->time_base);
  }

  Image image_of(const AVFrame& frame) {
    if (!colours_) {
      colours_.reset(
          sws_getContext(frame.width, frame.height, static_cast<AVPixelFormat>(frame.format),
                         frame.width, frame.height, AV_PIX_FMT_RGB24,
                         SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT,
                         nullptr, nullptr, nullptr));
      if (!colours_) throw_video_error(input_.file, "its pixel format is not read");
      rgb_ = padded_frame(input_.file, frame.width, frame.height, AV_PIX_FMT_RGB24);
      const bool hd = frame.colorspace == AVCOL_SPC_BT709;
      const int* matrix = sws_getCoefficients(hd ? SWS_CS_ITU709 : SWS_CS_ITU601);
      const int full_range = frame.color_range == AVCOL_RANGE_JPEG;
      sws_setColorspaceDetails(colours_.get(), matrix, full_range, matrix, 1, 0, 1 << 16, 1 << 16);
    }
    sws_scale(colours_.get(), frame.data, frame.linesize, 0, frame.height, rgb_->data,
              rgb_->linesize);
    Image image = Image::black(frame.width, frame.height);
    av_image_copy_plane(image.rgb.data(), frame.width * 3, rgb_->data[0], rgb_->linesize[0],
                        frame.width * 3, frame.height);
    return image;
  }

 private:
  void feed() {
    int code = av_read_frame(input_.context, packet_.get());
    while (code >= 0 && packet_->stream_index != input_.stream->index) {
      av_packet_unref(packet_.get());
      code = av_read_frame(input_.context, packet_.get());
    }
    if (code != AVERROR_EOF) check_video(input_.file, "read", code);
    const bool end = code == AVERROR_EOF;
    code = avcodec_send_packet(decoder_.get(), end ? nullptr : packet_.get());
    av_packet_unref(packet_.get());
    if (!end || code != AVERROR_EOF) check_video(input_.file, "decode", code);
  }

  VideoInput input_;
  FfmpegPtr<AVCodecContext> decoder_;
  FfmpegPtr<AVPacket> packet_;
  FfmpegPtr<SwsContext> colours_;
  FfmpegPtr<AVFrame> rgb_;
};

}  // namespace

VideoInfo probe_video(const std::filesystem::path& file) {
  const VideoInput input(file);
  const AVCodecParameters* parameters = input.stream->codecpar;
  const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(parameters->format));
  VideoInfo info{.width = parameters->width,
                 .height = parameters->height,
                 .codec = {},
                 .pixel_format = format == nullptr ? "" : format};
  info.codec = avcodec_get_name(parameters->codec_id);
  info.fps = av_q2d(input.stream->avg_frame_rate);
  info.duration_s = static_cast<double>(input.stream->duration) * av_q2d(input.stream->time_base);
  info.frames = input.stream->nb_frames;
  return info;
}

void read_video(const std::filesystem::path& file, std::span<const double> timestamps_s,
                double tolerance_s, const std::function<void(size_t, Image)>& use) {
  if (timestamps_s.empty()) return;
  Decoder decoder(file, timestamps_s[0]);
  size_t wanted = 0;
  FfmpegPtr<AVFrame> nearest;  // so far, to the wanted time
  double nearest_off = 0;
  const auto emit = [&] {
    // Times in a file are rounded to its time base, so a hair over the tolerance passes.
    if (!nearest || nearest_off > tolerance_s + 1e-9) {
      throw_video_error(file, fmt::format("it has no frame at {} s", timestamps_s[wanted]));
    }
    use(wanted, decoder.image_of(*nearest));
    if (++wanted < timestamps_s.size()) {
      nearest_off = std::abs(decoder.time_of(*nearest) - timestamps_s[wanted]);
    }
  };
  while (wanted < timestamps_s.size()) {
    FfmpegPtr<AVFrame> frame = decoder.next();
    const double time = frame ? decoder.time_of(*frame) : 0;
    // The frame kept so far stays the nearest when this one is further away.
    while (wanted < timestamps_s.size() && nearest &&
           (!frame || std::abs(time - timestamps_s[wanted]) > nearest_off)) {
      emit();
    }
    if (wanted == timestamps_s.size()) break;
    if (!frame) throw_video_error(file, "it holds no frame");
    nearest = std::move(frame);
    nearest_off = std::abs(time - timestamps_s[wanted]);
    while (wanted < timestamps_s.size() && nearest_off <= tolerance_s) emit();
  }
}

}  // namespace gyre::io
