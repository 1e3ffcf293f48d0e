#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/io/video.h"
#include "gyre/io/video_colours.h"
#include "gyre/io/video_ffmpeg.h"
#include "gyre/io/video_turn.h"

namespace gyre::io {
namespace {

constexpr int64_t kMostPixels = int64_t{1} << 26;  // few bytes may claim many pixels

FfmpegPtr<AVCodecContext> open_decoder(const VideoInput& input) {
  const AVCodecID id = input.stream->codecpar->codec_id;
  // FFmpeg's own AV1 decoder works only on some graphics cards.
  const AVCodec* codec = id == AV_CODEC_ID_AV1 ? avcodec_find_decoder_by_name("libdav1d") : nullptr;
  if (codec == nullptr) codec = avcodec_find_decoder(id);
  if (codec == nullptr) {
    char tag[AV_FOURCC_MAX_STRING_SIZE] = {};
    av_fourcc_make_string(tag, input.stream->codecpar->codec_tag);
    throw Error(input.file.string(),
                fmt::format("its codec, {} ('{}'), is not one that this FFmpeg decodes",
                            avcodec_get_name(id), tag),
                "encode it anew: ffmpeg -i OLD -c:v libx264 -g 2 NEW.mp4");
  }
  FfmpegPtr<AVCodecContext> context(avcodec_alloc_context3(codec));
  check_video(input.file, "decode",
              avcodec_parameters_to_context(context.get(), input.stream->codecpar));
  context->thread_count = 1;
  context->err_recognition = AV_EF_EXPLODE;
  context->max_pixels = kMostPixels;
  check_video(input.file, "decode", avcodec_open2(context.get(), codec, nullptr));
  return context;
}

// The configuration record of ISO/IEC 14496-15, clause 5.3.3.1: version 1, lengths of four bytes.
bool is_avc(const AVCodecParameters& stored) {
  return stored.codec_id == AV_CODEC_ID_H264 && stored.extradata_size > 4 &&
         stored.extradata[0] == 1 && (stored.extradata[4] & 3) == 3;
}

}  // namespace

// Decodes the frames of a file in the order in which they are shown.
class TrackDecoder {
 public:
  explicit TrackDecoder(const std::filesystem::path& file)
      : input_(file),
        decoder_(open_decoder(input_)),
        packet_(av_packet_alloc()),
        turn_(turn_of(*input_.stream)),
        is_avc_(is_avc(*input_.stream->codecpar)) {
    for (int i = 0; i < avformat_index_get_entries_count(input_.stream); ++i) {
      const AVIndexEntry* entry = avformat_index_get_entry(input_.stream, i);
      if ((entry->flags & AVINDEX_KEYFRAME) != 0) keys_.push_back(entry->timestamp);
    }
    std::ranges::sort(keys_);
  }

  // Begins `back` key frames before the last one that is due at `time_s`; goes on without a seek
  // where that is no longer a way. Returns whether the file holds an earlier beginning.
  bool start(double time_s, size_t back) {
    const double ticks = std::floor(time_s / av_q2d(input_.stream->time_base) + 0.5);
    const auto target = static_cast<int64_t>(std::clamp(ticks, -9e15, 9e15));
    if (keys_.empty()) {  // a file without an index
      seek(back == 0 ? target : 0);
      return back == 0;
    }
    const auto after = std::ranges::upper_bound(keys_, target);
    const size_t due = after == keys_.begin() ? 0 : static_cast<size_t>(after - keys_.begin()) - 1;
    const size_t key = due - std::min(back, due);
    const bool goes_on = back == 0 && shown_ && *shown_ < target &&
                         (keys_[key] <= *shown_ || is_next(target - *shown_));
    if (!goes_on) seek(keys_[key]);
    return goes_on || key > 0;
  }

  // Null at the end.
  FfmpegPtr<AVFrame> next() {
    FfmpegPtr<AVFrame> frame(av_frame_alloc());
    shown_.reset();
    while (true) {
      const int code = avcodec_receive_frame(decoder_.get(), frame.get());
      if (code == AVERROR_EOF) return nullptr;
      if (code != AVERROR(EAGAIN)) {
        check_video(input_.file, "decode", code);
        --inside_;
        shown_ = frame->best_effort_timestamp;
        return frame;
      }
      feed();
    }
  }

