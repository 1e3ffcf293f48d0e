#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gyre::feetech {

// One motor of a LeRobot calibration file. `Present_Position = shaft - homing_offset`; ranges are
// present positions.
struct MotorCalibration {
  std::string motor;
  int id = 0;
  int drive_mode = 0;  // 1: normalised values run the other way
  int homing_offset = 0;
  int range_min = 0, range_max = 4095;
  bool operator==(const MotorCalibration&) const = default;
};

// LeRobot's calibration of one arm, in the file's order.
struct Calibration {
  std::vector<MotorCalibration> motors;
  std::string ending;  // white space behind the file's last brace

  // Throws Error naming file and motor: no such file, not JSON (half written, for example), a list
  // as LeRobot's first version had them, a key that is missing or unknown, ids twice, an offset
  // beyond +-2047, a range that is empty or leaves 0 .. 4095.
  static Calibration load(const std::filesystem::path& file);
  static Calibration parse(const std::string& text, const std::string& where);
  // Byte for byte as LeRobot writes it.
  std::string text() const;
  void save(const std::filesystem::path& file) const;

  const MotorCalibration* find(const std::string& motor) const;
};

// A follower is the robot; a leader is an arm of the same kind that a person's hands move.
enum class ArmRole { kFollower, kLeader };

// LeRobot's place for the arm named `id`: <root>/robots/<class>/<id>.json, and for a leader
// <root>/teleoperators/<class>/<id>.json, root being $HF_LEROBOT_CALIBRATION,
// $HF_LEROBOT_HOME/calibration, $HF_HOME/lerobot/calibration or
// ~/.cache/huggingface/lerobot/calibration. Of the classes so_follower, so101_follower and
// so100_follower (so_leader, ...) the first that has the file; where none has, the first.
std::filesystem::path lerobot_calibration_file(const std::string& id,
                                               ArmRole role = ArmRole::kFollower);

// The homing offset that makes this shaft position (0 .. 4095) read 2047. Throws Error naming the
// motor where it would be beyond +-2047, which the servo cannot keep.
int homing_offset_for(const std::string& motor, int shaft);

// LeRobot's normalised values.
enum class NormMode { kRangeM100To100, kRange0To100, kDegrees };
double normalised(NormMode mode, const MotorCalibration& motor, int tick);
int unnormalised(NormMode mode, const MotorCalibration& motor, double value);

// The pose that ties ticks to radians: it lies beside the calibration file, because LeRobot's
// format has no room for it.
struct KnownPose {
  struct Joint {
    std::string name;
    int shaft = 0;  // ticks of the encoder: present position + homing offset, 0 .. 4095
    double radians = 0;
    bool mirrored = false;  // as the hand found it: larger ticks are smaller angles
  };
  std::vector<Joint> joints;

  // Throws Error as Calibration does.
  static KnownPose load(const std::filesystem::path& file);
  void save(const std::filesystem::path& file) const;
  const Joint* find(const std::string& name) const;
};
// "arm.json" has "arm.pose.json".
std::filesystem::path known_pose_file(const std::filesystem::path& calibration);

}  // namespace gyre::feetech
