#include "gyre/core/request.h"

namespace gyre {

Rng Request::noise(int draw) const {
  std::string name = "chunk " + std::to_string(id);
  if (draw > 0) name += " draw " + std::to_string(draw);
  return Rng::stream(noise_seed, name);
}

uint64_t pixel_hash(const Image& image) {
  // FNV-1a over 64-bit words, then the rest byte by byte: fast enough to hash every picture.
  uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&hash](uint64_t word) { hash = (hash ^ word) * 0x100000001b3; };
  mix(static_cast<uint64_t>(image.width));
  mix(static_cast<uint64_t>(image.height));
  size_t at = 0;
  for (; at + 8 <= image.rgb.size(); at += 8) {
    uint64_t word = 0;
    for (int byte = 0; byte < 8; ++byte) word |= uint64_t{image.rgb[at + byte]} << (8 * byte);
    mix(word);
    hash ^= hash >> 29;
  }
  for (; at < image.rgb.size(); ++at) mix(image.rgb[at]);
  return hash;
}

}  // namespace gyre