  double time_of(const AVFrame& frame) const {
    return static_cast<double>(frame.best_effort_timestamp) * av_q2d(input_.stream->time_base);
  }

  // In the frame's own size: it may change within a file.
  VideoPicture picture_of(const AVFrame& frame) {
    if (frame.width <= 0 || frame.height <= 0 ||
        static_cast<int64_t>(frame.width) * frame.height > kMostPixels) {
      throw_video_error(input_.file,
                        fmt::format("a frame of {}x{} pixels", frame.width, frame.height));
    }
    const bool lying = turn_.quarters % 2 != 0;
    return {.width = lying ? frame.height : frame.width,
            .height = lying ? frame.width : frame.height,
            .write = [this, &frame](std::span<uint8_t> rgb) { write(frame, rgb); }};
  }

  double duration_s() const {
    return static_cast<double>(input_.stream->duration) * av_q2d(input_.stream->time_base);
  }

  int64_t bytes() const {
    constexpr int64_t kOfEntry = 64, kOfFile = 1 << 20, kFramesHeld = 8;
    const AVCodecParameters& stored = *input_.stream->codecpar;
    const int64_t pixels = static_cast<int64_t>(stored.width) * stored.height;
    return kOfFile + kOfEntry * avformat_index_get_entries_count(input_.stream) +
           kFramesHeld * pixels * 2;
  }

 private:
  // True where a frame so many ticks ahead is the next one: cheaper to go on than to seek.
  bool is_next(int64_t ticks) const {
    const AVRational rate = input_.stream->avg_frame_rate;
    return rate.num > 0 &&
           static_cast<double>(ticks) * av_q2d(input_.stream->time_base) * av_q2d(rate) < 1.5;
  }

  void write(const AVFrame& frame, std::span<uint8_t> rgb) {
    if (turn_ == Turn{} && is_plain_yuv420(frame)) return yuv420_to_rgb(frame, rgb);
    set_colours(frame);
    sws_scale(colours_.get(), frame.data, frame.linesize, 0, frame.height, rgb_->data,
              rgb_->linesize);
    Image lying;
    const bool upright = turn_ == Turn{};
    if (!upright) lying = Image::black(frame.width, frame.height);
    av_image_copy_plane(upright ? rgb.data() : lying.rgb.data(), frame.width * 3, rgb_->data[0],
                        rgb_->linesize[0], frame.width * 3, frame.height);
    if (!upright) std::ranges::copy(turned(std::move(lying), turn_).rgb, rgb.begin());
  }

  void seek(int64_t ticks) {
    if (inside_ != 0) flush();
    is_stale_ = true;
    first_shown_.reset();
    shown_.reset();
    check_video(input_.file, "seek in",
                av_seek_frame(input_.context, input_.stream->index, ticks, AVSEEK_FLAG_BACKWARD));
  }

  void set_colours(const AVFrame& frame) {
    if (colours_ && rgb_->width == frame.width && rgb_->height == frame.height &&
        format_ == frame.format) {
      return;
    }
    colours_.reset(
        sws_getContext(frame.width, frame.height, static_cast<AVPixelFormat>(frame.format),
                       frame.width, frame.height, AV_PIX_FMT_RGB24,
                       SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT, nullptr,
                       nullptr, nullptr));
    if (!colours_) throw_video_error(input_.file, "its pixel format is not read");
    rgb_ = padded_frame(input_.file, frame.width, frame.height, AV_PIX_FMT_RGB24);
    format_ = frame.format;
    const int* matrix = colour_matrix(frame);
    const int full_range = frame.color_range == AVCOL_RANGE_JPEG;
    sws_setColorspaceDetails(colours_.get(), matrix, full_range, matrix, 1, 0, 1 << 16, 1 << 16);
  }

