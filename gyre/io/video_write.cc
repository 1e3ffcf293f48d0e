#include <fmt/format.h>

#include <cmath>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/video.h"
#include "gyre/io/video_ffmpeg.h"

namespace gyre::io {
namespace {

struct Codec {
  const char *name, *encoder, *preset;
};
constexpr Codec kCodecs[] = {
    {"h264", "libx264", "veryfast"}, {"hevc", "libx265", "veryfast"}, {"av1", "libsvtav1", "12"}};

const Codec& find_codec(const std::filesystem::path& file, const std::string& name) {
  for (const Codec& codec : kCodecs) {
    if (name == codec.name) return codec;
  }
  throw Error(file.string(), "unknown video codec '" + name + "'", "use h264, hevc or av1");
}

const AVCodec* find_encoder(const std::filesystem::path& file, const Codec& codec) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(codec.encoder);
  if (encoder == nullptr) {
    throw Error(file.string(), fmt::format("this FFmpeg has no encoder {}", codec.encoder),
                "install Debian's libavcodec59, or use another of h264, hevc and av1");
  }
  return encoder;
}

FfmpegPtr<AVCodecContext> open_encoder(const std::filesystem::path& file, int width, int height,
                                       double fps, const VideoOptions& options) {
  silence_ffmpeg();
  const Codec& codec = find_codec(file, options.codec);
  const AVCodec* encoder = find_encoder(file, codec);
  FfmpegPtr<AVCodecContext> context(avcodec_alloc_context3(encoder));
  const AVRational rate = av_d2q(fps, 100'000);
  context->width = width;
  context->height = height;
  context->pix_fmt = AV_PIX_FMT_YUV420P;
  context->color_range = AVCOL_RANGE_MPEG;
  context->framerate = rate;
  context->time_base = av_inv_q(rate);
  context->gop_size = options.group;
  context->max_b_frames = 0;  // so that decoding order is time's order, and parts can be joined
  context->thread_count = 1;  // the same bytes whatever the machine
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  AVDictionary* settings = nullptr;
  av_dict_set(&settings, "crf", std::to_string(options.crf).c_str(), 0);
  av_dict_set(&settings, "preset", codec.preset, 0);
  if (options.codec == "h264") {
    av_dict_set(&settings, "x264-params", x264_params().c_str(), 0);
    if (options.fast_decode) av_dict_set(&settings, "tune", "fastdecode", 0);
  }
  if (options.codec == "hevc") {
    context->codec_tag = MKTAG('h', 'v', 'c', '1');  // players of Apple's ask for it
    av_dict_set(&settings, "x265-params", "log-level=none:pools=none:frame-threads=1:bframes=0", 0);
  }
  const int code = avcodec_open2(context.get(), encoder, &settings);
  av_dict_free(&settings);
  check_video(file, "encode", code);
  return context;
}

}  // namespace

struct VideoWriter::Impl {
  Impl(std::filesystem::path path, int width, int height, double fps, const VideoOptions& options)
      : encoder(open_encoder(path, width, height, fps, options)),
        output(std::move(path)),
        packet(av_packet_alloc()),
        rgb(padded_frame(output.file, width, height, AV_PIX_FMT_RGB24)),
        frame(padded_frame(output.file, width, height, AV_PIX_FMT_YUV420P)),
        colours(sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P,
                               SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_BITEXACT,
                               nullptr, nullptr, nullptr)) {
    output.context->flags |= AVFMT_FLAG_BITEXACT;
    output.stream->time_base = encoder->time_base;
    output.stream->avg_frame_rate = encoder->framerate;
    check_video(output.file, "encode",
                avcodec_parameters_from_context(output.stream->codecpar, encoder.get()));
    output.begin();
  }

