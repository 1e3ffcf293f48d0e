#include "gyre/robot/v4l2/device.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>

#include "gyre/core/error.h"
#include "gyre/robot/v4l2/modes.h"

namespace gyre::v4l2 {
namespace {

constexpr uint32_t kBuffers = 4;
constexpr int64_t kOldestNs = 1'000'000'000;  // a stamp older than this is of another clock

int64_t capture_clock_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

v4l2_buffer empty_buffer(uint32_t index = 0) {
  v4l2_buffer buffer{};
  buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  buffer.memory = V4L2_MEMORY_MMAP;
  buffer.index = index;
  return buffer;
}

// The driver's stamp where it is of our clock, else the time of arrival.
int64_t capture_ns(const v4l2_buffer& buffer) {
  const int64_t now = capture_clock_ns();
  if ((buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) != V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) {
    return now;
  }
  const int64_t stamp =
      int64_t{buffer.timestamp.tv_sec} * 1'000'000'000 + int64_t{buffer.timestamp.tv_usec} * 1000;
  return stamp > now || stamp < now - kOldestNs ? now : stamp;
}

}  // namespace

Device::Device(const std::string& key, const CameraConfig& config)
    : key_(key), path_(config.device) {
  config.validate(key);
  if (path_.empty()) {
    throw Error(key + ".device", "is not given", "`gyre robot find-cameras` lists what there is");
  }
  fd_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd_ < 0) throw Error(fmt::format("{}: {}", key, path_), open_problem(errno), "");
  try {
    if (!gives_pictures(fd_)) refuse("is no camera that streams pictures");
    choose_format(config);
    set_rate(config);
    set_controls(config);
    start();
  } catch (...) {
    close();
    throw;
  }
}

Device::~Device() { close(); }

void Device::close() noexcept {
  if (fd_ < 0) return;
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  ask(fd_, VIDIOC_STREAMOFF, &type);
  for (const Buffer& buffer : buffers_) ::munmap(buffer.start, buffer.bytes);
  buffers_.clear();
  ::close(fd_);
  fd_ = -1;
}

void Device::refuse(const std::string& what, const std::string& what_to_do) const {
  throw Error(fmt::format("{}: {}", key_, path_), what, what_to_do);
}

void Device::choose_format(const CameraConfig& config) {
  const std::vector<Mode> modes = read_modes(fd_);
  const Mode* best = nullptr;
  for (const Mode& mode : modes) {
    const bool known = mode.format == "mjpg" || mode.format == "yuyv";
    const bool wanted = config.format == "auto" ? known : mode.format == config.format;
    if (!wanted || mode.width != config.width || mode.height != config.height) continue;
    // Packed pictures leave room on the bus for a second camera.
    const auto worth = [&](const Mode& one) {
      return std::pair(one.fps > config.fps - 0.5, one.format == "mjpg");
    };
    if (best == nullptr || worth(mode) > worth(*best)) best = &mode;
  }
  if (best == nullptr) {
    refuse(fmt::format("gives no {}x{}{}", config.width, config.height,
                       config.format == "auto" ? "" : " as " + config.format),
           "it gives " + modes_text(modes));
  }
  mode_ = *best;
  v4l2_format format{};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  format.fmt.pix.width = static_cast<uint32_t>(mode_.width);
  format.fmt.pix.height = static_cast<uint32_t>(mode_.height);
  format.fmt.pix.pixelformat = four_letters(mode_.format);
  format.fmt.pix.field = V4L2_FIELD_NONE;
  if (ask(fd_, VIDIOC_S_FMT, &format) != 0) {
    refuse(errno == EBUSY ? "is in use by another program" : std::strerror(errno));
  }
  if (format.fmt.pix.width != static_cast<uint32_t>(mode_.width) ||
      format.fmt.pix.height != static_cast<uint32_t>(mode_.height) ||
      format.fmt.pix.pixelformat != four_letters(mode_.format)) {
    refuse(fmt::format("was asked for {}x{} as {} and gives {}x{} as {}", mode_.width, mode_.height,
                       mode_.format, format.fmt.pix.width, format.fmt.pix.height,
                       format_name(format.fmt.pix.pixelformat)));
  }
}

void Device::set_rate(const CameraConfig& config) {
  v4l2_streamparm parameters{};
  parameters.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  parameters.parm.capture.timeperframe = {1000,
                                          static_cast<uint32_t>(std::lround(1000 * config.fps))};
  if (ask(fd_, VIDIOC_S_PARM, &parameters) != 0) return;  // it has one rate
  const v4l2_fract& period = parameters.parm.capture.timeperframe;
  if (period.numerator == 0) return;
  mode_.fps = static_cast<double>(period.denominator) / period.numerator;
  if (mode_.fps < config.fps - 0.5) {
    refuse(fmt::format("gives {:.0f} pictures a second at {}x{}, not {:.0f}", mode_.fps,
                       mode_.width, mode_.height, config.fps),
           "give a lower fps or size");
  }
}