  // The pictures that follow the first key frame but are shown before it refer to what was not
  // read (an open group of pictures).
  bool is_leading() {
    if (packet_->pts == AV_NOPTS_VALUE) return false;
    if (!first_shown_) first_shown_ = packet_->pts;
    return packet_->pts < *first_shown_;
  }

  void feed() {
    int code = av_read_frame(input_.context, packet_.get());
    while (code >= 0 && (packet_->stream_index != input_.stream->index || is_leading())) {
      av_packet_unref(packet_.get());
      code = av_read_frame(input_.context, packet_.get());
    }
    if (code != AVERROR_EOF) check_video(input_.file, "read", code);
    const bool end = code == AVERROR_EOF;
    if (std::exchange(is_stale_, false) && (end || !is_instant_refresh())) flush();
    inside_ += end ? kNotCounted : 1;
    code = avcodec_send_packet(decoder_.get(), end ? nullptr : packet_.get());
    av_packet_unref(packet_.get());
    if (!end || code != AVERROR_EOF) check_video(input_.file, "decode", code);
  }

  void flush() {
    avcodec_flush_buffers(decoder_.get());
    inside_ = 0;
  }

  // Whether the packet is an H.264 picture that makes the decoder forget all before it (an IDR
  // picture: clause 7.4.1.2.4 of ITU-T H.264). FFmpeg's flush frees the decoder's tables, which a
  // small picture's decoding costs less than to make again.
  bool is_instant_refresh() const {
    constexpr int kIdr = 5;
    constexpr size_t kLengthBytes = 4;
    if (!is_avc_) return false;
    const std::span<const uint8_t> bytes(packet_->data, static_cast<size_t>(packet_->size));
    for (size_t at = 0; at + kLengthBytes < bytes.size();) {
      const int type = bytes[at + kLengthBytes] & 0x1F;
      if (type == kIdr) return true;
      if (type < kIdr) return false;
      size_t length = 0;
      for (size_t i = 0; i < kLengthBytes; ++i) length = length << 8 | bytes[at + i];
      at += kLengthBytes + length;
    }
    return false;
  }

  VideoInput input_;
  FfmpegPtr<AVCodecContext> decoder_;
  FfmpegPtr<AVPacket> packet_;
  Turn turn_;
  bool is_avc_;  // H.264 whose units begin with their lengths of four bytes, as MP4 has it
  std::vector<int64_t> keys_;  // when key frames are due for decoding, ascending
  static constexpr int64_t kNotCounted = 1 << 20;
  int64_t inside_ = 0;     // packets that went in and did not come out as frames
  bool is_stale_ = false;  // a seek lies between what the decoder knows and the next packet
  std::optional<int64_t> first_shown_;  // when the first frame since a seek is shown
  std::optional<int64_t> shown_;        // the last frame that came out, when it did
  FfmpegPtr<SwsContext> colours_;
  FfmpegPtr<AVFrame> rgb_;  // as large as the last frame
  int format_ = -1;         // of the last frame
};

namespace {

// The frames nearest to ascending times, in one pass from a start of the decoder's.
class NearestFrames {
 public:
  NearestFrames(const std::filesystem::path& file, TrackDecoder& decoder,
                std::span<const double> times_s, double tolerance_s,
                const std::function<void(size_t, const VideoPicture&)>& use)
      : file_(file), decoder_(decoder), times_(times_s), tolerance_(tolerance_s), use_(use) {}

  // From the last key frame before each wanted time. Where that is not enough (a recovery point
  // with intra refresh, a key frame that is shown later than it is decoded), further back, twice as
  // many key frames each time.
  void read() {
    size_t back = 0;
    while (wanted_ < times_.size()) {
      const size_t before = wanted_;
      const bool is_earlier_left = decoder_.start(times_[wanted_], back);
      Pass result = Pass::kTooLate;
      try {
        result = pass();
      } catch (const Error&) {
        if (wanted_ == before && !is_earlier_left) throw;
      }
      const bool is_last = wanted_ == before && !is_earlier_left;
      if (result == Pass::kMissing || (result == Pass::kTooLate && is_last)) {
        throw_video_error(file_, fmt::format("it has no frame at {} s", times_[wanted_]));
      }
      back = wanted_ > before ? 0 : std::max<size_t>(1, 2 * back);
    }
  }

