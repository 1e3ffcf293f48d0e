#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

#include "gyre/core/clock.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/fake/arm.h"
#include "gyre/robot/fake/port.h"
#include "gyre/robot/feetech/serial_port.h"
#include "gyre/robot/feetech/servo_loop.h"
#include "gyre/run/real_time.h"

// Played arms of `gyre bench robot`.
namespace gyre::apps {

inline constexpr int kBusBaud = 1'000'000;
inline constexpr double kBusShare = 0.98;  // of a period that the bus may take

// A played arm and its loop, which runs on a thread of its own at a rate.
class RunningArm {
 public:
  explicit RunningArm(const fake::Timing& timing)
      : bus_({.timing = timing}),
        setup_(fake::played_arm(scratch_.path().string(), bus_)),
        port_(bus_, scratch_.path() / "port"),
        wire_(port_.path(), kBusBaud),
        master_(wire_, kBusBaud),
        loop_(wire_, master_, feetech::LoopOptions::of(setup_)) {}
  ~RunningArm() { end(); }
  RunningArm(const RunningArm&) = delete;
  RunningArm& operator=(const RunningArm&) = delete;

  void run(double rate) {
    thread_ = std::thread([this, rate] {
      run::make_real_time({.priority = 60, .lock_memory = false});
      const auto period = std::llround(1e9 / rate);
      int64_t due = wire_.now_ns();
      while (!ending_) {
        const int64_t begin = wire_.now_ns();
        loop_.cycle(begin + std::llround(kBusShare * static_cast<double>(period)));
        if (wire_.now_ns() > due + period) {
          ++late_;
          due = wire_.now_ns() - period;
        }
        due += period;
        SteadyClock().sleep_until(due);
      }
    });
  }
  void end() {
    ending_ = true;
    if (thread_.joinable()) thread_.join();
  }
  // Waits until torque is on and motion has its full speed.
  void drive() {
    loop_.drive();
    resume();
  }
  // The same after a trouble. A machine that is busy with other things may lose the bus meanwhile.
  void resume() {
    const bool drives = wait(10, [this] {
      const feetech::LoopMode mode = loop_.newest().mode;
      if (mode == feetech::LoopMode::kLatched) loop_.clear();
      return mode == feetech::LoopMode::kDriving;
    });
    if (!drives) throw Error("bench robot", "the arm does not drive", "give it a quiet machine");
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  }
  bool wait(double seconds, const std::function<bool()>& until) {
    const int64_t end = wire_.now_ns() + std::llround(seconds * 1e9);
    while (wire_.now_ns() < end) {
      if (until()) return true;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return false;
  }

  io::ScratchFolder scratch_;
  fake::Bus bus_;
  feetech::ArmSetup setup_;
  fake::Port port_;
  feetech::SerialPort wire_;
  feetech::Bus master_;
  feetech::ServoLoop loop_;
  std::atomic<int64_t> late_{0};

 private:
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

inline void stop_if_asked() {
  if (stop_requested()) throw Error("bench robot", "was interrupted", "start it again");
}

}  // namespace gyre::apps
