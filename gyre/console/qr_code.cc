#include "gyre/console/qr_code.h"

#include <qrencode.h>

#include <memory>

#include "gyre/core/error.h"

namespace gyre::console {
namespace {

constexpr int kQuiet = 2;  // modules around the code

}  // namespace

std::string qr_code(const std::string& text, bool colours) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1), QRcode_free);
  if (!code) throw Error("QR code", "the text is too long");
  const int width = code->width;
  const auto light = [&](int x, int y) {
    const bool inside = x >= 0 && y >= 0 && x < width && y < width;
    return !inside || (code->data[y * width + x] & 1) == 0;
  };
  std::string drawn;
  for (int y = -kQuiet; y < width + kQuiet; y += 2) {
    if (colours) drawn += "\033[40;97m";
    for (int x = -kQuiet; x < width + kQuiet; ++x) {
      const bool upper = light(x, y), lower = light(x, y + 1);
      drawn += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    drawn += colours ? "\033[0m\n" : "\n";
  }
  return drawn;
}

}  // namespace gyre::console
