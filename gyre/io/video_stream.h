#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/image.h"

// One camera's pictures as an H.264 stream (Annex B), a packet for each, without a container.
namespace gyre::io {

// Encodes pictures as they come, fast (libx264 ultrafast, one thread). A packet refers to nothing,
// or to the packet before alone; every second one, and each that is asked to, is a key packet,
// which refers to nothing and holds the parameter sets. The same pictures give the same bytes.
class VideoEncoder {
 public:
  // `name` is that of the camera in errors. Width and height in pixels, even numbers.
  VideoEncoder(std::string name, int width, int height);
  ~VideoEncoder();
  VideoEncoder(VideoEncoder&&) noexcept;
  VideoEncoder& operator=(VideoEncoder&&) noexcept;

  int width() const;
  int height() const;
  // Makes `packet` that of the picture. `key`: it becomes a key packet. Throws Error for a picture
  // of another size.
  void encode(const Image& image, bool key, std::vector<uint8_t>& packet);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Decodes such packets, each at once.
class VideoDecoder {
 public:
  explicit VideoDecoder(std::string name);
  ~VideoDecoder();
  VideoDecoder(VideoDecoder&&) noexcept;
  VideoDecoder& operator=(VideoDecoder&&) noexcept;

  // What a packet shows, when the one that it refers to came before it. Throws Error for a damaged
  // packet; a key packet is needed then.
  Image decode(std::span<const uint8_t> packet);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

bool is_key_packet(std::span<const uint8_t> packet);
// The sequence and picture parameter sets of a packet, with start codes; empty where it has none.
std::vector<uint8_t> parameter_sets(std::span<const uint8_t> packet);

// Puts packets into an MP4 as they are, the i-th at i / fps seconds.
class PacketWriter {
 public:
  PacketWriter(std::filesystem::path file, int width, int height, double fps);
  ~PacketWriter();
  PacketWriter(const PacketWriter&) = delete;
  PacketWriter& operator=(const PacketWriter&) = delete;

  // The first must be a key packet, and all have its parameter sets: Error otherwise.
  void add(std::span<const uint8_t> packet);
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::io
