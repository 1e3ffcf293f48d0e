#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "gyre/core/image.h"
#include "gyre/io/video_ffmpeg.h"

extern "C" {
#include <libavutil/display.h>
}

// Videos as other people's encoders write them.
namespace gyre::io::foreign {

struct ForeignVideo {
  std::string encoder = "libx264";
  std::map<std::string, std::string> options;  // FFmpeg's names: "g", "bf", "x264-params"
  std::vector<int64_t> times_ms;               // of each frame; empty: 100 ms each
  double turn_degrees = 0;                     // anticlockwise, as the display matrix says
};

inline bool has_encoder(const std::string& name) {
  silence_ffmpeg();
  return avcodec_find_encoder_by_name(name.c_str()) != nullptr;
}

inline FfmpegPtr<AVCodecContext> foreign_encoder(const std::filesystem::path& file,
                                                 const ForeignVideo& how, const Image& like) {
  const AVCodec* codec = avcodec_find_encoder_by_name(how.encoder.c_str());
  FfmpegPtr<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  encoder->width = like.width;
  encoder->height = like.height;
  encoder->pix_fmt = AV_PIX_FMT_YUV420P;
  encoder->time_base = {1, 1000};
  encoder->framerate = {10, 1};
  encoder->thread_count = 1;
  encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary* settings = nullptr;
  for (const auto& [key, value] : how.options)
    av_dict_set(&settings, key.c_str(), value.c_str(), 0);
  const int code = avcodec_open2(encoder.get(), codec, &settings);
  av_dict_free(&settings);
  check_video(file, "encode", code);
  return encoder;
}

inline void write_foreign(const std::filesystem::path& file, const ForeignVideo& how,
                          const std::vector<Image>& pictures) {
  silence_ffmpeg();
  const int width = pictures.at(0).width, height = pictures.at(0).height;
  const auto encoder = foreign_encoder(file, how, pictures[0]);
  VideoOutput output(file);
  output.stream->time_base = encoder->time_base;
  avcodec_parameters_from_context(output.stream->codecpar, encoder.get());
  if (how.turn_degrees != 0) {
    uint8_t* matrix =
        av_stream_new_side_data(output.stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t));
    av_display_rotation_set(reinterpret_cast<int32_t*>(matrix), -how.turn_degrees);
  }
  output.begin();
  const FfmpegPtr<SwsContext> colours(sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height,
                                                     AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr,
                                                     nullptr, nullptr));
  const FfmpegPtr<AVPacket> packet(av_packet_alloc());
  const auto take = [&](const AVFrame* frame) {
    check_video(file, "encode", avcodec_send_frame(encoder.get(), frame));
    while (avcodec_receive_packet(encoder.get(), packet.get()) >= 0) {
      packet->duration = 100;  // else a reader takes the last frame for none
      av_packet_rescale_ts(packet.get(), encoder->time_base, output.stream->time_base);
      packet->stream_index = 0;
      output.write(packet.get());
    }
  };
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto rgb = padded_frame(file, width, height, AV_PIX_FMT_RGB24);
    const auto frame = padded_frame(file, width, height, AV_PIX_FMT_YUV420P);
    av_image_copy_plane(rgb->data[0], rgb->linesize[0], pictures[i].rgb.data(), width * 3,
                        width * 3, height);
    sws_scale(colours.get(), rgb->data, rgb->linesize, 0, height, frame->data, frame->linesize);
    frame->pts = how.times_ms.empty() ? static_cast<int64_t>(i) * 100 : how.times_ms.at(i);
    take(frame.get());
  }
  take(nullptr);
  output.finish();
}

// A bright square that walks over a slope of colours: each frame differs from its neighbours.
inline std::vector<Image> walking_square(int frames, int width = 64, int height = 64) {
  std::vector<Image> pictures;
  for (int i = 0; i < frames; ++i) {
    Image image = Image::black(width, height);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        uint8_t* pixel = &image.rgb[(static_cast<size_t>(y) * width + x) * 3];
        const bool inside =
            (x - 3 * i % (width - 8)) / 8 == 0 && (y - 2 * i % (height - 8)) / 8 == 0;
        pixel[0] = inside ? 250 : static_cast<uint8_t>(40 + 2 * x);
        pixel[1] = inside ? 240 : static_cast<uint8_t>(60 + 2 * y);
        pixel[2] = 30;
      }
    }
    pictures.push_back(std::move(image));
  }
  return pictures;
}

}  // namespace gyre::io::foreign
