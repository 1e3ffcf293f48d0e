#pragma once

#include <string>

namespace gyre {

// What a person's hands ask for, each from -1 to 1; right, up and open are positive.
struct HandInput {
  bool held = false;  // the dead-man control
  double left_x = 0, left_y = 0;
  double right_x = 0, right_y = 0;
  double tilt_x = 0, tilt_y = 0;
  double gripper = 0;
  bool operator==(const HandInput&) const = default;
};

// Something that hands hold or press. For one thread.
class HandDevice {
 public:
  virtual ~HandDevice() = default;
  virtual std::string name() const = 0;
  // The present input. False when the device is gone.
  virtual bool read(HandInput& input) noexcept = 0;
};

}  // namespace gyre
