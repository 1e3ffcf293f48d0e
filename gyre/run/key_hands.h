#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "gyre/core/clock.h"
#include "gyre/robot/hand_device.h"

namespace gyre::run {

// Keys of a terminal as hands. A terminal tells of presses and of the system's repeats, never of a
// release: a press is one bounded step, a tenth of a second at half speed. A key that is held down
// repeats, and from the second repeat on it drives at full speed, until no repeat comes for a
// moment. The keys are those of the console's page (docs/console.md).
class KeyHands : public HandDevice {
 public:
  static constexpr std::string_view kHelp =
      "w s forward and back, a d left and right, r f up and down, u o turn, i k j l tilt, "
      "c v close and open";

  // `clock` must outlive it.
  explicit KeyHands(const Clock& clock) : clock_(clock) {}

  // Any thread. False for a key that moves nothing.
  bool press(char key);
  void let_go();  // nothing moves any more

  std::string name() const override { return "keys"; }
  bool read(HandInput& input) noexcept override;

 private:
  const Clock& clock_;
  std::mutex mutex_;  // of what follows
  char key_ = 0;
  int repeats_ = 0;
  int64_t pressed_ns_ = 0;
  int64_t step_until_ns_ = 0, drive_until_ns_ = 0;
};

}  // namespace gyre::run
