#include "gyre/robot/feetech/servo_loop.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gyre::feetech {
namespace {

constexpr double kGripperTorque = 0.5;  // of a gripper that moves
constexpr double kSoftStartS = 1.0;     // goals come to full speed in so long
constexpr double kSlowest = 0.1;        // share of full speed at the start
constexpr double kSlack = 1.05;         // the filter's own limit is not to bind twice
constexpr double kHandTicksS = 6000;    // that a joint can turn, whoever moves it
constexpr double kNoise = 16;           // ticks
constexpr int kRepeats = 10;            // of a sync write that matters: nobody confirms it
constexpr int64_t kTryNs = 50'000'000;  // between two looks for a lost bus
constexpr int kPromiseAttempts = 5;

}  // namespace

LoopOptions LoopOptions::of(const ArmSetup& setup) {
  const RobotFolder::Driver& driver = setup.folder->driver;
  LoopOptions options{.limits = {.stall_load = driver.stall_load,
                                 .stall_ns = static_cast<int64_t>(driver.stall_s * 1e9),
                                 .max_temperature = driver.max_temperature,
                                 .min_voltage = driver.min_voltage,
                                 .max_voltage = driver.max_voltage},
                      .period_s = 1 / driver.rate,
                      .backed_off = driver.backed_off,
                      .grip = driver.grip,
                      .hold_at_exit = driver.at_exit == RobotFolder::Driver::AtExit::kHold};
  for (const JointMap& joint : setup.joints) {
    options.joints.push_back(
        {joint.id, joint.gripper, joint.tick_min, joint.tick_max, joint.max_ticks_s});
  }
  return options;
}

ServoLoop::ServoLoop(Wire& wire, Bus& bus, LoopOptions options)
    : wire_(wire),
      bus_(bus),
      options_(std::move(options)),
      count_(options_.joints.size()),
      guards_(count_, ServoGuard(options_.limits)) {
  for (size_t i = 0; i < count_; ++i) ids_[i] = options_.joints[i].id;
}

void ServoLoop::post(std::span<const double> ticks) noexcept {
  Ticks& goal = posted_.writable();
  std::copy_n(ticks.begin(), count_, goal.begin());
  posted_.publish();
}

const LoopState& ServoLoop::newest() noexcept {
  published_.take();
  return published_.value();
}

void ServoLoop::publish() noexcept {
  published_.writable() = state_;
  published_.publish();
}

bool ServoLoop::write_all(Reg reg, int value) noexcept {
  bool all = true;
  for (size_t i = 0; i < count_; ++i) {
    all &= bus_.write(ids_[i], reg, value, kPromiseAttempts) == BusResult::kOk;
  }
  return all;
}

void ServoLoop::hold_here() noexcept {
  for (size_t i = 0; i < count_; ++i) {
    state_.goals[i] = std::clamp<double>(state_.servos[i].position, options_.joints[i].tick_min,
                                         options_.joints[i].tick_max);
  }
  wanted_ = state_.goals;
}

bool ServoLoop::keep_promise() noexcept {
  if (!options_.hold_at_exit) {
    const bool done = write_all(Reg::kTorque, 0);
    state_.torque = false;
    return done;
  }
  bool all = true;
  for (size_t i = 0; i < count_; ++i) {
    int position = 0;
    all &=
        bus_.read(ids_[i], Reg::kPresentPosition, position, kPromiseAttempts) == BusResult::kOk &&
        bus_.write(ids_[i], Reg::kGoalPosition, position, kPromiseAttempts) == BusResult::kOk;
  }
  return all;
}

// The goal is where the joint is before torque comes on: an old goal must not move the arm.
bool ServoLoop::start_driving() noexcept {
  if (last_answer_ns_ == 0) return false;
  bool all = true;
  for (size_t i = 0; i < count_; ++i) {
    int position = 0;
    all = all && bus_.read(ids_[i], Reg::kPresentPosition, position) == BusResult::kOk &&
          bus_.write(ids_[i], Reg::kGoalPosition, position) == BusResult::kOk;
    state_.servos[i].position = position;
    state_.goals[i] = position;
    limits_[i] = options_.joints[i].gripper ? kGripperTorque : 1;
    gripping_[i] = 0;
    const int limit = static_cast<int>(limits_[i] * 1000);
    all = all && bus_.write(ids_[i], Reg::kTorqueLimit, limit) == BusResult::kOk &&
          bus_.write(ids_[i], Reg::kTorque, 1) == BusResult::kOk;
    guards_[i].restart();
  }
  if (!all) return false;
  wanted_ = state_.goals;
  posted_.take();  // what was asked before is forgotten
  state_.torque = true;
  state_.mode = LoopMode::kDriving;
  state_.trouble = Trouble::kNone;
  driving_since_ns_ = last_answer_ns_ = last_cycle_ns_ = bus_.now_ns();
  limit_sends_ = 0;
  return true;
}

