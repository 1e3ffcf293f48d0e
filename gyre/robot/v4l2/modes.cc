#include "gyre/robot/v4l2/modes.h"

#include <fmt/format.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace gyre::v4l2 {
namespace {

constexpr uint32_t kMost = 64;  // formats, sizes or rates of one camera

double highest_rate(int fd, uint32_t format, uint32_t width, uint32_t height) {
  double highest = 0;
  for (uint32_t i = 0; i < kMost; ++i) {
    v4l2_frmivalenum interval{};
    interval.index = i;
    interval.pixel_format = format;
    interval.width = width;
    interval.height = height;
    if (ask(fd, VIDIOC_ENUM_FRAMEINTERVALS, &interval) != 0) break;
    const bool discrete = interval.type == V4L2_FRMIVAL_TYPE_DISCRETE;
    const v4l2_fract& shortest = discrete ? interval.discrete : interval.stepwise.min;
    if (shortest.numerator > 0) {
      highest = std::max(highest, static_cast<double>(shortest.denominator) / shortest.numerator);
    }
    if (!discrete) break;
  }
  return highest;
}

void read_sizes(int fd, uint32_t format, std::vector<Mode>& modes) {
  for (uint32_t i = 0; i < kMost; ++i) {
    v4l2_frmsizeenum size{};
    size.index = i;
    size.pixel_format = format;
    if (ask(fd, VIDIOC_ENUM_FRAMESIZES, &size) != 0) break;
    const bool discrete = size.type == V4L2_FRMSIZE_TYPE_DISCRETE;
    const uint32_t width = discrete ? size.discrete.width : size.stepwise.max_width;
    const uint32_t height = discrete ? size.discrete.height : size.stepwise.max_height;
    modes.push_back({.format = format_name(format),
                     .width = static_cast<int>(width),
                     .height = static_cast<int>(height),
                     .fps = highest_rate(fd, format, width, height)});
    if (!discrete) break;
  }
}

}  // namespace

int ask(int fd, unsigned long request, void* argument) {  // NOLINT(google-runtime-int)
  int result = 0;
  do {
    result = ::ioctl(fd, request, argument);
  } while (result != 0 && errno == EINTR);
  return result;
}

bool gives_pictures(int fd) {
  v4l2_capability able{};
  if (ask(fd, VIDIOC_QUERYCAP, &able) != 0) return false;
  const uint32_t can =
      (able.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? able.device_caps : able.capabilities;
  return (can & V4L2_CAP_VIDEO_CAPTURE) != 0 && (can & V4L2_CAP_STREAMING) != 0;
}

std::string card_name(int fd) {
  v4l2_capability able{};
  if (ask(fd, VIDIOC_QUERYCAP, &able) != 0) return "";
  const auto* name = reinterpret_cast<const char*>(able.card);
  return {name, strnlen(name, sizeof able.card)};
}

std::vector<Mode> read_modes(int fd) {
  std::vector<Mode> modes;
  for (uint32_t i = 0; i < kMost; ++i) {
    v4l2_fmtdesc format{};
    format.index = i;
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (ask(fd, VIDIOC_ENUM_FMT, &format) != 0) break;
    read_sizes(fd, format.pixelformat, modes);
  }
  return modes;
}

std::string modes_text(const std::vector<Mode>& modes) {
  if (modes.empty()) return "no mode that it names";
  std::string text;
  for (const Mode& mode : modes) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}x{} at {:.0f}", mode.format, mode.width, mode.height, mode.fps);
  }
  return text;
}

uint32_t four_letters(const std::string& format) {
  return format == "mjpg" ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
}

std::string format_name(uint32_t four_letters) {
  if (four_letters == V4L2_PIX_FMT_MJPEG || four_letters == V4L2_PIX_FMT_JPEG) return "mjpg";
  if (four_letters == V4L2_PIX_FMT_YUYV) return "yuyv";
  std::string name;
  for (int i = 0; i < 4; ++i) {
    const char letter = static_cast<char>((four_letters >> (8 * i)) & 0xFF);
    name += letter >= ' ' && letter < 0x7F ? letter : '?';
  }
  return name;
}

std::string open_problem(int error) {
  switch (error) {
    case ENOENT:
      return "there is no such device; `gyre robot find-cameras` lists what there is";
    case EACCES:
      return "may not be opened; add yourself to its group (`sudo usermod -aG video $USER`) and "
             "log "
             "in again";
    case EBUSY:
      return "is in use by another program";
    default:
      return std::strerror(error);
  }
}

}  // namespace gyre::v4l2
