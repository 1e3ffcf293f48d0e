#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gyre/robot/camera_config.h"

// Cameras of Linux (Video4Linux 2, https://docs.kernel.org/userspace-api/media/v4l/v4l2.html).
namespace gyre::v4l2 {

struct Mode {
  std::string format;  // "mjpg", "yuyv", or the four letters of another one
  int width = 0, height = 0;
  double fps = 0;  // the highest
  bool operator==(const Mode&) const = default;
};

struct FoundCamera {
  std::string path;  // /dev/v4l/by-id/..., or /dev/videoN where it has no such name
  std::string name;  // as the camera calls itself
  std::vector<Mode> modes;
  std::string problem;  // why it cannot be opened; "" where it can
};

// The cameras of this machine, by path. Nodes that give no pictures (metadata) are left out.
std::vector<FoundCamera> find_cameras();

// One open camera that streams. For one thread.
class Device {
 public:
  // Opens and sets the camera, and begins to stream. Throws Error naming `key` (for instance
  // "camera.front") and the device: it is not there, may not be opened (names the group), is in
  // use, is no camera, gives another size or rate than asked, or has not the control that is set.
  Device(const std::string& key, const CameraConfig& config);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  enum class Read { kFrame, kNothing, kGone };
  struct Frame {
    std::span<const uint8_t> bytes;  // until the next read()
    int64_t time_ns = 0;             // capture, CLOCK_MONOTONIC
  };
  // Waits so long for a frame, and takes the newest; those before it are counted in skipped().
  Read read(int timeout_ms, Frame& frame);

  const Mode& mode() const { return mode_; }
  int64_t skipped() const { return skipped_; }

 private:
  struct Buffer {
    void* start = nullptr;
    size_t bytes = 0;
  };
  void choose_format(const CameraConfig& config);
  void set_rate(const CameraConfig& config);
  void set_controls(const CameraConfig& config);
  void set_control(uint32_t id, int value, const char* name, bool must);
  void start();
  bool give_back(uint32_t index);
  void close() noexcept;
  [[noreturn]] void refuse(const std::string& what, const std::string& what_to_do = "") const;

  std::string key_, path_;
  int fd_ = -1;
  Mode mode_;
  std::vector<Buffer> buffers_;
  int held_ = -1;  // the buffer that the last frame lies in
  int64_t skipped_ = 0;
};

}  // namespace gyre::v4l2
