#include "gyre/robot/feetech/inspect.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "gyre/core/error.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/fake/arm.h"
#include "gyre/robot/feetech/servo_setup.h"

namespace gyre::feetech {
namespace {

// A calibrated arm on a played bus, and what is said of it.
struct Inspected {
  Inspected() : setup(fake::played_arm(scratch.path().string(), servos)), wire(servos) {
    servos.on_write = [this](const fake::Servo&, uint8_t, std::span<const uint8_t>) { ++writes; };
  }
  ArmReport report(bool any_firmware = false) {
    return inspect(bus, *setup.folder,
                   {.calibration = &setup.calibration,
                    .any_firmware = any_firmware,
                    .set_baud = [this](int baud) { servos.baud = baud; }});
  }
  std::string problem() {
    const ArmReport found = report();
    return found.problems.empty() ? "" : found.problems.front();
  }
  io::ScratchFolder scratch;
  fake::Bus servos{{}};
  ArmSetup setup;
  fake::SimulatedWire wire;
  Bus bus{wire, 1'000'000};
  int writes = 0;
};

TEST(FeetechInspect, ASoundArmHasNoProblems) {
  Inspected arm;
  const ArmReport report = arm.report();
  EXPECT_TRUE(report.problems.empty()) << report.problems.front();
  ASSERT_EQ(report.servos.size(), 6U);
  EXPECT_EQ(report.servos[5].joint, "gripper");
  EXPECT_EQ(report.servos[2].firmware(), "3.10");
  EXPECT_EQ(arm.writes, 0);
}

TEST(FeetechInspect, EachProblemIsNamedAndNothingIsWritten) {
  using enum Reg;
  struct Case {
    std::function<void(fake::Bus&)> spoil;
    std::string words;
  };
  const auto all = [](auto act) {
    return [act](fake::Bus& bus) {
      for (fake::Servo& servo : bus.servos) act(servo);
    };
  };
  const Case cases[] = {
      {all([](fake::Servo& s) { s.dead = true; }), "no servo answers"},
      {all([](fake::Servo& s) { s.set(kBaud, 4); }), "115200 baud, not at 1000000"},
      {[](fake::Bus& b) { b.servo(4).dead = true; }, "no answer from wrist_flex (id 4); its plug"},
      {[](fake::Bus& b) { b.servo(5).dead = b.servo(6).dead = true; },
       "the cable between wrist_flex and wrist_roll"},
      {[](fake::Bus& b) {
         b.servo(6).dead = true;
         b.servo(1).supply(12.1);
       },
       "the supply is 12.1 V"},
      {[](fake::Bus& b) { b.servo(4).set(kId, 3); }, "two servos answer as id 3"},
      {[](fake::Bus& b) { b.servo(4).set(kId, 9); }, "id 9 answers that no joint has"},
      {[](fake::Bus& b) { b.servo(2).set(kModel, 1284); }, "model 1284, not 777"},
      {[](fake::Bus& b) { b.servo(2).set(kFirmwareMinor, 9); }, "firmware 3.9"},
      {[](fake::Bus& b) { b.servo(2).set(kPhase, 28); }, "Phase bit 4"},
      {[](fake::Bus& b) { b.servo(2).supply(4.2); }, "4.2 V"},
      {[](fake::Bus& b) { b.servo(2).heat(66); }, "66 degrees"},
      {[](fake::Bus& b) { b.servo(2).fail(servo_error::kEncoder); }, "encoder"},
      {[](fake::Bus& b) { b.servo(2).set(kHomingOffset, 500); }, "by half"},
      {all([](fake::Servo& s) { s.set(kMaxPosition, 4000); }), "another arm's"},
  };
  for (const Case& one : cases) {
    Inspected arm;
    one.spoil(arm.servos);
    const std::string problem = arm.problem();
    EXPECT_NE(problem.find(one.words), std::string::npos) << one.words << " in: " << problem;
    EXPECT_EQ(problem.find('\n'), std::string::npos);
    EXPECT_THROW(require_sound(arm.report(), "port"), Error);
    EXPECT_EQ(arm.writes, 0) << one.words;
  }
}

TEST(FeetechInspect, OtherFirmwareMayBeAllowed) {
  Inspected arm;
  arm.servos.servo(2).set(Reg::kFirmwareMinor, 9);
  const ArmReport report = arm.report(true);
  EXPECT_TRUE(report.problems.empty());
  EXPECT_EQ(report.warnings.size(), 1U);
}

TEST(FeetechArmSetup, TicksAreRadiansByTheKnownPose) {
  Inspected arm;
  const JointMap& elbow = arm.setup.joints[2];
  const int offset = arm.setup.calibration.motors[2].homing_offset;
  EXPECT_NEAR(elbow.value(2048), 0, 1e-9);
  EXPECT_NEAR(elbow.value(2048 + 1024), 1.5708, 1e-4);
  EXPECT_NEAR(elbow.tick(elbow.value(1234)), 1234, 1e-9);
  EXPECT_EQ(arm.setup.pose.find("elbow_flex")->shaft, 2048 + offset);
  // The calibrated range is 900 .. 3200, the contract's +-1.69 rad.
  EXPECT_EQ(elbow.tick_min, 947);
  EXPECT_EQ(elbow.tick_max, 3149);
  const JointMap& gripper = arm.setup.joints[5];
  EXPECT_EQ(gripper.value(900), 0);
  EXPECT_EQ(gripper.value(3200), 1);
}

TEST(FeetechArmSetup, RefusesWhatCannotBeThisArm) {
  const Inspected arm;
  const auto spoilt = [&](const std::function<void(Calibration&, KnownPose&)>& spoil) {
    Calibration calibration = arm.setup.calibration;
    KnownPose pose = arm.setup.pose;
    spoil(calibration, pose);
    calibration.save(arm.setup.file);
    pose.save(known_pose_file(arm.setup.file));
    try {
      arm_setup(arm.setup.folder, arm.setup.file);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(spoilt([](auto&, auto&) {}), "");
  EXPECT_NE(spoilt([](auto& c, auto&) { c.motors[3].id = 9; }).find("another arm"),
            std::string::npos);
  EXPECT_NE(spoilt([](auto& c, auto&) { c.motors.pop_back(); }).find("not in the calibration"),
            std::string::npos);
  EXPECT_NE(spoilt([](auto& c, auto&) {
              c.motors[2].range_min = 3;
              c.motors[2].range_max = 4090;
            }).find("seam"),
            std::string::npos);
  EXPECT_NE(spoilt([](auto&, auto& p) { p.joints[2].mirrored = true; }).find("other way"),
            std::string::npos);
  EXPECT_NE(spoilt([](auto&, auto& p) { p.joints[2].shaft = 0; }).find("outside"),
            std::string::npos);
  EXPECT_NE(spoilt([](auto&, auto& p) { p.joints.clear(); }), "");
}

TEST(FeetechSetup, OneMotorGetsItsIdAndRate) {
  Inspected arm;
  for (fake::Servo& servo : arm.servos.servos) servo.dead = servo.id() != 4;
  fake::Servo& motor = arm.servos.servo(4);
  motor.set(Reg::kId, 1);
  motor.set(Reg::kBaud, 6);
  motor.set(Reg::kPhase, 28);
  arm.servos.servos.erase(arm.servos.servos.begin());  // so that id 1 is this one
  const auto set_baud = [&](int baud) { arm.servos.baud = baud; };
  const FoundServo found = find_lone_servo(arm.bus, set_baud);
  EXPECT_EQ(found.id, 1);
  EXPECT_EQ(found.baud, 57'600);
  const RobotFolder::Driver& driver = arm.setup.folder->driver;
  set_up_servo(arm.bus, found, driver, driver.servos[3], set_baud);
  fake::Servo& done = arm.servos.servo(4);
  done.restart();  // EEPROM alone is left
  EXPECT_EQ(done.value(Reg::kBaud), 0);
  EXPECT_EQ(done.value(Reg::kPhase), 12);
  EXPECT_EQ(done.value(Reg::kP), 16);
  EXPECT_EQ(done.value(Reg::kReturnDelay), 0);
  EXPECT_EQ(done.value(Reg::kLock), 1);
  for (fake::Servo& servo : arm.servos.servos) servo.dead = servo.id() > 4;
  EXPECT_THROW(find_lone_servo(arm.bus, set_baud), Error);  // 2, 3 and 4 answer
}

TEST(FeetechSetup, CalibrationIsWrittenForGoodAndReadAgain) {
  Inspected arm;
  Calibration other = arm.setup.calibration;
  for (MotorCalibration& motor : other.motors) motor.homing_offset = -1000 + 100 * motor.id;
  const Calibration before = read_calibration(arm.bus, arm.setup.folder->driver);
  EXPECT_EQ(before.motors, arm.setup.calibration.motors);
  write_calibration(arm.bus, other);
  for (fake::Servo& servo : arm.servos.servos) servo.restart();
  EXPECT_EQ(read_calibration(arm.bus, arm.setup.folder->driver).motors, other.motors);
  EXPECT_EQ(arm.problem().find("another arm's") == std::string::npos, false);
}

TEST(FeetechSetup, ASweepThatCrossesTheSeamIsRefused) {
  const Inspected arm;
  const RobotFolder::Driver& driver = arm.setup.folder->driver;
  Sweep sweep(driver, std::vector<int>(6, 0));
  sweep.add(std::vector<int>(6, 2000));
  EXPECT_THROW(sweep.result(), Error);  // nothing has moved
  sweep.add(std::vector<int>(6, 700));
  sweep.add(std::vector<int>(6, 2500));
  const Calibration found = sweep.result();
  EXPECT_EQ(found.motors[1].range_min, 700);
  EXPECT_EQ(found.motors[1].range_max, 2500);
  EXPECT_EQ(found.motors[4].range_max, 4095);  // wrist_roll turns all around
  sweep.add(std::vector<int>(6, 4090));
  EXPECT_THROW(sweep.add(std::vector<int>(6, 5)), Error);
}

}  // namespace
}  // namespace gyre::feetech
