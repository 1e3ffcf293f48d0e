#include "gyre/io/video_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/video_ffmpeg.h"

namespace gyre::io {
namespace {

constexpr int kGroup = 2;     // packets from one key packet to the next
constexpr int kQuality = 23;  // x264's crf
constexpr int kMostStreamPixels = 1 << 26;

FfmpegPtr<AVCodecContext> open_stream_encoder(const std::string& name, int width, int height) {
  silence_ffmpeg();
  const AVCodec* encoder = avcodec_find_encoder_by_name("libx264");
  if (encoder == nullptr) {
    throw Error(name, "this FFmpeg has no encoder libx264", "install Debian's libavcodec59");
  }
  FfmpegPtr<AVCodecContext> context(avcodec_alloc_context3(encoder));
  context->width = width;
  context->height = height;
  context->pix_fmt = AV_PIX_FMT_YUV420P;
  context->color_range = AVCOL_RANGE_MPEG;
  context->framerate = {30, 1};  // stated alone: each file has the times of its pictures
  context->time_base = {1, 30};
  context->gop_size = kGroup;
  context->max_b_frames = 0;
  context->thread_count = 1;  // the same bytes whatever the machine
  context->flags |= AV_CODEC_FLAG_BITEXACT;
  AVDictionary* settings = nullptr;
  av_dict_set(&settings, "preset", "ultrafast", 0);
  av_dict_set(&settings, "tune", "zerolatency", 0);
  av_dict_set_int(&settings, "crf", kQuality, 0);
  av_dict_set(&settings, "forced-idr", "1", 0);
  const std::string params = x264_params("sliced-threads=0:scenecut=0:repeat-headers=1:annexb=1");
  av_dict_set(&settings, "x264-params", params.c_str(), 0);
  const int code = avcodec_open2(context.get(), encoder, &settings);
  av_dict_free(&settings);
  check_video(name, "encode", code);
  return context;
}

struct Unit {  // of a packet: one NAL unit without its start code
  int type = 0;
  std::span<const uint8_t> bytes;
};
constexpr int kKeySlice = 5, kSequenceSet = 7, kPictureSet = 8;
constexpr uint8_t kStartCode[] = {0, 0, 0, 1};

bool is_start(std::span<const uint8_t> bytes, size_t at) {
  return at + 3 <= bytes.size() && bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + 2] == 1;
}

std::vector<Unit> units_of(std::span<const uint8_t> packet) {
  std::vector<Unit> units;
  size_t at = 0;
  while (at < packet.size() && !is_start(packet, at)) ++at;
  while (at < packet.size()) {
    const size_t begin = at + 3;
    for (at = begin; at < packet.size() && !is_start(packet, at);) ++at;
    size_t end = at;
    while (end > begin && packet[end - 1] == 0) --end;  // of the next start code
    if (end > begin) units.push_back({packet[begin] & 0x1F, packet.subspan(begin, end - begin)});
  }
  return units;
}

void append(std::vector<uint8_t>& to, const Unit& unit) {
  to.insert(to.end(), std::begin(kStartCode), std::end(kStartCode));
  to.insert(to.end(), unit.bytes.begin(), unit.bytes.end());
}

}  // namespace

struct VideoEncoder::Impl {
  Impl(std::string camera, int width, int height)
      : name(std::move(camera)),
        encoder(open_stream_encoder(name, width, height)),
        packet(av_packet_alloc()),
        rgb(padded_frame(name, width, height, AV_PIX_FMT_RGB24)),
        frame(padded_frame(name, width, height, AV_PIX_FMT_YUV420P)),
        colours(sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P,
                               SWS_BILINEAR, nullptr, nullptr, nullptr)) {}

  std::string name;
  FfmpegPtr<AVCodecContext> encoder;
  FfmpegPtr<AVPacket> packet;
  FfmpegPtr<AVFrame> rgb, frame;
  FfmpegPtr<SwsContext> colours;
  int64_t count = 0;
};

VideoEncoder::VideoEncoder(std::string name, int width, int height) {
  if (width <= 0 || height <= 0 || width % 2 != 0 || height % 2 != 0) {
    throw Error(name, fmt::format("a video of {}x{} pixels", width, height),
                "width and height must be even numbers");
  }
  impl_ = std::make_unique<Impl>(std::move(name), width, height);
}
VideoEncoder::~VideoEncoder() = default;
VideoEncoder::VideoEncoder(VideoEncoder&&) noexcept = default;
VideoEncoder& VideoEncoder::operator=(VideoEncoder&&) noexcept = default;

