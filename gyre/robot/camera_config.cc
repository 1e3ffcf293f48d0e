#include "gyre/robot/camera_config.h"

#include <fmt/format.h>

#include <cmath>

#include "gyre/core/error.h"

namespace gyre {
namespace {

bool is_cut(double low, double high) {
  return std::isfinite(low) && std::isfinite(high) && low >= 0 && high >= 0 && low + high < 1;
}

}  // namespace

void CameraConfig::validate(const std::string& key) const {
  const auto refuse = [&](const char* field, const std::string& what) {
    throw Error(fmt::format("{}.{}", key, field), what);
  };
  constexpr int kLargestSide = 8192;
  if (width < 16 || width > kLargestSide) refuse("width", fmt::format("{} pixels", width));
  if (height < 16 || height > kLargestSide) refuse("height", fmt::format("{} pixels", height));
  if (!(fps >= 1 && fps <= 1000)) refuse("fps", fmt::format("{} is not 1 to 1000", fps));
  if (format != "auto" && format != "mjpg" && format != "yuyv") {
    refuse("format", "'" + format + "' is none of auto, mjpg, yuyv");
  }
  if (exposure_us < 0) refuse("exposure_us", "is negative; 0 is automatic");
  if (white_balance_k < 0) refuse("white_balance_k", "is negative; 0 is automatic");
  if (rotate != 0 && rotate != 90 && rotate != 180 && rotate != 270) {
    refuse("rotate", fmt::format("{} is none of 0, 90, 180, 270", rotate));
  }
  if (!is_cut(crop.left, crop.right) || !is_cut(crop.top, crop.bottom)) {
    refuse("crop", "leaves nothing of the picture");
  }
  if (lens.fx < 0 || (lens.fx > 0 && lens.fy <= 0)) refuse("lens", "has no focal length");
}

}  // namespace gyre