 private:
  enum class Pass {
    kDone,
    kTooLate,  // the pass began after the wanted frame
    kMissing,  // frames before and after the wanted time are there, none is near enough
  };

  // Times in a file are rounded to its time base, so a hair over the tolerance passes.
  bool is_near(double off) const { return off <= tolerance_ + 1e-9; }

  // Emits wanted frames until all are there, or one is not to be had. Throws Error for damage.
  Pass pass() {
    FfmpegPtr<AVFrame> nearest;  // so far, to the wanted time
    double off = 0;
    const auto emit = [&] {
      use_(wanted_, decoder_.picture_of(*nearest));
      if (++wanted_ < times_.size()) off = std::abs(decoder_.time_of(*nearest) - times_[wanted_]);
    };
    while (wanted_ < times_.size()) {
      FfmpegPtr<AVFrame> frame = decoder_.next();
      const double time = frame ? decoder_.time_of(*frame) : 0;
      if (!nearest && (!frame || !is_near(time - times_[wanted_]))) return Pass::kTooLate;
      // The frame kept so far stays the nearest when this one is further away.
      while (wanted_ < times_.size() && nearest &&
             (!frame || std::abs(time - times_[wanted_]) > off)) {
        if (!is_near(off)) return Pass::kMissing;
        emit();
      }
      if (wanted_ == times_.size()) break;
      nearest = std::move(frame);
      off = std::abs(time - times_[wanted_]);
      while (wanted_ < times_.size() && off <= tolerance_) emit();
    }
    return Pass::kDone;
  }

  const std::filesystem::path& file_;
  TrackDecoder& decoder_;
  std::span<const double> times_;
  double tolerance_;
  const std::function<void(size_t, const VideoPicture&)>& use_;
  size_t wanted_ = 0;
};

}  // namespace

VideoInfo probe_video(const std::filesystem::path& file) {
  const VideoInput input(file);
  const AVCodecParameters* parameters = input.stream->codecpar;
  const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(parameters->format));
  const bool lying = turn_of(*input.stream).quarters % 2 != 0;
  VideoInfo info{.width = lying ? parameters->height : parameters->width,
                 .height = lying ? parameters->width : parameters->height,
                 .codec = {},
                 .pixel_format = format == nullptr ? "" : format};
  info.codec = avcodec_get_name(parameters->codec_id);
  info.fps = av_q2d(input.stream->avg_frame_rate);
  info.duration_s = static_cast<double>(input.stream->duration) * av_q2d(input.stream->time_base);
  info.frames = input.stream->nb_frames;
  return info;
}

Image VideoPicture::image() const {
  Image image = Image::black(width, height);
  write(image.rgb);
  return image;
}

struct VideoReader::Impl {
  explicit Impl(std::filesystem::path path) : file(std::move(path)), decoder(file) {}
  std::filesystem::path file;
  TrackDecoder decoder;
};

VideoReader::VideoReader(std::filesystem::path file)
    : impl_(std::make_unique<Impl>(std::move(file))) {}
VideoReader::~VideoReader() = default;
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;

void VideoReader::read(std::span<const double> timestamps_s, double tolerance_s,
                       const std::function<void(size_t, const VideoPicture&)>& use) {
  NearestFrames(impl_->file, impl_->decoder, timestamps_s, tolerance_s, use).read();
}

double VideoReader::duration_s() const { return impl_->decoder.duration_s(); }
int64_t VideoReader::bytes() const { return impl_->decoder.bytes(); }

void read_video(const std::filesystem::path& file, std::span<const double> timestamps_s,
                double tolerance_s, const std::function<void(size_t, Image)>& use) {
  if (timestamps_s.empty()) return;
  VideoReader(file).read(timestamps_s, tolerance_s,
                         [&](size_t i, const VideoPicture& picture) { use(i, picture.image()); });
}

}  // namespace gyre::io
