#include "gyre/run/hand_pilot.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gyre::run {
namespace {

using HandClock = std::chrono::steady_clock;
constexpr std::chrono::microseconds kBeat(16'667);
constexpr double kLongestStepS = 0.05;  // a thread that was late catches up by no more

}  // namespace

HandPilot::HandPilot(std::unique_ptr<HandDevice> device, const Embodiment& contract,
                     Operator& operations, Note note)
    : device_(std::move(device)),
      motion_(contract),
      operations_(operations),
      note_(std::move(note)) {}

HandPilot::~HandPilot() {
  leave_ = true;
  if (thread_.joinable()) thread_.join();
  release();
}

void HandPilot::begin() {
  thread_ = std::thread([this] { work(); });
}

// The robot holds still at once; the silence that follows pauses it.
void HandPilot::release() {
  if (std::exchange(drives_, false)) operations_.beat({});
}

bool HandPilot::turn(double seconds) {
  HandInput input;
  const bool here = device_->read(input);
  free_ = here && (free_ || !input.held);
  if (!here || !free_ || !input.held) {
    release();
    return here;
  }
  if (!std::exchange(drives_, true)) motion_.begin(operations_.status().sent);
  operations_.beat(motion_.act(input, std::min(seconds, kLongestStepS)));
  return true;
}

void HandPilot::work() {
  auto before = HandClock::now();
  for (auto due = before; !leave_; due += kBeat) {
    std::this_thread::sleep_until(due);
    const auto now = HandClock::now();
    if (!turn(std::chrono::duration<double>(now - before).count())) {
      note_(device_->name() + " is lost; the robot is paused");
      return;
    }
    before = now;
    if (now > due + 4 * kBeat) due = now;  // no burst after a halt
  }
}

}  // namespace gyre::run