int VideoEncoder::width() const { return impl_->frame->width; }
int VideoEncoder::height() const { return impl_->frame->height; }

void VideoEncoder::encode(const Image& image, bool key, std::vector<uint8_t>& packet) {
  AVFrame* frame = impl_->frame.get();
  if (image.width != frame->width || image.height != frame->height ||
      image.rgb.size() != static_cast<size_t>(image.width) * image.height * 3) {
    throw Error(impl_->name, fmt::format("a picture of {}x{} pixels in a stream of {}x{}",
                                         image.width, image.height, frame->width, frame->height));
  }
  check_video(impl_->name, "encode", av_frame_make_writable(frame));
  const AVFrame* rgb = impl_->rgb.get();
  av_image_copy_plane(rgb->data[0], rgb->linesize[0], image.rgb.data(), image.width * 3,
                      image.width * 3, image.height);
  sws_scale(impl_->colours.get(), rgb->data, rgb->linesize, 0, image.height, frame->data,
            frame->linesize);
  frame->pts = impl_->count++;
  frame->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  AVCodecContext* encoder = impl_->encoder.get();
  check_video(impl_->name, "encode", avcodec_send_frame(encoder, frame));
  check_video(impl_->name, "encode", avcodec_receive_packet(encoder, impl_->packet.get()));
  packet.assign(impl_->packet->data, impl_->packet->data + impl_->packet->size);
  av_packet_unref(impl_->packet.get());
}

struct VideoDecoder::Impl {
  explicit Impl(std::string camera) : name(std::move(camera)), packet(av_packet_alloc()) {
    silence_ffmpeg();
    const AVCodec* codec = avcodec_find_decoder(AV_CODEC_ID_H264);
    if (codec == nullptr) throw Error(name, "this FFmpeg does not decode h264");
    decoder.reset(avcodec_alloc_context3(codec));
    decoder->thread_count = 1;
    decoder->flags |= AV_CODEC_FLAG_LOW_DELAY;
    decoder->err_recognition = AV_EF_EXPLODE;
    decoder->max_pixels = kMostStreamPixels;
    check_video(name, "decode", avcodec_open2(decoder.get(), codec, nullptr));
  }

  FfmpegPtr<AVFrame> frame_of(std::span<const uint8_t> bytes) {
    check_video(name, "decode", av_new_packet(packet.get(), static_cast<int>(bytes.size())));
    std::copy(bytes.begin(), bytes.end(), packet->data);
    const int sent = avcodec_send_packet(decoder.get(), packet.get());
    av_packet_unref(packet.get());
    check_video(name, "decode", sent);
    FfmpegPtr<AVFrame> frame(av_frame_alloc());
    check_video(name, "decode", avcodec_receive_frame(decoder.get(), frame.get()));
    if (frame->format != AV_PIX_FMT_YUV420P) throw Error(name, "its pixel format is not read");
    return frame;
  }

  Image image_of(const AVFrame& frame) {
    if (!rgb || rgb->width != frame.width || rgb->height != frame.height) {
      colours.reset(sws_getContext(
          frame.width, frame.height, AV_PIX_FMT_YUV420P, frame.width, frame.height,
          AV_PIX_FMT_RGB24, SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT,
          nullptr, nullptr, nullptr));
      rgb = padded_frame(name, frame.width, frame.height, AV_PIX_FMT_RGB24);
    }
    sws_scale(colours.get(), frame.data, frame.linesize, 0, frame.height, rgb->data, rgb->linesize);
    Image image = Image::black(frame.width, frame.height);
    av_image_copy_plane(image.rgb.data(), frame.width * 3, rgb->data[0], rgb->linesize[0],
                        frame.width * 3, frame.height);
    return image;
  }

  std::string name;
  FfmpegPtr<AVCodecContext> decoder;
  FfmpegPtr<AVPacket> packet;
  FfmpegPtr<SwsContext> colours;
  FfmpegPtr<AVFrame> rgb;
};

