#include "gyre/robot/v4l2/camera.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string_view>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/robot/v4l2/pixels.h"

namespace gyre::v4l2 {
namespace {

constexpr int kWaitMs = 100;  // for a frame; then the end is looked for
constexpr std::chrono::milliseconds kReturnPause(100);

uint64_t hash_of(std::span<const uint8_t> bytes) {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

V4l2Camera::V4l2Camera(const CameraConfig& config, const CameraSpec& spec)
    : key_("camera." + spec.name),
      config_(config),
      spec_(spec),
      device_(std::make_unique<Device>(key_, config)),
      shaper_(config, spec.width, spec.height),
      pool_(spec.width, spec.height, kPictures),
      thread_([this] { work(); }) {}

V4l2Camera::~V4l2Camera() {
  leave_ = true;
  thread_.join();
}

PictureRef V4l2Camera::newest() noexcept {
  latest_.take();
  return latest_.value();
}

CameraCounts V4l2Camera::counts() const noexcept {
  return {.pictures = pictures_,
          .skipped = skipped_,
          .broken = broken_,
          .repeated = repeated_,
          .lost = lost_,
          .returns = returns_};
}

void V4l2Camera::work() {
  while (!leave_) {
    Device::Frame frame;
    switch (device_->read(kWaitMs, frame)) {
      case Device::Read::kFrame:
        take(frame);
        break;
      case Device::Read::kNothing:
        break;
      case Device::Read::kGone:
        await_return();
        break;
    }
  }
}

void V4l2Camera::take(const Device::Frame& frame) {
  skipped_ = skipped_before_ + device_->skipped();
  const uint64_t bytes = hash_of(frame.bytes);
  if (bytes == last_bytes_ || frame.time_ns <= last_ns_) {
    ++repeated_;
    return;
  }
  Image picture;
  const bool good = device_->mode().format == "mjpg"
                        ? decode_mjpg(frame.bytes, config_.width, config_.height, picture)
                        : decode_yuyv(frame.bytes, config_.width, config_.height, picture);
  if (!good) {
    ++broken_;
    return;
  }
  last_bytes_ = bytes;
  last_ns_ = frame.time_ns;
  const Image shaped = shaper_.shape(picture);
  PictureRef made = pool_.make([&](Picture& to) {
    std::ranges::copy(shaped.rgb, to.image.rgb.begin());
    to.time_ns = frame.time_ns;
    to.id = next_id_;
  });
  if (!made) {
    ++lost_;
    return;
  }
  ++next_id_;
  ++pictures_;
  latest_.writable() = std::move(made);
  latest_.publish();
}

// The camera was unplugged: it is opened and set again when it is back.
void V4l2Camera::await_return() {
  there_ = false;
  skipped_before_ += device_->skipped();
  device_.reset();
  while (!leave_) {
    std::this_thread::sleep_for(kReturnPause);
    try {
      device_ = std::make_unique<Device>(key_, config_);
    } catch (const Error&) {
      continue;
    }
    ++returns_;
    there_ = true;
    return;
  }
}

}  // namespace gyre::v4l2