void ServoLoop::obey() noexcept {
  const bool stops = stop_.exchange(false);
  if (stops && state_.torque) {
    hold_here();
    posted_.take();
  }
  const Order order = order_.exchange(Order::kNone);
  if (order == Order::kNone || last_answer_ns_ == 0) {
    if (order != Order::kNone) order_ = order;  // there is no answer yet: later
    return;
  }
  if (order == Order::kLoosen) {
    write_all(Reg::kTorque, 0);
    state_.torque = false;
    state_.mode = LoopMode::kLoose;
    return;
  }
  if (order == Order::kDrive && state_.mode != LoopMode::kLoose) return;
  if (order == Order::kClear) {
    if (state_.mode != LoopMode::kLatched) return;
    for (size_t i = 0; i < count_; ++i) {
      if (!guards_[i].sound(state_.servos[i])) return;
    }
  }
  if (!start_driving()) latch(Trouble::kLost, 0);
}

void ServoLoop::cycle(int64_t deadline_ns) noexcept {
  if (state_.mode == LoopMode::kLost) return seek(deadline_ns);
  const int64_t budget_ns = deadline_ns - bus_.now_ns();
  obey();
  const int64_t now = bus_.now_ns();
  deadline_ns = now + budget_ns;  // switching torque on takes longer than a cycle
  if (state_.mode == LoopMode::kDriving) move_goals(now);
  if (state_.torque) send_goals();
  if (limit_sends_ > 0) send_limits();
  last_cycle_ns_ = now;
  ++state_.cycles;
  const BusResult result = sense(deadline_ns);
  if (result == BusResult::kOk) {
    watch(state_.time_ns);
  } else {
    ++state_.missed;
    port_gone_ = result == BusResult::kLost;
    if (last_answer_ns_ == 0) last_answer_ns_ = now;
    if (port_gone_ || bus_.now_ns() - last_answer_ns_ >= kLostNs) lose();
  }
  publish();
}

// Goals go towards what is wanted, no faster than the joints may, and slower at the start.
void ServoLoop::move_goals(int64_t now_ns) noexcept {
  if (posted_.take()) wanted_ = posted_.value();
  const double dt =
      std::clamp(static_cast<double>(now_ns - last_cycle_ns_) * 1e-9, 0.0, 2 * options_.period_s);
  const double driven_s = static_cast<double>(now_ns - driving_since_ns_) * 1e-9;
  const double share = std::clamp(driven_s / kSoftStartS, kSlowest, 1.0);
  for (size_t i = 0; i < count_; ++i) {
    const LoopJoint& joint = options_.joints[i];
    if (!std::isfinite(wanted_[i])) wanted_[i] = state_.goals[i];
    // An arm that stands outside of its range may come back into it, but goes no further out.
    const double low = std::min<double>(joint.tick_min, state_.goals[i]);
    const double high = std::max<double>(joint.tick_max, state_.goals[i]);
    const double most = kSlack * joint.max_ticks_s * share * dt;
    const double change = std::clamp(wanted_[i], low, high) - state_.goals[i];
    state_.goals[i] += std::clamp(change, -most, most);
    if (gripping_[i] != 0 && (wanted_[i] - state_.servos[i].position) * gripping_[i] < 0) {
      gripping_[i] = 0;  // it opens again
      limits_[i] = kGripperTorque;
      limit_sends_ = kRepeats;
    }
  }
}

void ServoLoop::send_goals() noexcept {
  std::array<int, kMostServos> ticks;
  for (size_t i = 0; i < count_; ++i) ticks[i] = static_cast<int>(std::lround(state_.goals[i]));
  bus_.queue_sync_write(Reg::kGoalPosition, std::span(ids_).first(count_),
                        std::span(ticks).first(count_));
}

void ServoLoop::send_limits() noexcept {
  --limit_sends_;
  std::array<int, kMostServos> limits;
  for (size_t i = 0; i < count_; ++i) limits[i] = static_cast<int>(limits_[i] * 1000);
  bus_.queue_sync_write(Reg::kTorqueLimit, std::span(ids_).first(count_),
                        std::span(limits).first(count_));
}

