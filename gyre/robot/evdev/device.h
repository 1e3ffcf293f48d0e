#pragma once

#include <linux/input.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gyre/robot/hand_device.h"

// Gamepads and keyboards of Linux (evdev, https://docs.kernel.org/input/input.html).
namespace gyre::evdev {

enum class Kind { kGamepad, kKeyboard };

struct FoundDevice {
  std::string path;  // /dev/input/by-id/..., or /dev/input/eventN where it has no such name
  std::string name;
  Kind kind{};
  std::string problem;  // why it cannot be opened; "" where it can
};

// Why a device cannot be opened, in words.
std::string problem_of(int error);

// Gamepads and keyboards of this machine, by path.
std::vector<FoundDevice> find_devices();

// An open device: which keys are down, and where its axes are.
class Device {
 public:
  // Throws Error naming the path: it is not there, may not be opened (names the group), or is
  // neither a gamepad nor a keyboard.
  explicit Device(const std::string& path);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  bool update() noexcept;  // reads what has come; false when the device is gone
  bool down(int key) const noexcept;
  double axis(int axis) const noexcept;     // a stick, -1 to 1
  double trigger(int axis) const noexcept;  // 0 to 1
  const std::string& name() const { return name_; }
  Kind kind() const { return kind_; }

 private:
  struct Axis {
    int value = 0, min = 0, max = 0;
  };
  bool read_all() noexcept;  // all keys and axes as they are

  int fd_ = -1;
  std::string name_;
  Kind kind_{};
  bool dropped_ = false;  // events were lost: what follows is not whole until the next report
  std::array<uint8_t, KEY_MAX / 8 + 1> keys_{};
  std::array<Axis, ABS_MAX + 1> axes_{};
};

// A gamepad: either shoulder button is the dead-man control; sticks, the cross for tilt, the left
// trigger opens, the right one closes. A keyboard: the space bar is the dead-man control; keys as
// on the console's page (docs/console.md). Throws Error as Device does. `path` may be empty: the
// first of its kind.
std::unique_ptr<HandDevice> open_hands(Kind kind, const std::string& path);

}  // namespace gyre::evdev
