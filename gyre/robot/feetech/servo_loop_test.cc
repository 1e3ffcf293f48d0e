#include "gyre/robot/feetech/servo_loop.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "gyre/robot/fake/bus.h"

namespace gyre::feetech {
namespace {

constexpr int64_t kPeriodNs = 5'000'000;

LoopOptions six_joints() {
  LoopOptions options;
  for (uint8_t id = 1; id <= 6; ++id) {
    options.joints.push_back({.id = id, .gripper = id == 6, .tick_min = 500, .tick_max = 3500});
  }
  return options;
}

// Six servos behind the real wire's timing, driven in simulated time.
struct PlayedLoop {
  explicit PlayedLoop(LoopOptions loop_options = six_joints(),
                      fake::Bus::Options options = {.timing = fake::Timing::real()})
      : servos(std::move(options)), wire(servos), loop(wire, bus, std::move(loop_options)) {
    servos.servos = fake::so101_servos();
    servos.on_write = [this](const fake::Servo& servo, uint8_t address,
                             std::span<const uint8_t> bytes) {
      if (address != info(Reg::kGoalPosition).address) return;
      const int goal = decode(info(Reg::kGoalPosition), bytes);
      lowest = std::min(lowest, goal);
      highest = std::max(highest, goal);
      if (servo.id() == 1) goals_of_first.push_back(goal);
    };
  }
  void run(
      double seconds, const std::function<bool()>& until = [] { return false; }) {
    const auto cycles = std::lround(seconds * 1e9 / kPeriodNs);
    for (int64_t i = 0; i < cycles && !until(); ++i) {
      const int64_t begin = wire.now_ns();
      loop.cycle(begin + kPeriodNs * 9 / 10);
      wire.sleep_until(begin + kPeriodNs);
    }
  }
  const LoopState& drive() {
    run(0.02);
    loop.drive();
    run(1.5);  // beyond the soft start
    return loop.newest();
  }
  void go(double tick) { loop.post(std::vector<double>(6, tick)); }

