#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "gyre/core/latest.h"
#include "gyre/robot/feetech/arm_setup.h"
#include "gyre/robot/feetech/bus.h"
#include "gyre/robot/feetech/servo_guard.h"

namespace gyre::feetech {

enum class LoopMode : uint8_t {
  kLoose,    // torque is off; positions are read
  kDriving,  // goals are followed
  kLatched,  // something was wrong: the arm holds (or is loose), until a person clears it
  kLost,     // the bus does not answer: nothing is sent
};

// What the bus thread knows after a cycle.
struct LoopState {
  int64_t time_ns = 0;  // of the newest answer that was taken, the bus's clock; 0: there was none
  LoopMode mode = LoopMode::kLoose;
  Trouble trouble = Trouble::kNone;  // why it is latched or lost
  uint8_t servo = 0;                 // index of the servo that has it
  uint8_t error_bits = 0;            // of that servo
  bool torque = false;
  std::array<Feedback, kMostServos> servos{};
  std::array<double, kMostServos> goals{};  // ticks that were sent last
  int64_t cycles = 0;
  int64_t missed = 0;       // cycles without an answer that was taken
  int64_t implausible = 0;  // answers with a position that the joint cannot have reached
  int64_t grips = 0;        // times that the gripper held something
  int64_t losses = 0;       // of the bus
};

// One servo as the loop drives it, in ticks.
struct LoopJoint {
  uint8_t id = 0;
  bool gripper = false;
  int tick_min = 0, tick_max = 4095;
  double max_ticks_s = 3000;
};

struct LoopOptions {
  std::vector<LoopJoint> joints;
  GuardLimits limits;
  double period_s = 0.005;
  double backed_off = 0.2, grip = 0.25;  // torque limits, 0 .. 1
  bool hold_at_exit = false;             // the arm's promise
  static LoopOptions of(const ArmSetup& setup);
};

// The cycle of a servo bus: sends goals, reads every servo, and watches. Nothing is allocated after
// the constructor. `cycle` belongs to one thread, `newest` and the orders to one other.
class ServoLoop {
 public:
  static constexpr double kCycleShare = 0.9;      // of a period that the bus may take
  static constexpr int64_t kLostNs = 35'000'000;  // without an answer: the bus is lost

  ServoLoop(Wire& wire, Bus& bus, LoopOptions options);

  // One cycle, in which the bus may take until `deadline_ns`.
  void cycle(int64_t deadline_ns) noexcept;

  // Positions to go to, in ticks [servos].
  void post(std::span<const double> ticks) noexcept;
  void drive() noexcept { order_ = Order::kDrive; }    // torque on, from wherever the arm is
  void loosen() noexcept { order_ = Order::kLoosen; }  // torque off
  void clear() noexcept { order_ = Order::kClear; }    // a person: drive again after a trouble
  void stop() noexcept { stop_ = true; }               // hold where the arm is, now
  const LoopState& newest() noexcept;

  // What the folder promises of an arm that nobody drives: torque off, or hold where it is. Each
  // servo's answer is awaited. False where one did not obey. Not beside cycle().
  bool keep_promise() noexcept;

  const LoopOptions& options() const noexcept { return options_; }
  const BusStatistics& bus_statistics() const noexcept { return bus_.statistics(); }

 private:
  enum class Order : uint8_t { kNone, kDrive, kLoosen, kClear };
  using Ticks = std::array<double, kMostServos>;

  void obey() noexcept;
  bool start_driving() noexcept;
  void move_goals(int64_t now_ns) noexcept;
  void send_goals() noexcept;
  void send_limits() noexcept;
  BusResult sense(int64_t deadline_ns) noexcept;
  bool plausible(std::span<const Feedback> servos, int64_t now_ns) const noexcept;
  void watch(int64_t now_ns) noexcept;
  void hold_gripper(size_t i) noexcept;
  void latch(Trouble trouble, size_t servo) noexcept;
  void lose() noexcept;
  void seek(int64_t deadline_ns) noexcept;
  void hold_here() noexcept;
  bool write_all(Reg reg, int value) noexcept;
  void publish() noexcept;

  Wire& wire_;
  Bus& bus_;
  LoopOptions options_;
  size_t count_;
  std::vector<ServoGuard> guards_;
  std::array<uint8_t, kMostServos> ids_{};
  std::array<double, kMostServos> limits_{};    // of torque, in force
  std::array<int8_t, kMostServos> gripping_{};  // direction in which a gripper was closed; 0: free
  std::array<uint8_t, kMostServos * kFeedbackBytes> answer_{};
  std::array<uint8_t, kMostServos> errors_{};
  LoopState state_;
  Ticks wanted_{};
  bool port_gone_ = false;
  int limit_sends_ = 0;  // times that the limits are still to be sent
  int64_t last_cycle_ns_ = 0, last_answer_ns_ = 0, driving_since_ns_ = 0, next_try_ns_ = 0;
  std::atomic<Order> order_{Order::kNone};
  std::atomic<bool> stop_{false};
  Latest<Ticks> posted_;
  Latest<LoopState> published_;
};

}  // namespace gyre::feetech
