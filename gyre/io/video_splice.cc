#include "gyre/io/video_splice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/video_ffmpeg.h"

namespace gyre::io {
namespace {

using PacketPtr = FfmpegPtr<AVPacket>;

// The next packet of the video track; null at the end.
PacketPtr next_packet(const VideoInput& input) {
  PacketPtr packet(av_packet_alloc());
  while (true) {
    const int code = av_read_frame(input.context, packet.get());
    if (code == AVERROR_EOF) return nullptr;
    check_video(input.file, "read", code);
    if (packet->stream_index == input.stream->index) return packet;
    av_packet_unref(packet.get());
  }
}

double seconds(int64_t ticks, AVRational base) { return static_cast<double>(ticks) * av_q2d(base); }

// Packets that an edit list cuts off are decoded but never shown.
bool is_shown(const AVPacket& packet) {
  return (packet.flags & AV_PKT_FLAG_DISCARD) == 0 && packet.pts != AV_NOPTS_VALUE;
}

void decode_times(const VideoInput& input, const std::function<bool()>& stop,
                  std::vector<double>& times) {
  const AVCodecParameters* parameters = input.stream->codecpar;
  const AVCodec* codec =
      parameters->codec_id == AV_CODEC_ID_AV1 ? avcodec_find_decoder_by_name("libdav1d") : nullptr;
  if (codec == nullptr) codec = avcodec_find_decoder(parameters->codec_id);
  if (codec == nullptr) {
    throw Error(input.file.string(), fmt::format("this FFmpeg does not decode {}",
                                                 avcodec_get_name(parameters->codec_id)));
  }
  FfmpegPtr<AVCodecContext> context(avcodec_alloc_context3(codec));
  check_video(input.file, "decode", avcodec_parameters_to_context(context.get(), parameters));
  context->pkt_timebase = input.stream->time_base;
  context->err_recognition = AV_EF_EXPLODE;
  check_video(input.file, "decode", avcodec_open2(context.get(), codec, nullptr));
  FfmpegPtr<AVFrame> frame(av_frame_alloc());
  const auto drain = [&] {
    while (true) {
      const int code = avcodec_receive_frame(context.get(), frame.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
      check_video(input.file, "decode", code);
      times.push_back(seconds(frame->best_effort_timestamp, input.stream->time_base));
      av_frame_unref(frame.get());
    }
  };
  while (!stop || !stop()) {
    const PacketPtr packet = next_packet(input);
    check_video(input.file, "decode", avcodec_send_packet(context.get(), packet.get()));
    drain();
    if (!packet) return;
  }
}

}  // namespace

VideoFrames video_frames(const std::filesystem::path& file, bool decode,
                         const std::function<bool()>& stop) {
  const VideoInput input(file);
  VideoFrames frames{.times_s = {},
                     .width = input.stream->codecpar->width,
                     .height = input.stream->codecpar->height};
  if (decode) {
    decode_times(input, stop, frames.times_s);
  } else {
    while (!stop || !stop()) {
      const PacketPtr packet = next_packet(input);
      if (!packet) break;
      if (is_shown(*packet)) {
        frames.times_s.push_back(seconds(packet->pts, input.stream->time_base));
      }
    }
  }
  std::sort(frames.times_s.begin(), frames.times_s.end());
  return frames;
}

struct VideoSplicer::Impl {
  Impl(std::filesystem::path path, double rate) : output(std::move(path)), fps(rate) {}

  void begin(const VideoInput& part);
  bool same_form(const VideoInput& part) const;

