#include "gyre/robot/feetech/leader.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "gyre/core/allocation_counts.h"
#include "gyre/core/error.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/fake/arm.h"
#include "gyre/robot/fake/port.h"

namespace gyre::feetech {
namespace {

// A leader on a pseudo-terminal, with its torque on as after another program.
class FeetechLeader : public testing::Test {
 protected:
  FeetechLeader() : setup_(fake::played_arm(scratch_.path().string(), bus_)) {
    for (fake::Servo& servo : bus_.servos) servo.set(Reg::kTorque, 1);
  }
  void connect() { leader_ = std::make_unique<Leader>(setup_, port_.path()); }
  // The leader is read until it is so, or for too long.
  bool read_until(const std::function<bool()>& so) {
    for (int i = 0; i < 4000; ++i) {
      status_ = leader_->read(joints_);
      if (so()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }
  io::ScratchFolder scratch_;
  fake::Bus bus_{{}};
  ArmSetup setup_;
  fake::Port port_{bus_, scratch_.path() / "port"};
  std::unique_ptr<Leader> leader_;
  std::array<float, 6> joints_{};
  RobotStatus status_ = RobotStatus::kOk;
};

TEST_F(FeetechLeader, IsLooseAndTellsWhereTheHandBringsIt) {
  connect();
  port_.with_bus([](fake::Bus& bus) {
    for (const fake::Servo& servo : bus.servos) EXPECT_FALSE(servo.torque()) << servo.id();
    bus.servo(2).pull(2048 + 326);
    bus.servo(6).pull(900 + 575);
  });
  EXPECT_TRUE(read_until(
      [&] { return std::abs(joints_[1] - 0.5F) < 0.01F && std::abs(joints_[5] - 0.25F) < 0.01F; }));
}

TEST_F(FeetechLeader, IsLostAtOnceAndComesBackLoose) {
  connect();
  EXPECT_TRUE(read_until([&] { return status_ == RobotStatus::kOk; }));
  port_.unplug();
  EXPECT_TRUE(read_until([&] { return status_ == RobotStatus::kFault; }));
  port_.with_bus([](fake::Bus& bus) { bus.servo(1).set(Reg::kTorque, 1); });
  port_.plug();
  EXPECT_TRUE(read_until([&] { return status_ == RobotStatus::kOk; }));
  port_.with_bus([](fake::Bus& bus) { EXPECT_FALSE(bus.servo(1).torque()); });
}

TEST_F(FeetechLeader, WithAProblemIsRefusedAndNotWrittenTo) {
  int writes = 0;
  port_.with_bus([&](fake::Bus& bus) {
    bus.servo(4).dead = true;
    bus.on_write = [&](const fake::Servo&, uint8_t, std::span<const uint8_t>) { ++writes; };
  });
  EXPECT_THROW(connect(), Error);
  EXPECT_EQ(writes, 0);
}

TEST_F(FeetechLeader, MayBeMirroredWhereTheFollowerMayNot) {
  KnownPose pose = setup_.pose;
  pose.joints[1].mirrored = true;
  pose.save(known_pose_file(setup_.file));
  EXPECT_THROW(arm_setup(setup_.folder, setup_.file), Error);
  const ArmSetup leader = arm_setup(setup_.folder, setup_.file, ArmRole::kLeader);
  EXPECT_LT(leader.joints[1].per_tick, 0);
  EXPECT_GT(leader.joints[2].per_tick, 0);
}

TEST_F(FeetechLeader, HasAPlaceOfItsOwnAmongLeRobotsCalibrations) {
  ::setenv("HF_LEROBOT_CALIBRATION", scratch_.path().c_str(), 1);
  const auto file = [&] { return calibration_file(*setup_.folder, "", ArmRole::kLeader); };
  const auto leaders = scratch_.path() / "teleoperators";
  EXPECT_EQ(file(), leaders / "so_leader" / "so101.json");
  std::filesystem::create_directories(leaders / "so101_leader");
  std::ofstream(leaders / "so101_leader" / "so101.json") << "{}";
  EXPECT_EQ(file(), leaders / "so101_leader" / "so101.json");
  EXPECT_EQ(calibration_file(*setup_.folder, ""),
            scratch_.path() / "robots" / "so_follower" / "so101.json");
  ::unsetenv("HF_LEROBOT_CALIBRATION");
}

#ifdef GYRE_COUNTS_ALLOCATIONS
TEST_F(FeetechLeader, AllocatesNothingWhileItIsRead) {
  connect();
  leader_->read(joints_);
  const int64_t before = thread_allocations;
  for (int i = 0; i < 50; ++i) leader_->read(joints_);
  EXPECT_EQ(thread_allocations, before);
}
#endif

}  // namespace
}  // namespace gyre::feetech
