#pragma once

#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/robot/camera_config.h"
#include "gyre/robot/pose.h"

namespace gyre {

class RobotModel;

// One joint of an arm, in the order of the contract. Radians (metres where it slides) and seconds.
struct ArmJoint {
  std::string name;
  std::string unit;  // "rad", or "m" where it slides
  double min = 0, max = 0;
  double max_velocity = 0, max_acceleration = 0, max_jerk = 0;  // 0: not limited
  double home = 0;
};

// A robot arm with a gripper, read from a folder that holds robot.toml (names, limits, periods) and
// robot.xml (the arm as a MuJoCo model). Drivers and the simulator read the same folder. Or several
// such arms as one robot, read from a robot.toml alone. Constant.
struct RobotFolder {
  // One arm of several, with a driver of its own. Its folder's name is "so101_bimanual_left", which
  // is LeRobot's name of its calibration too.
  struct Arm {
    std::string name;  // "left"
    std::shared_ptr<const RobotFolder> folder;
  };
  struct Gripper {
    std::string actuator;
    std::vector<std::string> joints;   // all of one value
    double closed = 0, open = 0;       // that value, rad or m
    double speed = 0;                  // openings per second
    std::vector<std::string> fingers;  // bodies that touch what is grasped
    double closed_tip = 0;    // metres to the left of the grasp frame where closed fingertips meet
    double finger_reach = 0;  // metres that the fingertips stand out beyond the grasp frame
  };
  struct Tool {
    std::string site;            // the grasp frame: z along the fingers, away from the hand
    double max_translation = 0;  // in one action period, metres
    double max_rotation = 0;     // in one action period, radians
    // Accelerations of the hand that the joints can follow within their own limits; the
    // simulator's experts keep them. m/s^2 and rad/s^2, 0: not limited.
    double max_acceleration = 0, max_angular_acceleration = 0;
    Vec3 home{};  // of the grasp frame, with the tool down, metres
  };

  // The servos that move a real arm of this kind.
  struct Driver {
    enum class AtExit { kTorqueOff, kHold };
    // Behind one joint, or behind the gripper, which is the last one.
    struct Servo {
      std::string joint;
      int id = 0;             // on the bus
      bool mirrored = false;  // larger ticks are smaller angles
      double known_pose = 0;  // rad, in the pose to which calibration ties ticks
      std::string positive;   // the way to larger angles, in words
    };
    std::string kind;  // "feetech", "process"; "": there is no driver
    std::string port;  // "": to be given. A process: the socket at which it listens
    int baud = 1'000'000;
    double rate = 200;                    // bus cycles a second
    AtExit at_exit = AtExit::kTorqueOff;  // of the arm when nobody drives it any more
    std::string pose;                     // the known pose in words
    std::string calibration;              // file; "": LeRobot's place
    int model = 777;                      // of every servo
    double max_temperature = 65;          // degrees C
    double min_voltage = 4.5, max_voltage = 8.4;
    double stall_load = 0.6;    // share of the torque limit that a stalled joint gives,
    double stall_s = 0.05;      // for so long without motion
    double backed_off = 0.2;    // torque limit after a stall
    double grip = 0.25;         // of the gripper that holds something
    std::vector<Servo> servos;  // [J + 1]
  };

  std::filesystem::path folder;
  std::string name;  // "so101"
  double action_period_s = 0.1;
  double control_period_s = 0;  // 0: the action period
  std::vector<ArmJoint> joints;
  std::vector<std::string> cameras;
  std::map<std::string, CameraConfig> camera_configs;  // of real ones, by name
  Gripper gripper;
  Driver driver;
  Tool tool;
  Box workspace;           // of the grasp frame, metres
  double scene_scale = 1;  // size of the simulated kitchen, and of the arm, in Pandas
  std::shared_ptr<const RobotModel> model;
  // With these, only name, periods and cameras beside them hold.
  std::vector<Arm> arms;

  // The robot named "so101" in assets/robots (beside the working directory, or beside the program
  // or a folder above it), or a folder by its path. Throws Error naming file and key.
  static std::shared_ptr<const RobotFolder> load(const std::string& name_or_folder);

  // The contract "<name>/<space>" with square pictures of `image_size` pixels. Space "joint":
  // positions of the joints, then the gripper. Space "ee": state x, y, z, the first two columns of
  // the rotation matrix, gripper; action change of position and rotation vector, gripper. Several
  // arms have the space "joint" alone: the fields of each, "left_shoulder_pan" and so on. Throws
  // Error for another space.
  Embodiment contract(const std::string& space, int image_size) const;
};

// The same folder. Throws Error where it is of several arms, for what needs one with a model.
std::shared_ptr<const RobotFolder> one_arm(std::shared_ptr<const RobotFolder> folder);

// The robots of assets/robots with each of their spaces, sorted: "panda/ee", "panda/joint", ... Not
// those of several arms, which nothing simulates.
std::vector<std::string> embodiment_names();

// The space of a robot whose name leaves it open: "joint" of several arms, else "ee".
std::string default_space(const std::string& name_or_folder);

// "so101/ee" or "path/to/folder/ee" in two parts. Throws Error, naming the nearest known name, for
// a space that is neither "ee" nor "joint" or a robot that is not there.
struct EmbodimentName {
  std::string robot, space;
};
EmbodimentName split_embodiment(const std::string& name);

// RobotFolder::load and contract() for a whole name.
Embodiment find_embodiment(const std::string& name, int image_size = 64);

}  // namespace gyre
