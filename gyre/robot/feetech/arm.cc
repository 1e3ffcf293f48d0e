#include "gyre/robot/feetech/arm.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

#include "gyre/core/error.h"

namespace gyre::feetech {
namespace {

constexpr int kBusPriority = 60;  // above the control thread, which waits for nobody
constexpr int64_t kReadyNs = 3'000'000'000;
constexpr int64_t kClearNs = 500'000'000;  // in which a clear has switched torque on

Embodiment real_contract(const RobotFolder& folder, const ArmOptions& options) {
  Embodiment contract = folder.contract("joint", std::max(options.image_size, 1));
  if (options.image_size == 0) contract.cameras.clear();
  contract.control_period_s = options.control_period_s;
  return contract;
}

void sleep_to(int64_t time_ns) noexcept {
  const timespec until{.tv_sec = time_ns / 1'000'000'000, .tv_nsec = time_ns % 1'000'000'000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace

void configure_servo(Bus& bus, const std::string& joint, uint8_t id, bool gripper) {
  struct Setting {
    Reg reg;
    int value;
  };
  int phase = 0;
  if (bus.read(id, Reg::kPhase, phase) != BusResult::kOk) throw Error(joint, "does not answer");
  std::vector<Setting> wanted = {{Reg::kReturnDelay, 0},
                                 {Reg::kMaxAcceleration, 254},
                                 {Reg::kAcceleration, 254},
                                 {Reg::kMode, 0},
                                 {Reg::kP, 16},
                                 {Reg::kI, 0},
                                 {Reg::kD, 32},
                                 {Reg::kPhase, phase & ~kPhaseMultiTurn}};
  if (gripper) {
    wanted.insert(
        wanted.end(),
        {{Reg::kMaxTorque, 500}, {Reg::kProtectionCurrent, 250}, {Reg::kOverloadTorque, 25}});
  }
  for (const Setting& setting : wanted) {
    int present = 0;
    const bool answered = bus.read(id, setting.reg, present) == BusResult::kOk;
    if (answered && present == setting.value) continue;  // EEPROM wears out
    if (!answered || bus.write(id, setting.reg, setting.value) != BusResult::kOk) {
      throw Error(joint, fmt::format("did not take {} = {}", info(setting.reg).name, setting.value),
                  "try again; if it stays so, check its plug");
    }
  }
}

Arm::Arm(ArmSetup setup, const ArmOptions& options)
    : setup_(std::move(setup)),
      embodiment_(real_contract(*setup_.folder, options)),
      port_(options.port, setup_.folder->driver.baud),
      bus_(port_, setup_.folder->driver.baud),
      loop_(port_, bus_, LoopOptions::of(setup_)),
      sent_(embodiment_.action.size()),
      hold_(sent_.size()),
      ticks_(sent_.size()) {
  require_sound_arm(port_, bus_, *setup_.folder, &setup_.calibration, options.any_firmware);
  if (options.before_torque) options.before_torque();
  thread_ = std::thread([this] { work(); });
  loop_.drive();
  // One lost packet on the way does not end it: the loop is told again.
  const int64_t until = port_.now_ns() + kReadyNs;
  while (loop_.newest().mode != LoopMode::kDriving && port_.now_ns() < until) {
    if (loop_.newest().mode == LoopMode::kLatched) loop_.clear();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  hold(sent_);
  if (loop_.newest().mode == LoopMode::kDriving) return;
  ending_ = true;
  thread_.join();
  loop_.keep_promise();
  throw Error("arm at " + options.port, "did not switch its torque on", "gyre robot check");
}

Arm::~Arm() {
  ending_ = true;
  thread_.join();
  loop_.keep_promise();
}

void Arm::work() noexcept {
  const sched_param priority{.sched_priority = kBusPriority};
  pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);  // where it may
  const auto period = static_cast<int64_t>(loop_.options().period_s * 1e9);
  int64_t due = port_.now_ns();
  while (!ending_) {
    loop_.cycle(port_.now_ns() +
                static_cast<int64_t>(ServoLoop::kCycleShare * static_cast<double>(period)));
    due += period;
    const int64_t now = port_.now_ns();
    if (now >= due + period) {
      ++late_cycles_;
      due = now;
    }
    if (now < due) sleep_to(due);
  }
}

RobotStatus Arm::read(RobotState& state) noexcept {
  const LoopState& newest = loop_.newest();
  for (size_t i = 0; i < setup_.joints.size(); ++i) {
    const JointMap& joint = setup_.joints[i];
    state.values[i] = static_cast<float>(joint.value(newest.servos[i].position));
  }
  state.time_ns = newest.time_ns;
  told_ = static_cast<uint32_t>(newest.trouble) << 16 | static_cast<uint32_t>(newest.servo) << 8 |
          newest.error_bits;
  if (newest.mode != LoopMode::kDriving) {
    return port_.now_ns() < clearing_ns_ ? RobotStatus::kStale : RobotStatus::kFault;
  }
  const bool again = newest.time_ns == read_ns_;
  read_ns_ = newest.time_ns;
  return again ? RobotStatus::kStale : RobotStatus::kOk;
}

WriteResult Arm::write(std::span<const float> command) noexcept {
  const LoopState& newest = loop_.newest();
  if (newest.mode != LoopMode::kDriving) {
    hold(sent_);
    const bool clearing = port_.now_ns() < clearing_ns_;
    return {.status = clearing ? RobotStatus::kStale : RobotStatus::kFault};
  }
  std::ranges::copy(command, sent_.begin());
  for (size_t i = 0; i < ticks_.size(); ++i) ticks_[i] = setup_.joints[i].tick(command[i]);
  loop_.post(ticks_);
  return {};
}

void Arm::hold(std::span<float> command) noexcept {
  const LoopState& newest = loop_.newest();
  const bool driven = newest.mode == LoopMode::kDriving;
  for (size_t i = 0; i < setup_.joints.size(); ++i) {
    const double tick = driven ? newest.goals[i] : newest.servos[i].position;
    command[i] = static_cast<float>(setup_.joints[i].value(tick));
  }
}

void Arm::clear() noexcept {
  clearing_ns_ = port_.now_ns() + kClearNs;
  loop_.clear();
}

RobotStatus Arm::stop() noexcept {
  loop_.stop();
  return loop_.newest().mode == LoopMode::kDriving ? RobotStatus::kOk : RobotStatus::kFault;
}

std::string Arm::fault() const {
  const uint32_t told = told_;
  const auto trouble = static_cast<Trouble>(told >> 16);
  const size_t servo = told >> 8 & 0xFF;
  const std::string joint = servo < setup_.joints.size() ? setup_.joints[servo].name : "";
  switch (trouble) {
    case Trouble::kNone:
      return "";
    case Trouble::kLost:
      return "the servo bus at " + port_.path() +
             " was lost: the arm keeps its last goal until the bus is back";
    case Trouble::kStall:
      return joint + " is stalled: its torque was backed off";
    case Trouble::kTemperature:
      return joint + " is too hot";
    case Trouble::kVoltage:
      return joint + " has a wrong supply voltage";
    case Trouble::kServo:
      return joint + " reports " + servo_error_names(static_cast<uint8_t>(told));
    case Trouble::kSlack:
      return joint + " has no torque: was its power cut?";
  }
  return "";
}

}  // namespace gyre::feetech