  fake::Bus servos;
  fake::SimulatedWire wire;
  Bus bus{wire, 1'000'000};
  ServoLoop loop;
  int lowest = 4095, highest = 0;
  std::vector<int> goals_of_first;
};

TEST(FeetechServoLoop, TakesTheArmFromWhereverItIs) {
  PlayedLoop played;
  for (fake::Servo& servo : played.servos.servos) servo.set(Reg::kGoalPosition, 100);  // old goals
  played.run(0.1);
  EXPECT_EQ(played.loop.newest().mode, LoopMode::kLoose);
  const int before = played.loop.newest().servos[0].position;
  const LoopState& state = played.drive();
  EXPECT_EQ(state.mode, LoopMode::kDriving);
  EXPECT_EQ(state.missed, 0);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_TRUE(played.servos.servos[i].torque());
    EXPECT_NEAR(state.servos[i].position, 1500 + 150 * (i + 1), 2);
  }
  EXPECT_NEAR(state.servos[0].position, before, 2);
  EXPECT_EQ(state.goals[0], before);
}

TEST(FeetechServoLoop, GoalsAreReachedWithinRangeAndSpeed) {
  PlayedLoop played;
  played.drive();
  played.go(9000);  // beyond the range
  played.run(2);
  EXPECT_NEAR(played.loop.newest().servos[0].position, 3500, 3);
  EXPECT_EQ(played.highest, 3500);
  played.go(-400);
  played.goals_of_first.clear();
  played.run(3);
  EXPECT_EQ(played.lowest, 500);
  for (size_t i = 1; i < played.goals_of_first.size(); ++i) {
    EXPECT_LE(std::abs(played.goals_of_first[i] - played.goals_of_first[i - 1]), 33);  // 2 cycles
  }
  played.go(std::nan(""));
  played.run(0.1);
  EXPECT_EQ(played.lowest, 500);
}

TEST(FeetechServoLoop, AStallBacksTorqueOffAndLatches) {
  PlayedLoop played;
  played.drive();
  fake::Servo& elbow = played.servos.servo(3);
  elbow.block(std::nullopt, elbow.shaft() + 100);
  played.go(3400);
  int64_t pressed_ns = 0;
  played.run(2, [&] {
    pressed_ns = elbow.blocked_since_ns().value_or(pressed_ns);
    return elbow.value(Reg::kTorqueLimit) < 1000;
  });
  EXPECT_EQ(elbow.value(Reg::kTorqueLimit), 200);
  EXPECT_GT(pressed_ns, 0);
  EXPECT_LE(played.wire.now_ns() - pressed_ns, 100'000'000);
  played.run(0.2);
  EXPECT_EQ(played.loop.newest().mode, LoopMode::kLatched);
  EXPECT_EQ(played.loop.newest().trouble, Trouble::kStall);
  EXPECT_EQ(played.loop.newest().servo, 2);
  const double held = played.loop.newest().goals[0];
  played.go(1000);
  played.run(0.5);
  EXPECT_EQ(played.loop.newest().goals[0], held);  // latched
  elbow.block(std::nullopt, std::nullopt);
  played.loop.clear();
  played.run(0.2);
  EXPECT_EQ(played.loop.newest().mode, LoopMode::kDriving);
  EXPECT_EQ(elbow.value(Reg::kTorqueLimit), 1000);
  EXPECT_NEAR(played.loop.newest().goals[0], held, 1);  // what was posted meanwhile is forgotten
}

TEST(FeetechServoLoop, AFreeMotionIsNoStall) {
  PlayedLoop played;
  played.drive();
  for (int i = 0; i < 6; ++i) {
    played.go(i % 2 == 0 ? 3400 : 600);
    played.run(1.5);
  }
  EXPECT_EQ(played.loop.newest().mode, LoopMode::kDriving);
  EXPECT_EQ(played.loop.newest().implausible, 0);
}

TEST(FeetechServoLoop, AGripperThatHoldsSomethingHoldsItWithLess) {
  PlayedLoop played;
  played.drive();
  fake::Servo& gripper = played.servos.servo(6);
  const double start = gripper.shaft();
  gripper.block(start - 200, std::nullopt);
  std::vector<double> goal(6, 0);
  for (size_t i = 0; i < 6; ++i) goal[i] = played.loop.newest().goals[i];
  goal[5] = 600;
  played.loop.post(goal);
  played.run(2);
  EXPECT_EQ(played.loop.newest().mode, LoopMode::kDriving);
  EXPECT_EQ(played.loop.newest().grips, 1);
  EXPECT_EQ(gripper.value(Reg::kTorqueLimit), 250);
  EXPECT_NEAR(gripper.shaft(), start - 200, 2);
  goal[5] = start;
  played.loop.post(goal);
  played.run(1.5);
  EXPECT_EQ(gripper.value(Reg::kTorqueLimit), 500);
  EXPECT_NEAR(gripper.shaft(), start, 3);
}

TEST(FeetechServoLoop, HeatVoltageAndServoErrorsLatch) {
  struct Case {
    std::function<void(fake::Servo&)> begin, end;
    Trouble trouble;
  };
  const Case cases[] = {
      {[](auto& s) { s.heat(68); }, [](auto& s) { s.heat(40); }, Trouble::kTemperature},
      {[](auto& s) { s.supply(8.6); }, [](auto& s) { s.supply(7.2); }, Trouble::kServo},
      {[](auto& s) { s.supply(4.3); }, [](auto& s) { s.supply(7.2); }, Trouble::kVoltage},
      {[](auto& s) { s.fail(servo_error::kEncoder); }, [](auto& s) { s.fail(0); },
       Trouble::kServo}};
  for (const Case& one : cases) {
    PlayedLoop played;
    played.drive();
    one.begin(played.servos.servo(2));
    played.run(0.5);
    EXPECT_EQ(played.loop.newest().trouble, one.trouble);
    EXPECT_EQ(played.loop.newest().mode, LoopMode::kLatched);
    EXPECT_EQ(played.loop.newest().servo, 1);
    played.loop.clear();
    played.run(0.3);
    EXPECT_EQ(played.loop.newest().mode, LoopMode::kLatched);  // the cause is still there
    one.end(played.servos.servo(2));
    played.run(0.1);
    played.loop.clear();
    played.run(0.5);
    EXPECT_EQ(played.loop.newest().mode, LoopMode::kDriving);
  }
}

TEST(FeetechServoLoop, ALostBusEndsCommandsAndAPersonResumes) {
  for (const bool hold : {false, true}) {
    LoopOptions options = six_joints();
    options.hold_at_exit = hold;
    PlayedLoop played(options);
    played.drive();
    played.go(3000);
    played.run(1);
    played.wire.plugged = false;
    const int64_t lost_ns = played.wire.now_ns();
    played.run(1, [&] { return played.loop.newest().mode == LoopMode::kLost; });
    EXPECT_LE(played.wire.now_ns() - lost_ns, 50'000'000);
    played.run(2);
    EXPECT_TRUE(played.servos.servo(1).torque());  // nobody can reach it
    played.goals_of_first.clear();
    played.wire.plugged = true;
    played.run(1);
    EXPECT_EQ(played.loop.newest().mode, LoopMode::kLatched);
    EXPECT_EQ(played.servos.servo(1).torque(), hold);
    played.go(1000);
    played.run(0.5);
    EXPECT_NEAR(played.loop.newest().servos[0].position, 3000, 3);
    played.loop.clear();
    played.run(0.5);
    EXPECT_EQ(played.loop.newest().mode, LoopMode::kDriving);
    EXPECT_NEAR(played.loop.newest().servos[0].position, 3000, 3);
    for (const int goal : played.goals_of_first) EXPECT_NEAR(goal, 3000, 3);
  }
}

TEST(FeetechServoLoop, AServoThatLostItsTorqueIsFound) {
  PlayedLoop played;
  played.drive();
  played.servos.servo(2).restart();  // its power was cut for a moment
  played.go(3000);
  played.run(2);
  EXPECT_EQ(played.loop.newest().trouble, Trouble::kSlack);
  EXPECT_EQ(played.loop.newest().servo, 1);
  EXPECT_EQ(played.loop.newest().mode, LoopMode::kLatched);
  played.loop.clear();
  played.run(0.5);
  EXPECT_TRUE(played.servos.servo(2).torque());
  EXPECT_EQ(played.loop.newest().mode, LoopMode::kDriving);
}

TEST(FeetechServoLoop, SilentServosAreALostBusToo) {
  PlayedLoop played;
  played.drive();
  for (fake::Servo& servo : played.servos.servos) servo.dead = true;
  const int64_t begin = played.wire.now_ns();
  played.run(1, [&] { return played.loop.newest().mode == LoopMode::kLost; });
  EXPECT_LE(played.wire.now_ns() - begin, 50'000'000);
  for (fake::Servo& servo : played.servos.servos) servo.dead = false;
  played.run(1);
  EXPECT_EQ(played.loop.newest().mode, LoopMode::kLatched);
  EXPECT_FALSE(played.servos.servo(4).torque());
}

// Errors that the checksum cannot see move no value further than the joint can have gone.
TEST(FeetechServoLoop, WhatTheChecksumMissesStaysPlausible) {
  PlayedLoop played(six_joints(),
                    {.timing = fake::Timing::real(),
                     .fault_rate = 0.02,
                     .faults = {fake::ReplyFault::kCompensating, fake::ReplyFault::kLate}});
  played.drive();
  std::vector<int> last(6);
  for (size_t i = 0; i < 6; ++i) last[i] = played.loop.newest().servos[i].position;
  int64_t last_ns = played.loop.newest().time_ns;
  for (int i = 0; i < 4000; ++i) {
    played.go(2000 + 400 * std::sin(i * 0.01));
    played.run(0.005);
    const LoopState& state = played.loop.newest();
    for (size_t j = 0; j < 6; ++j) {
      const double seconds = static_cast<double>(state.time_ns - last_ns) * 1e-9;
      EXPECT_LE(std::abs(state.servos[j].position - last[j]), 6000 * seconds + 17);
      last[j] = state.servos[j].position;
    }
    last_ns = state.time_ns;
    if (state.mode == LoopMode::kLatched) played.loop.clear();  // a wrong status byte lasted
  }
  EXPECT_GT(played.servos.faults(fake::ReplyFault::kCompensating), 100);
  EXPECT_GT(played.loop.newest().implausible, 20);
}

TEST(FeetechServoLoop, ThePromiseIsKept) {
  LoopOptions options = six_joints();
  PlayedLoop loose(options);
  loose.drive();
  EXPECT_TRUE(loose.loop.keep_promise());
  for (const fake::Servo& servo : loose.servos.servos) EXPECT_FALSE(servo.torque());
  options.hold_at_exit = true;
  PlayedLoop held(options);
  held.drive();
  held.go(3400);
  held.run(0.2);
  EXPECT_TRUE(held.loop.keep_promise());
  for (const fake::Servo& servo : held.servos.servos) {
    EXPECT_TRUE(servo.torque());
    EXPECT_NEAR(servo.value(Reg::kGoalPosition), servo.value(Reg::kPresentPosition), 80);
  }
}

}  // namespace
}  // namespace gyre::feetech
