#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "gyre/core/latest.h"
#include "gyre/core/picture.h"
#include "gyre/robot/camera.h"
#include "gyre/robot/camera_config.h"
#include "gyre/robot/picture_shaper.h"
#include "gyre/robot/v4l2/device.h"

namespace gyre::v4l2 {

// What a camera did so far.
struct CameraCounts {
  int64_t pictures = 0;
  int64_t skipped = 0;   // a newer one had come
  int64_t broken = 0;    // could not be decoded
  int64_t repeated = 0;  // byte by byte the one before: the camera is frozen, or its lens covered
  int64_t lost = 0;      // all pictures of the pool were in use
  int64_t returns = 0;   // it was gone and came back
};

// A camera of this machine that is read, decoded and shaped on a thread of its own. A camera that
// is unplugged gives no pictures until it is back; a picture that repeats the one before byte by
// byte is none, so that both show as an old picture.
class V4l2Camera : public Camera {
 public:
  // Opens the camera; the first picture comes later. Throws Error as Device does.
  V4l2Camera(const CameraConfig& config, const CameraSpec& spec);
  ~V4l2Camera() override;

  const CameraSpec& spec() const noexcept override { return spec_; }
  PictureRef newest() noexcept override;
  CameraCounts counts() const noexcept;  // any thread
  bool is_there() const noexcept { return there_.load(std::memory_order_relaxed); }

 private:
  static constexpr int kPictures = 64;  // in use at once: the journal, pages and policies keep some
  void work();
  void take(const Device::Frame& frame);
  void await_return();

  std::string key_;
  CameraConfig config_;
  CameraSpec spec_;
  std::unique_ptr<Device> device_;
  PictureShaper shaper_;
  PicturePool pool_;
  Latest<PictureRef> latest_;
  int64_t next_id_ = 0;
  int64_t skipped_before_ = 0;  // by the device before it was unplugged
  uint64_t last_bytes_ = 0;     // hash of the last frame
  int64_t last_ns_ = 0;         // its capture
  std::atomic<int64_t> pictures_{0}, skipped_{0}, broken_{0}, repeated_{0}, lost_{0}, returns_{0};
  std::atomic<bool> there_{true}, leave_{false};
  std::thread thread_;
};

}  // namespace gyre::v4l2