  VideoOutput output;
  double fps;
  FfmpegPtr<AVCodecParameters> wanted;  // of the first part
  int64_t frames = 0, bytes = 0;
  int64_t last_dts = INT64_MIN;
};

// The output takes the form of the first part.
void VideoSplicer::Impl::begin(const VideoInput& part) {
  wanted.reset(avcodec_parameters_alloc());
  check_video(output.file, "write", avcodec_parameters_copy(wanted.get(), part.stream->codecpar));
  check_video(output.file, "write",
              avcodec_parameters_copy(output.stream->codecpar, part.stream->codecpar));
  output.context->flags |= AVFMT_FLAG_BITEXACT;
  output.stream->codecpar->codec_tag = 0;
  output.stream->time_base = part.stream->time_base;
  output.stream->avg_frame_rate = av_d2q(fps, 100'000);
  // The picture's rotation, mastering and the like.
  for (int i = 0; i < part.stream->nb_side_data; ++i) {
    const AVPacketSideData& data = part.stream->side_data[i];
    uint8_t* copy = av_stream_new_side_data(output.stream, data.type, data.size);
    if (copy != nullptr) std::copy_n(data.data, data.size, copy);
  }
  output.begin();
}

bool VideoSplicer::Impl::same_form(const VideoInput& part) const {
  const AVCodecParameters* has = part.stream->codecpar;
  return has->codec_id == wanted->codec_id && has->width == wanted->width &&
         has->height == wanted->height && has->format == wanted->format &&
         has->extradata_size == wanted->extradata_size &&
         std::equal(has->extradata, has->extradata + has->extradata_size, wanted->extradata);
}

VideoSplicer::VideoSplicer(std::filesystem::path file, double fps)
    : impl_(std::make_unique<Impl>(std::move(file), fps)) {}
VideoSplicer::~VideoSplicer() = default;

bool VideoSplicer::fits(const std::filesystem::path& part) const {
  return !impl_->wanted || impl_->same_form(VideoInput(part));
}

int64_t VideoSplicer::frames() const { return impl_->frames; }
int64_t VideoSplicer::bytes() const { return impl_->bytes; }

std::optional<double> VideoSplicer::add(const std::filesystem::path& part, double from_s,
                                        int64_t frames) {
  const VideoInput input(part);
  const AVRational base = input.stream->time_base;
  const double half = 0.5 / impl_->fps, to_s = from_s + static_cast<double>(frames) / impl_->fps;
  // A key frame may stand before its picture's time by as many frames as are reordered.
  const double seek_s = std::max(0.0, from_s - 1);
  check_video(
      part, "seek in",
      av_seek_frame(input.context, input.stream->index,
                    static_cast<int64_t>(std::floor(seek_s / av_q2d(base))), AVSEEK_FLAG_BACKWARD));
  std::vector<PacketPtr> run;  // in decoding order
  bool clean = true, ended = false;
  while (PacketPtr packet = next_packet(input)) {
    if (packet->pts == AV_NOPTS_VALUE) continue;
    const double time = seconds(packet->pts, base);
    const bool inside = is_shown(*packet) && time > from_s - half && time < to_s - half;
    if (inside) {
      clean &= !ended && (!run.empty() || (packet->flags & AV_PKT_FLAG_KEY) != 0);
      run.push_back(std::move(packet));
      continue;
    }
    if (!run.empty()) ended = true;
    // Later packets show later pictures than this one's decoding time.
    const int64_t decoded = packet->dts == AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (seconds(decoded, base) > to_s) break;
  }
  if (std::ssize(run) != frames) {
    throw Error(part.string(),
                fmt::format("{} frames from {} s on, not {}", run.size(), from_s, frames),
                "`gyre data verify` names what does not fit");
  }
  int64_t first = INT64_MAX;
  for (const PacketPtr& packet : run) first = std::min(first, packet->pts);
  // The key frame must be the first picture too.
  if (!clean || run.empty() || run.front()->pts != first) return std::nullopt;
  if (!impl_->wanted) {
    impl_->begin(input);
  } else if (!impl_->same_form(input)) {
    throw Error(part.string(),
                "encoded another way than what " + impl_->output.file.string() + " holds",
                "only videos of one encoder can be joined");
  }
  const AVRational out_base = impl_->output.stream->time_base;
  const double begin_s = static_cast<double>(impl_->frames) / impl_->fps;
  const auto offset = static_cast<int64_t>(std::llround(begin_s / av_q2d(out_base)));
  int64_t last_dts = impl_->last_dts;
  for (const PacketPtr& packet : run) {
    packet->pts -= first;
    packet->dts = packet->dts == AV_NOPTS_VALUE ? packet->pts : packet->dts - first;
    av_packet_rescale_ts(packet.get(), base, out_base);
    packet->pts += offset;
    packet->dts = std::max(packet->dts + offset, last_dts + 1);
    last_dts = packet->dts;
    // Fewer reordered frames before than here: the two do not join.
    if (packet->dts > packet->pts) return std::nullopt;
  }
  for (const PacketPtr& packet : run) {
    impl_->bytes += packet->size;
    packet->stream_index = 0;
    packet->pos = -1;
    impl_->output.write(packet.get());
  }
  impl_->last_dts = last_dts;
  impl_->frames += frames;
  return static_cast<double>(offset) * av_q2d(out_base);
}

void VideoSplicer::finish() {
  if (!impl_->wanted) throw Error(impl_->output.file.string(), "no video to join");
  impl_->output.finish();
  sync_file(impl_->output.file);
}

}  // namespace gyre::io
