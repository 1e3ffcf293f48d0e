#include "gyre/robot/feetech/calibration.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/scratch_folder.h"

namespace gyre::feetech {
namespace {

// As LeRobot's json.dump(indent=4) writes it.
const std::string kFile = R"({
    "shoulder_pan": {
        "id": 1,
        "drive_mode": 0,
        "homing_offset": -291,
        "range_min": 742,
        "range_max": 3458
    },
    "gripper": {
        "id": 6,
        "drive_mode": 1,
        "homing_offset": 2047,
        "range_min": 0,
        "range_max": 4095
    }
})";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

std::string complaint(const std::string& text) {
  try {
    Calibration::parse(text, "arm.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(FeetechCalibration, FilesAreReadAndWrittenByteForByte) {
  EXPECT_EQ(Calibration::parse(kFile, "arm.json").text(), kFile);
  EXPECT_EQ(Calibration::parse(kFile + "\n", "arm.json").text(), kFile + "\n");
  const io::ScratchFolder scratch;
  const Calibration calibration = Calibration::parse(kFile, "arm.json");
  calibration.save(scratch.path() / "a" / "arm.json");
  EXPECT_EQ(io::read_text(scratch.path() / "a" / "arm.json"), kFile);
  EXPECT_EQ(Calibration::load(scratch.path() / "a" / "arm.json").motors, calibration.motors);
}

TEST(FeetechCalibration, BadFilesAreToldInOneLine) {
  for (size_t size = 0; size < kFile.size(); ++size) {
    EXPECT_NE(complaint(kFile.substr(0, size)), "") << size;
  }
  EXPECT_NE(complaint(kFile.substr(0, 100)).find("half written"), std::string::npos);
  EXPECT_NE(complaint(R"({"homing_offset": [1, 2]})").find("first version"), std::string::npos);
  EXPECT_NE(complaint(replaced(kFile, "-291", "-2048")).find("+-2047"), std::string::npos);
  EXPECT_NE(complaint(replaced(kFile, "-291", "2.5")).find("whole number"), std::string::npos);
  EXPECT_NE(complaint(replaced(kFile, "742", "3458")).find("range"), std::string::npos);
  EXPECT_NE(complaint(replaced(kFile, "3458", "4096")).find("range"), std::string::npos);
  EXPECT_NE(complaint(replaced(kFile, "\"id\": 6", "\"id\": 1")).find("two motors"),
            std::string::npos);
  EXPECT_NE(complaint(replaced(kFile, "drive_mode", "drive_modes")).find("unknown key"),
            std::string::npos);
}

// The formulas of LeRobot's motors_bus.py, on every tick.
TEST(FeetechCalibration, NormalisationIsLeRobotsOnEveryTick) {
  for (const int drive_mode : {0, 1}) {
    const MotorCalibration motor{.drive_mode = drive_mode, .range_min = 742, .range_max = 3458};
    const double low = 742, high = 3458;
    for (int tick = 0; tick < 4096; ++tick) {
      const double bounded = std::min(high, std::max(low, static_cast<double>(tick)));
      double m100 = (((bounded - low) / (high - low)) * 200) - 100;
      double p100 = ((bounded - low) / (high - low)) * 100;
      if (drive_mode != 0) {
        m100 = -m100;
        p100 = 100 - p100;
      }
      const double degrees = (tick - (low + high) / 2) * 360 / 4095;
      ASSERT_EQ(normalised(NormMode::kRangeM100To100, motor, tick), m100);
      ASSERT_EQ(normalised(NormMode::kRange0To100, motor, tick), p100);
      ASSERT_EQ(normalised(NormMode::kDegrees, motor, tick), degrees);
      // Back again: Python's int() cuts off.
      const double m = drive_mode != 0 ? -m100 : m100, p = drive_mode != 0 ? 100 - p100 : p100;
      ASSERT_EQ(unnormalised(NormMode::kRangeM100To100, motor, m100),
                static_cast<int>(((m + 100) / 200) * (high - low) + low));
      ASSERT_EQ(unnormalised(NormMode::kRange0To100, motor, p100),
                static_cast<int>((p / 100) * (high - low) + low));
      ASSERT_LE(std::abs(unnormalised(NormMode::kDegrees, motor, degrees) - tick), 1);
      if (tick < low || tick > high) continue;
      ASSERT_LE(std::abs(unnormalised(NormMode::kRangeM100To100, motor, m100) - tick), 1);
      ASSERT_LE(std::abs(unnormalised(NormMode::kRange0To100, motor, p100) - tick), 1);
    }
    EXPECT_EQ(unnormalised(NormMode::kRangeM100To100, motor, 250), drive_mode != 0 ? 742 : 3458);
    EXPECT_EQ(unnormalised(NormMode::kRange0To100, motor, -7), drive_mode != 0 ? 3458 : 742);
  }
}

TEST(FeetechCalibration, AnOffsetThatNoServoKeepsIsRefused) {
  EXPECT_EQ(homing_offset_for("elbow_flex", 2047), 0);
  EXPECT_EQ(homing_offset_for("elbow_flex", 0), -2047);
  EXPECT_EQ(homing_offset_for("elbow_flex", 4094), 2047);
  EXPECT_THROW(homing_offset_for("elbow_flex", 4095), Error);
}

TEST(FeetechCalibration, KnownPosesComeBack) {
  const io::ScratchFolder scratch;
  const KnownPose pose{{{"shoulder_pan", 2100, -0.5, true}, {"elbow_flex", 17, 1.25, false}}};
  const auto file = known_pose_file(scratch.path() / "arm.json");
  EXPECT_EQ(file.filename(), "arm.pose.json");
  pose.save(file);
  const KnownPose again = KnownPose::load(file);
  ASSERT_NE(again.find("shoulder_pan"), nullptr);
  EXPECT_EQ(again.find("shoulder_pan")->shaft, 2100);
  EXPECT_EQ(again.find("shoulder_pan")->radians, -0.5);
  EXPECT_TRUE(again.find("shoulder_pan")->mirrored);
  EXPECT_EQ(again.find("gripper"), nullptr);
  std::ofstream(file) << R"({"elbow_flex": {"shaft": 5000, "radians": 0, "mirrored": false}})";
  EXPECT_THROW(KnownPose::load(file), Error);
}

}  // namespace
}  // namespace gyre::feetech