void Device::set_control(uint32_t id, int value, const char* name, bool must) {
  v4l2_control control{.id = id, .value = value};
  if (ask(fd_, VIDIOC_S_CTRL, &control) == 0 || !must) return;
  refuse(fmt::format("does not take {} = {}: {}", name, value,
                     errno == EINVAL ? "it has no such control" : std::strerror(errno)));
}

// A control that is left to the camera is set back to automatic where the camera can.
void Device::set_controls(const CameraConfig& config) {
  constexpr int kManual = V4L2_EXPOSURE_MANUAL, kAutomatic = V4L2_EXPOSURE_APERTURE_PRIORITY;
  const bool exposed = config.exposure_us > 0;
  set_control(V4L2_CID_EXPOSURE_AUTO, exposed ? kManual : kAutomatic, "exposure_us", exposed);
  if (exposed) {
    constexpr int kUnitUs = 100;
    set_control(V4L2_CID_EXPOSURE_ABSOLUTE, std::max(1, config.exposure_us / kUnitUs),
                "exposure_us / 100", true);
  }
  const bool focused = config.focus >= 0;
  set_control(V4L2_CID_FOCUS_AUTO, focused ? 0 : 1, "focus", false);
  if (focused) set_control(V4L2_CID_FOCUS_ABSOLUTE, config.focus, "focus", true);
  if (config.gain >= 0) set_control(V4L2_CID_GAIN, config.gain, "gain", true);
  const bool balanced = config.white_balance_k > 0;
  set_control(V4L2_CID_AUTO_WHITE_BALANCE, balanced ? 0 : 1, "white_balance_k", balanced);
  if (balanced) {
    set_control(V4L2_CID_WHITE_BALANCE_TEMPERATURE, config.white_balance_k, "white_balance_k",
                true);
  }
}

void Device::start() {
  v4l2_requestbuffers request{};
  request.count = kBuffers;
  request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  request.memory = V4L2_MEMORY_MMAP;
  if (ask(fd_, VIDIOC_REQBUFS, &request) != 0) {
    refuse(errno == EBUSY ? "is in use by another program" : std::strerror(errno));
  }
  for (uint32_t i = 0; i < request.count; ++i) {
    v4l2_buffer buffer = empty_buffer(i);
    if (ask(fd_, VIDIOC_QUERYBUF, &buffer) != 0) refuse(std::strerror(errno));
    void* start = ::mmap(nullptr, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd_,
                         static_cast<off_t>(buffer.m.offset));
    if (start == MAP_FAILED) refuse(std::string("its memory: ") + std::strerror(errno));
    buffers_.push_back({start, buffer.length});
    if (!give_back(i)) refuse(std::strerror(errno));
  }
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (ask(fd_, VIDIOC_STREAMON, &type) != 0) {
    const bool crowded = errno == ENOSPC;
    refuse(crowded ? "the USB bus has no room for it" : std::strerror(errno),
           crowded ? "use mjpg, a lower size or rate, or another USB port" : "");
  }
}

bool Device::give_back(uint32_t index) {
  v4l2_buffer buffer = empty_buffer(index);
  return ask(fd_, VIDIOC_QBUF, &buffer) == 0;
}

Device::Read Device::read(int timeout_ms, Frame& frame) {
  if (held_ >= 0 && !give_back(static_cast<uint32_t>(held_))) return Read::kGone;
  held_ = -1;
  pollfd waits{.fd = fd_, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&waits, 1, timeout_ms);
  if (ready == 0 || (ready < 0 && errno == EINTR)) return Read::kNothing;
  if (ready < 0) return Read::kGone;
  for (;;) {
    v4l2_buffer buffer = empty_buffer();
    if (ask(fd_, VIDIOC_DQBUF, &buffer) != 0) {
      if (errno == EAGAIN) return held_ >= 0 ? Read::kFrame : Read::kNothing;
      return Read::kGone;
    }
    if (buffer.index >= buffers_.size()) return Read::kGone;
    if (held_ >= 0) {  // a newer one has come
      ++skipped_;
      if (!give_back(static_cast<uint32_t>(held_))) return Read::kGone;
    }
    held_ = static_cast<int>(buffer.index);
    const Buffer& memory = buffers_[buffer.index];
    const bool broken = (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0;
    frame.bytes = {static_cast<const uint8_t*>(memory.start),
                   broken ? 0 : std::min<size_t>(buffer.bytesused, memory.bytes)};
    frame.time_ns = capture_ns(buffer);
  }
}

}  // namespace gyre::v4l2
