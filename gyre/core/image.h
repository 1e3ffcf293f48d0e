#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gyre {

// 8-bit RGB, rows from the top, [height, width, 3].
struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;

  static Image black(int width, int height) {
    return {width, height, std::vector<uint8_t>(static_cast<size_t>(width) * height * 3)};
  }
  bool operator==(const Image&) const = default;
};

}  // namespace gyre