VideoDecoder::VideoDecoder(std::string name) : impl_(std::make_unique<Impl>(std::move(name))) {}
VideoDecoder::~VideoDecoder() = default;
VideoDecoder::VideoDecoder(VideoDecoder&&) noexcept = default;
VideoDecoder& VideoDecoder::operator=(VideoDecoder&&) noexcept = default;

Image VideoDecoder::decode(std::span<const uint8_t> packet) {
  try {
    return impl_->image_of(*impl_->frame_of(packet));
  } catch (const Error&) {
    avcodec_flush_buffers(impl_->decoder.get());
    throw;
  }
}

bool is_key_packet(std::span<const uint8_t> packet) {
  for (const Unit& unit : units_of(packet)) {
    if (unit.type == kKeySlice) return true;
  }
  return false;
}

std::vector<uint8_t> parameter_sets(std::span<const uint8_t> packet) {
  std::vector<uint8_t> sets;
  for (const Unit& unit : units_of(packet)) {
    if (unit.type == kSequenceSet || unit.type == kPictureSet) append(sets, unit);
  }
  return sets;
}

struct PacketWriter::Impl {
  Impl(std::filesystem::path file, int frame_width, int frame_height, double fps)
      : output(std::move(file)),
        packet(av_packet_alloc()),
        width(frame_width),
        height(frame_height),
        rate(av_d2q(fps, 100'000)) {
    output.context->flags |= AVFMT_FLAG_BITEXACT;
  }

  void begin(const std::vector<uint8_t>& parameters) {
    sets = parameters;
    AVCodecParameters* form = output.stream->codecpar;
    form->codec_type = AVMEDIA_TYPE_VIDEO;
    form->codec_id = AV_CODEC_ID_H264;
    form->format = AV_PIX_FMT_YUV420P;
    form->width = width;
    form->height = height;
    form->color_range = AVCOL_RANGE_MPEG;
    form->extradata = static_cast<uint8_t*>(
        av_mallocz(sets.size() + AV_INPUT_BUFFER_PADDING_SIZE));  // the context frees it
    form->extradata_size = static_cast<int>(sets.size());
    std::copy(sets.begin(), sets.end(), form->extradata);
    output.stream->time_base = av_inv_q(rate);
    output.stream->avg_frame_rate = rate;
    output.begin();
  }

  VideoOutput output;
  FfmpegPtr<AVPacket> packet;
  int width, height;
  AVRational rate;
  std::vector<uint8_t> sets, slices;  // sets: of the first packet; empty before it
  int64_t count = 0;
};

PacketWriter::PacketWriter(std::filesystem::path file, int width, int height, double fps)
    : impl_(std::make_unique<Impl>(std::move(file), width, height, fps)) {}
PacketWriter::~PacketWriter() = default;

// The muxer makes length-prefixed units (avcC) of start codes. Parameter sets belong in the file's
// header alone.
void PacketWriter::add(std::span<const uint8_t> bytes) {
  const std::string file = impl_->output.file.string();
  const bool key = is_key_packet(bytes);
  const std::vector<uint8_t> sets = parameter_sets(bytes);
  if (impl_->sets.empty()) {
    if (!key || sets.empty()) throw Error(file, "the first packet is no key packet");
    impl_->begin(sets);
  }
  if (!sets.empty() && sets != impl_->sets) {
    throw Error(file, "its packets were encoded with different settings");
  }
  std::vector<uint8_t>& slices = impl_->slices;
  slices.clear();
  for (const Unit& unit : units_of(bytes)) {
    if (unit.type >= 1 && unit.type <= kKeySlice) append(slices, unit);
  }
  AVPacket* packet = impl_->packet.get();
  check_video(file, "write", av_new_packet(packet, static_cast<int>(slices.size())));
  std::copy(slices.begin(), slices.end(), packet->data);
  packet->pts = packet->dts = impl_->count++;
  packet->duration = 1;
  packet->stream_index = 0;
  if (key) packet->flags |= AV_PKT_FLAG_KEY;
  av_packet_rescale_ts(packet, av_inv_q(impl_->rate), impl_->output.stream->time_base);
  impl_->output.write(packet);
}

void PacketWriter::finish() {
  if (impl_->count == 0) throw Error(impl_->output.file.string(), "a video without a picture");
  impl_->output.finish();
}

}  // namespace gyre::io