BusResult ServoLoop::sense(int64_t deadline_ns) noexcept {
  const BusResult result = bus_.sync_read(std::span(ids_).first(count_), kFeedbackAddress,
                                          kFeedbackBytes, answer_, errors_, deadline_ns);
  if (result != BusResult::kOk) return result;
  const int64_t now = bus_.now_ns();
  std::array<Feedback, kMostServos> servos;
  for (size_t i = 0; i < count_; ++i) {
    servos[i] =
        decode_feedback(std::span(answer_).subspan(i * kFeedbackBytes, kFeedbackBytes), errors_[i]);
  }
  if (!plausible(std::span(servos).first(count_), now)) {
    ++state_.implausible;
    return BusResult::kCorrupt;
  }
  std::copy_n(servos.begin(), count_, state_.servos.begin());
  state_.time_ns = last_answer_ns_ = now;
  return BusResult::kOk;
}

// Within what each joint can have moved since the last answer that was taken. Checksums miss two
// errors that cancel out, and an old answer has a right one.
bool ServoLoop::plausible(std::span<const Feedback> servos, int64_t now_ns) const noexcept {
  const double since_s = static_cast<double>(now_ns - state_.time_ns) * 1e-9;
  for (size_t i = 0; i < servos.size(); ++i) {
    if (servos[i].position < 0 || servos[i].position > kMostTick) return false;
    if (state_.time_ns == 0) continue;
    const double moved = std::abs(servos[i].position - state_.servos[i].position);
    if (moved > kHandTicksS * since_s + kNoise) return false;
  }
  return true;
}

void ServoLoop::watch(int64_t now_ns) noexcept {
  if (state_.mode != LoopMode::kDriving) return;
  for (size_t i = 0; i < count_; ++i) {
    if (gripping_[i] != 0) continue;
    const Trouble trouble = guards_[i].look(state_.servos[i], state_.goals[i], limits_[i], now_ns);
    if (trouble == Trouble::kNone) continue;
    if (trouble == Trouble::kStall && options_.joints[i].gripper) {
      hold_gripper(i);
    } else {
      return latch(trouble, i);
    }
  }
}

// A gripper that does not close any further holds something: that is no fault, but it holds with
// less torque.
void ServoLoop::hold_gripper(size_t i) noexcept {
  gripping_[i] = state_.goals[i] > state_.servos[i].position ? 1 : -1;
  limits_[i] = options_.grip;
  limit_sends_ = kRepeats;
  guards_[i].restart();
  ++state_.grips;
  send_limits();
  bus_.flush();
}

void ServoLoop::latch(Trouble trouble, size_t servo) noexcept {
  state_.mode = LoopMode::kLatched;
  state_.trouble = trouble;
  state_.servo = static_cast<uint8_t>(servo);
  state_.error_bits = state_.servos[servo].status;
  hold_here();
  if (trouble == Trouble::kStall || trouble == Trouble::kTemperature) {
    limits_[servo] = options_.backed_off;
    limit_sends_ = kRepeats;
    send_limits();
  }
  if (state_.torque) send_goals();
  bus_.flush();
}

void ServoLoop::lose() noexcept {
  ++state_.losses;
  state_.mode = LoopMode::kLost;
  state_.trouble = Trouble::kLost;
  next_try_ns_ = bus_.now_ns();
}

// Looks for a bus that was lost. When it is back the arm is brought to what the folder promises,
// and a person has to clear it.
void ServoLoop::seek(int64_t deadline_ns) noexcept {
  const int64_t now = bus_.now_ns();
  if (now < next_try_ns_) return;
  next_try_ns_ = now + kTryNs;
  if (port_gone_ && !wire_.reopen()) return;
  port_gone_ = false;
  const int64_t before = state_.time_ns;
  state_.time_ns = 0;  // it may have been moved far meanwhile
  const BusResult result = sense(deadline_ns);
  if (result == BusResult::kOk) {
    const bool kept = keep_promise();
    hold_here();
    if (kept) {
      state_.mode = LoopMode::kLatched;
      if (options_.hold_at_exit) {
        int torque = 0;
        state_.torque = bus_.read(ids_[0], Reg::kTorque, torque) == BusResult::kOk && torque == 1;
      }
      return publish();
    }
  } else {
    port_gone_ = result == BusResult::kLost;
    state_.time_ns = before;
  }
}

}  // namespace gyre::feetech
