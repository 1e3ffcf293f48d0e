#include "gyre/robot/feetech/arm.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "gyre/core/allocation_counts.h"
#include "gyre/core/error.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/fake/arm.h"
#include "gyre/robot/fake/port.h"
#include "gyre/robot/testing.h"

namespace gyre::feetech {
namespace {

// The driver as it is shipped, on a pseudo-terminal.
class FeetechArm : public testing::Test {
 protected:
  FeetechArm() : setup_(fake::played_arm(scratch_.path().string(), bus_)) {
    state_.values.resize(6);
  }
  void connect() {
    arm_ = std::make_unique<Arm>(setup_, ArmOptions{.port = port_.path()});
    command_.resize(6);
    arm_->hold(command_);
  }
  // The arm is commanded until it is so, or for too long.
  bool commanded_until(const std::function<bool()>& so) {
    for (int i = 0; i < 4000; ++i) {
      status_ = arm_->read(state_);
      if (so()) return true;
      // The other end's thread may have been kept from running: that is no matter here.
      if (forgives_losses_ && arm_->fault().find("lost") != std::string::npos) arm_->clear();
      write_command(*arm_, command_);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }
  int torque_on() {
    int on = 0;
    port_.with_bus([&](fake::Bus& bus) {
      for (const fake::Servo& servo : bus.servos) on += servo.torque() ? 1 : 0;
    });
    return on;
  }
  io::ScratchFolder scratch_;
  fake::Bus bus_{{}};
  ArmSetup setup_;
  fake::Port port_{bus_, scratch_.path() / "port"};
  std::unique_ptr<Arm> arm_;
  RobotState state_;
  std::vector<float> command_;
  RobotStatus status_ = RobotStatus::kOk;
  bool forgives_losses_ = true;
};

TEST_F(FeetechArm, GoesWhereItIsCommandedAndKeepsItsPromise) {
  connect();
  EXPECT_EQ(torque_on(), 6);
  EXPECT_EQ(arm_->embodiment().name, "so101/joint");
  command_[2] = 0.4F;
  command_[5] = 0.5F;
  EXPECT_TRUE(commanded_until([&] {
    return std::abs(state_.values[2] - 0.4F) < 0.01F && std::abs(state_.values[5] - 0.5F) < 0.01F;
  }));
  arm_.reset();
  EXPECT_EQ(torque_on(), 0);
}

TEST_F(FeetechArm, AStallIsAFaultUntilAPersonClearsIt) {
  connect();
  port_.with_bus(
      [](fake::Bus& bus) { bus.servo(3).block(std::nullopt, bus.servo(3).shaft() + 60); });
  command_[2] = 1.2F;
  EXPECT_TRUE(commanded_until(
      [&] { return arm_->fault().find("elbow_flex is stalled") != std::string::npos; }));
  EXPECT_EQ(arm_->read(state_), RobotStatus::kFault);
  port_.with_bus([](fake::Bus& bus) { bus.servo(3).block(std::nullopt, std::nullopt); });
  arm_->hold(command_);
  arm_->clear();
  EXPECT_NE(arm_->read(state_), RobotStatus::kFault);  // it is under way
  EXPECT_TRUE(commanded_until([&] { return status_ == RobotStatus::kOk; }));
}

TEST_F(FeetechArm, AnUnpluggedArmComesBackAsPromised) {
  forgives_losses_ = false;
  connect();
  port_.unplug();
  EXPECT_TRUE(commanded_until([&] { return status_ == RobotStatus::kFault; }));
  EXPECT_NE(arm_->fault().find("lost"), std::string::npos);
  EXPECT_EQ(torque_on(), 6);
  port_.plug();
  EXPECT_TRUE(commanded_until([&] { return torque_on() == 0; }));
  EXPECT_EQ(arm_->read(state_), RobotStatus::kFault);
  arm_->clear();
  forgives_losses_ = true;
  EXPECT_TRUE(commanded_until([&] { return status_ == RobotStatus::kOk; }));
  EXPECT_EQ(torque_on(), 6);
}

TEST_F(FeetechArm, OneProgramHasThePort) {
  connect();
  EXPECT_THROW(SerialPort(port_.path(), 1'000'000), Error);
  arm_.reset();
  EXPECT_NO_THROW(SerialPort(port_.path(), 1'000'000));
  EXPECT_THROW(SerialPort("/dev/null", 1'000'000), Error);
  EXPECT_THROW(SerialPort("/dev/no-such-port", 1'000'000), Error);
}

TEST_F(FeetechArm, AnArmWithAProblemIsNotTouched) {
  int writes = 0;
  port_.with_bus([&](fake::Bus& bus) {
    bus.servo(4).dead = true;
    bus.on_write = [&](const fake::Servo&, uint8_t, std::span<const uint8_t>) { ++writes; };
  });
  bool needed = false;
  EXPECT_THROW(Arm(setup_, {.port = port_.path(), .before_torque = [&] { needed = true; }}), Error);
  EXPECT_EQ(writes, 0);
  EXPECT_FALSE(needed);
}

#ifdef GYRE_COUNTS_ALLOCATIONS
TEST_F(FeetechArm, AllocatesNothingWhileItRuns) {
  connect();
  const int64_t before = thread_allocations;
  for (int i = 0; i < 20; ++i) {
    arm_->read(state_);
    arm_->hold(command_);
    write_command(*arm_, command_);
  }
  arm_->stop();
  EXPECT_EQ(thread_allocations, before);
}

TEST(FeetechBusCycle, AllocatesNothing) {
  const io::ScratchFolder scratch;
  fake::Bus servos({});
  const ArmSetup setup = fake::played_arm(scratch.path().string(), servos);
  fake::Port port(servos, scratch.path() / "port");
  SerialPort wire(port.path(), 1'000'000);
  Bus bus(wire, 1'000'000);
  ServoLoop loop(wire, bus, LoopOptions::of(setup));
  const int64_t before = thread_allocations;
  for (int i = 0; i < 5000 && loop.newest().cycles < 200; ++i) {
    if (i == 10) loop.drive();
    if (i == 100) servos.set_fault_rate(0.1);
    if (loop.newest().mode == LoopMode::kLatched) loop.clear();
    loop.cycle(wire.now_ns() + 5'000'000);
    if (loop.newest().mode == LoopMode::kLost) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  loop.keep_promise();
  EXPECT_EQ(thread_allocations, before);
  EXPECT_EQ(loop.newest().cycles, 200);
}
#endif

}  // namespace
}  // namespace gyre::feetech