  // A null frame asks for what the encoder still holds.
  void encode(const AVFrame* picture) {
    check_video(output.file, "encode", avcodec_send_frame(encoder.get(), picture));
    while (true) {
      const int code = avcodec_receive_packet(encoder.get(), packet.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
      check_video(output.file, "encode", code);
      packet->duration = 1;  // in frames
      av_packet_rescale_ts(packet.get(), encoder->time_base, output.stream->time_base);
      packet->stream_index = 0;
      output.write(packet.get());
    }
  }

  FfmpegPtr<AVCodecContext> encoder;
  VideoOutput output;
  FfmpegPtr<AVPacket> packet;
  FfmpegPtr<AVFrame> rgb, frame;
  FfmpegPtr<SwsContext> colours;
  int64_t frames = 0;
};

VideoWriter::VideoWriter(std::filesystem::path file, int width, int height, double fps,
                         const VideoOptions& options) {
  if (width <= 0 || height <= 0 || width % 2 != 0 || height % 2 != 0) {
    throw Error(file.string(), fmt::format("a video of {}x{} pixels", width, height),
                "width and height must be even numbers");
  }
  if (!(std::isfinite(fps) && fps > 0)) {
    throw Error(file.string(), fmt::format("a video of {} frames a second", fps));
  }
  impl_ = std::make_unique<Impl>(std::move(file), width, height, fps, options);
}

VideoWriter::~VideoWriter() = default;

void VideoWriter::add(const Image& image) {
  AVFrame* frame = impl_->frame.get();
  if (image.width != frame->width || image.height != frame->height ||
      image.rgb.size() != static_cast<size_t>(image.width) * image.height * 3) {
    throw Error(impl_->output.file.string(),
                fmt::format("a picture of {}x{} pixels in a video of {}x{}", image.width,
                            image.height, frame->width, frame->height));
  }
  check_video(impl_->output.file, "encode", av_frame_make_writable(frame));
  const AVFrame* rgb = impl_->rgb.get();
  av_image_copy_plane(rgb->data[0], rgb->linesize[0], image.rgb.data(), image.width * 3,
                      image.width * 3, image.height);
  sws_scale(impl_->colours.get(), rgb->data, rgb->linesize, 0, image.height, frame->data,
            frame->linesize);
  frame->pts = impl_->frames++;
  impl_->encode(frame);
}

void VideoWriter::finish() {
  if (impl_->frames == 0) throw Error(impl_->output.file.string(), "a video without a picture");
  impl_->encode(nullptr);
  impl_->output.finish();
}

struct VideoJoiner::Impl {
  explicit Impl(std::filesystem::path path) : output(std::move(path)), packet(av_packet_alloc()) {}

  // The output takes the form of the first part.
  void begin(const VideoInput& part) {
    first = part.file;
    wanted.reset(avcodec_parameters_alloc());
    check_video(output.file, "write", avcodec_parameters_copy(wanted.get(), part.stream->codecpar));
    check_video(output.file, "write",
                avcodec_parameters_copy(output.stream->codecpar, part.stream->codecpar));
    output.context->flags |= AVFMT_FLAG_BITEXACT;
    const bool hevc = part.stream->codecpar->codec_id == AV_CODEC_ID_HEVC;
    output.stream->codecpar->codec_tag = hevc ? part.stream->codecpar->codec_tag : 0;
    output.stream->time_base = part.stream->time_base;
    output.stream->avg_frame_rate = part.stream->avg_frame_rate;
    output.begin();
  }

  bool fits(const VideoInput& part) const {
    const AVCodecParameters* has = part.stream->codecpar;
    return has->codec_id == wanted->codec_id && has->width == wanted->width &&
           has->height == wanted->height && has->extradata_size == wanted->extradata_size &&
           std::equal(has->extradata, has->extradata + has->extradata_size, wanted->extradata);
  }

  VideoOutput output;
  FfmpegPtr<AVPacket> packet;
  FfmpegPtr<AVCodecParameters> wanted;  // of the first part, which is `first`
  std::filesystem::path first;
  int64_t offset = 0;  // where the next part begins, in the output's time base
};

VideoJoiner::VideoJoiner(std::filesystem::path file)
    : impl_(std::make_unique<Impl>(std::move(file))) {}
VideoJoiner::~VideoJoiner() = default;

bool VideoJoiner::fits(const std::filesystem::path& part) const {
  return !impl_->wanted || impl_->fits(VideoInput(part));
}

double VideoJoiner::add(const std::filesystem::path& part) {
  const VideoInput input(part);
  VideoOutput& output = impl_->output;
  AVPacket* packet = impl_->packet.get();
  if (!impl_->wanted) impl_->begin(input);
  if (!impl_->fits(input)) {
    throw Error(part.string(), "encoded another way than " + impl_->first.string(),
                "only videos of one size and one encoder's settings can be joined");
  }
  while (true) {
    const int code = av_read_frame(input.context, packet);
    if (code == AVERROR_EOF) break;
    check_video(part, "read", code);
    if (packet->stream_index != input.stream->index) {
      av_packet_unref(packet);
      continue;
    }
    av_packet_rescale_ts(packet, input.stream->time_base, output.stream->time_base);
    packet->pts += impl_->offset;
    packet->dts += impl_->offset;
    packet->stream_index = 0;
    packet->pos = -1;
    output.write(packet);
  }
  impl_->offset +=
      av_rescale_q(input.stream->duration, input.stream->time_base, output.stream->time_base);
  return static_cast<double>(impl_->offset) * av_q2d(output.stream->time_base);
}

void VideoJoiner::finish() {
  if (!impl_->wanted) throw Error(impl_->output.file.string(), "no video to join");
  impl_->output.finish();
  sync_file(impl_->output.file);
}

}  // namespace gyre::io
