#include <cmath>

#include "gyre/core/error.h"
#include "gyre/robot/evdev/device.h"

namespace gyre::evdev {
namespace {

constexpr double kDeadZone = 0.15;

double stick(double value) {
  const double size = std::abs(value);
  return size < kDeadZone ? 0 : std::copysign((size - kDeadZone) / (1 - kDeadZone), value);
}

class Gamepad : public HandDevice {
 public:
  explicit Gamepad(const std::string& path) : device_(path) {}
  std::string name() const override { return device_.name(); }
  bool read(HandInput& input) noexcept override {
    const bool here = device_.update();
    input = {.held = here && (device_.down(BTN_TL) || device_.down(BTN_TR)),
             .left_x = stick(device_.axis(ABS_X)),
             .left_y = -stick(device_.axis(ABS_Y)),
             .right_x = stick(device_.axis(ABS_RX)),
             .right_y = -stick(device_.axis(ABS_RY)),
             .tilt_x = device_.axis(ABS_HAT0X),
             .tilt_y = -device_.axis(ABS_HAT0Y),
             .gripper = device_.trigger(ABS_Z) - device_.trigger(ABS_RZ)};
    return here;
  }

 private:
  Device device_;
};

class Keyboard : public HandDevice {
 public:
  explicit Keyboard(const std::string& path) : device_(path) {}
  std::string name() const override { return device_.name(); }
  bool read(HandInput& input) noexcept override {
    const bool here = device_.update();
    input = {.held = here && device_.down(KEY_SPACE),
             .left_x = way(KEY_A, KEY_D),
             .left_y = way(KEY_S, KEY_W),
             .right_x = way(KEY_U, KEY_O),
             .right_y = way(KEY_F, KEY_R),
             .tilt_x = way(KEY_J, KEY_L),
             .tilt_y = way(KEY_K, KEY_I),
             .gripper = way(KEY_C, KEY_V)};
    return here;
  }

 private:
  double way(int minus, int plus) const noexcept {
    return (device_.down(plus) ? 1.0 : 0.0) - (device_.down(minus) ? 1.0 : 0.0);
  }
  Device device_;
};

std::string first_of(Kind kind) {
  std::string problem;
  for (const FoundDevice& found : find_devices()) {
    if (!found.problem.empty()) problem = found.path + ": " + found.problem;
    if (found.problem.empty() && found.kind == kind) return found.path;
  }
  const char* what = kind == Kind::kGamepad ? "no gamepad is there" : "no keyboard is there";
  throw Error("hands", problem.empty() ? what : problem, "give its path: /dev/input/by-id/...");
}

}  // namespace

std::unique_ptr<HandDevice> open_hands(Kind kind, const std::string& path) {
  const std::string chosen = path.empty() ? first_of(kind) : path;
  if (Device(chosen).kind() != kind) {
    throw Error(chosen, kind == Kind::kGamepad ? "is no gamepad" : "is no keyboard");
  }
  if (kind == Kind::kGamepad) return std::make_unique<Gamepad>(chosen);
  return std::make_unique<Keyboard>(chosen);
}

}  // namespace gyre::evdev
