#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "gyre/robot/camera_config.h"
#include "gyre/robot/robot_folder.h"

namespace gyre {
// A folder whose robot.toml has tables [arm.NAME]. Throws Error naming file and key.
std::shared_ptr<const RobotFolder> load_robot_of_arms(const std::filesystem::path& folder);
}  // namespace gyre

// robot.toml as it is written. Numbers start as NaN where a value is required.
namespace gyre::robot_table {

inline constexpr double kUnset = std::numeric_limits<double>::quiet_NaN();

struct Range {
  double min = kUnset, max = kUnset;
  template <class Visitor>
  void visit(Visitor& v) {
    v("min", min, "lowest (m)");
    v("max", max, "highest (m)");
  }
};

struct JointTable {
  std::string unit;
  double min = kUnset, max = kUnset;
  double max_velocity = kUnset, max_acceleration = 0, max_jerk = 0, home = 0;
  int servo = 0;
  bool mirrored = false;
  double known_pose = 0;
  std::string positive;
  template <class Visitor>
  void visit(Visitor& v) {
    v("unit", unit, "rad, or m for a joint that slides; may be left out");
    v("min", min, "lowest position");
    v("max", max, "highest position");
    v("max_velocity", max_velocity, "per second");
    v("max_acceleration", max_acceleration, "per second squared, 0: not limited");
    v("max_jerk", max_jerk, "per second cubed, 0: not limited");
    v("home", home, "position from which the start pose is sought");
    v("servo", servo, "the id of its servo on the bus; 0: none");
    v("mirrored", mirrored, "larger ticks of the servo are smaller angles");
    v("known_pose", known_pose, "its angle in the pose that calibration asks for (rad)");
    v("positive", positive, "the way to larger angles, in words");
  }
};

struct GripperTable : RobotFolder::Gripper {
  int servo = 0;
  template <class Visitor>
  void visit(Visitor& v) {
    v("actuator", actuator, "the actuator of robot.xml");
    v("joints", joints, "joints of robot.xml that move together");
    v("closed", closed, "their value when closed");
    v("open", open, "their value when open");
    v("speed", speed, "openings per second");
    v("servo", servo, "the id of its servo on the bus; 0: none");
    v("fingers", fingers, "bodies of robot.xml that touch what is grasped");
    v("closed_tip", closed_tip, "where closed fingertips meet, left of the grasp frame (m)");
    v("finger_reach", finger_reach, "how far fingertips stand out beyond the grasp frame (m)");
  }
};

struct PositionTable {
  double x = kUnset, y = kUnset, z = kUnset;
  template <class Visitor>
  void visit(Visitor& v) {
    v("x", x, "metres");
    v("y", y, "metres");
    v("z", z, "metres");
  }
};

struct ToolTable {
  std::string site = "grasp";
  double max_translation = kUnset, max_rotation = kUnset;
  double max_acceleration = 0, max_angular_acceleration = 0;
  PositionTable home;
  template <class Visitor>
  void visit(Visitor& v) {
    v("site", site, "the site of robot.xml that is the grasp frame");
    v("max_translation", max_translation, "in one action period (m)");
    v("max_rotation", max_rotation, "in one action period (rad)");
    v("max_acceleration", max_acceleration, "of the hand (m/s^2), 0: not limited");
    v("max_angular_acceleration", max_angular_acceleration, "rad/s^2, 0: not limited");
    v("home", home, "position of the grasp frame at the start");
  }
};

struct WorkspaceTable {
  Range x, y, z;
  template <class Visitor>
  void visit(Visitor& v) {
    v("x", x, "range of the grasp frame");
    v("y", y, "range of the grasp frame");
    v("z", z, "range of the grasp frame");
  }
};

struct DriverTable {
  std::string pose;
  std::string kind, port, at_exit = "torque_off", calibration;
  int baud = 1'000'000, model = 777;
  double rate = 200, max_temperature = 65, min_voltage = 4.5, max_voltage = 8.4;
  double stall_load = 0.6, stall_s = 0.05, backed_off = 0.2, grip = 0.25;
  template <class Visitor>
  void visit(Visitor& v) {
    v("kind", kind, "feetech, process, or empty where there is no driver");
    v("port", port, "serial port, or a process's socket; empty: to be given");
    v("baud", baud, "of the bus");
    v("model", model, "model number of every servo");
    v("at_exit", at_exit, "torque_off or hold: the arm when nobody drives it any more");
    v("calibration", calibration, "file; empty: LeRobot's place");
    v("pose", pose, "the known pose in words");
    v("rate", rate, "bus cycles a second");
    v("max_temperature", max_temperature, "of a servo (degrees C)");
    v("min_voltage", min_voltage, "of a servo (V)");
    v("max_voltage", max_voltage, "of a servo (V)");
    v("stall_load", stall_load, "share of its torque limit that a stalled joint gives");
    v("stall_s", stall_s, "for so long, without motion (s)");
    v("backed_off", backed_off, "torque limit of a joint that stalled (share)");
    v("grip", grip, "torque limit of a gripper that holds something (share)");
  }
};

struct SimulationTable {
  double scene_scale = 1;
  template <class Visitor>
  void visit(Visitor& v) {
    v("scene_scale", scene_scale, "size of the kitchen; 1 suits a Panda");
  }
};

// The tables [joint.<name>], one for each joint that robot.xml has.
struct JointTables {
  std::map<std::string, JointTable> tables;
  template <class Visitor>
  void visit(Visitor& v) {
    for (auto& [name, table] : tables) v(name, table, "a joint");
  }
};

// The tables [camera.<name>] that the file has.
struct CameraTables {
  std::map<std::string, CameraConfig> tables;
  template <class Visitor>
  void visit(Visitor& v) {
    for (auto& [name, table] : tables) v(name, table, "a camera");
  }
};

struct RobotTable {
  std::string name;
  std::vector<std::string> joints, cameras;
  double action_period_s = 0.1, control_period_s = 0;
  JointTables joint;
  CameraTables camera;
  GripperTable gripper;
  ToolTable tool;
  WorkspaceTable workspace;
  DriverTable driver;
  SimulationTable simulation;
  template <class Visitor>
  void visit(Visitor& v) {
    v("name", name, "the robot's name");
    v("joints", joints, "joints of robot.xml in the order of the contract");
    v("cameras", cameras, "cameras in the order of the contract");
    v("action_period_s", action_period_s, "one action of a chunk");
    v("control_period_s", control_period_s, "one command; 0: the action period");
    v("joint", joint, "limits of each joint");
    v("camera", camera, "how a real camera stands and is set");
    v("gripper", gripper, "the gripper");
    v("tool", tool, "the grasp frame");
    v("workspace", workspace, "box of the grasp frame (m)");
    v("driver", driver, "the servos of a real arm");
    v("simulation", simulation, "what only the simulator reads");
  }
};

// One of several arms: the table [arm.<name>].
struct ArmTable {
  std::string robot, port, calibration;
  template <class Visitor>
  void visit(Visitor& v) {
    v("robot", robot, "the name or folder of its arm");
    v("port", port, "its serial port; empty: to be given");
    v("calibration", calibration, "file; empty: LeRobot's place");
  }
};

struct ArmTables {
  std::map<std::string, ArmTable> tables;
  template <class Visitor>
  void visit(Visitor& v) {
    for (auto& [name, table] : tables) v(name, table, "an arm");
  }
};

// robot.toml of a robot of several arms.
struct ArmsTable {
  std::string name;
  std::vector<std::string> arms, cameras;
  double action_period_s = 0.1, control_period_s = 0;
  ArmTables arm;
  CameraTables camera;
  template <class Visitor>
  void visit(Visitor& v) {
    v("name", name, "the robot's name");
    v("arms", arms, "its arms in the order of the contract");
    v("cameras", cameras, "cameras in the order of the contract");
    v("action_period_s", action_period_s, "one action of a chunk");
    v("control_period_s", control_period_s, "one command; 0: the action period");
    v("arm", arm, "each arm");
    v("camera", camera, "how a real camera stands and is set");
  }
};

}  // namespace gyre::robot_table
