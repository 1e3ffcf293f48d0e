#include "gyre/run/key_hands.h"

#include <algorithm>
#include <array>

namespace gyre::run {
namespace {

constexpr int64_t kRepeatNs = 120'000'000;  // a press that comes sooner is a repeat
constexpr int64_t kStepNs = 100'000'000;
constexpr double kStepSpeed = 0.5;
constexpr int kDrivingRepeats = 2;

struct HandKey {
  char key;
  double HandInput::*slot;
  double way;
};
constexpr std::array<HandKey, 14> kHandKeys = {{{'w', &HandInput::left_y, 1},
                                                {'s', &HandInput::left_y, -1},
                                                {'d', &HandInput::left_x, 1},
                                                {'a', &HandInput::left_x, -1},
                                                {'r', &HandInput::right_y, 1},
                                                {'f', &HandInput::right_y, -1},
                                                {'o', &HandInput::right_x, 1},
                                                {'u', &HandInput::right_x, -1},
                                                {'l', &HandInput::tilt_x, 1},
                                                {'j', &HandInput::tilt_x, -1},
                                                {'i', &HandInput::tilt_y, 1},
                                                {'k', &HandInput::tilt_y, -1},
                                                {'v', &HandInput::gripper, 1},
                                                {'c', &HandInput::gripper, -1}}};

}  // namespace

bool KeyHands::press(char key) {
  if (std::ranges::find(kHandKeys, key, &HandKey::key) == kHandKeys.end()) return false;
  const std::lock_guard lock(mutex_);
  const int64_t now = clock_.now_ns();
  const bool repeats = key == key_ && now - pressed_ns_ < kRepeatNs;
  repeats_ = repeats ? repeats_ + 1 : 0;
  if (!repeats) step_until_ns_ = now + kStepNs;
  drive_until_ns_ = repeats_ >= kDrivingRepeats ? now + kRepeatNs : 0;
  key_ = key;
  pressed_ns_ = now;
  return true;
}

void KeyHands::let_go() {
  const std::lock_guard lock(mutex_);
  step_until_ns_ = drive_until_ns_ = 0;
  key_ = 0;
}

bool KeyHands::read(HandInput& input) noexcept {
  const std::lock_guard lock(mutex_);
  input = {};
  const int64_t now = clock_.now_ns();
  const bool drives = now < drive_until_ns_;
  if (!drives && now >= step_until_ns_) return true;
  const auto* const key = std::ranges::find(kHandKeys, key_, &HandKey::key);
  if (key == kHandKeys.end()) return true;
  input.held = true;
  input.*(key->slot) = key->way * (drives ? 1 : kStepSpeed);
  return true;
}

}  // namespace gyre::run
