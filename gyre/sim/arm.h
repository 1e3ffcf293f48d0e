#pragma once

#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/sim/world.h"

namespace gyre::sim {

// One joint of an arm, in the order of the contract. Radians and seconds.
struct ArmJoint {
  std::string name;
  double min, max;
  double max_velocity, max_acceleration, max_jerk;
  double torque;  // N m
  double home;
};

// One robot arm: its MJCF, and what the driver must know of it. Constant.
struct Arm {
  std::string name;  // "so101", "panda"
  double scene_scale = 1;
  std::vector<ArmJoint> joints;

  // The gripper is one actuator; its joint value at closed and open (rad or m).
  std::string gripper_actuator;
  std::vector<std::string> gripper_joints;  // all of one value
  double gripper_closed = 0, gripper_open = 0;
  double gripper_speed = 0;  // openings per second
  std::vector<std::string> finger_bodies;
  double closed_tip = 0;    // metres to the left of the grasp frame where closed fingertips meet
  double finger_reach = 0;  // metres that the fingertips stand out beyond the grasp frame

  Box workspace;           // of the grasp frame, metres
  double max_translation;  // of one 0.1 s period, metres
  double max_rotation;     // of one 0.1 s period, radians
  Vec3 home_position{};    // of the grasp frame at the start, tool down
  double rotation_weight;  // in the driver's least squares, metres per radian

  std::string bodies;     // <body> elements under worldbody; grasp frame is site "grasp",
                          // the wrist camera is camera "wrist"
  std::string actuators;  // <actuator> children, one for each joint, then the gripper
  std::string extras;     // <equality>, <contact>, ... elements
};

const Arm& so101();
const Arm& panda();

// The contracts "so101/ee", "so101/joint", "panda/ee", "panda/joint" with square pictures of
// `image_size` pixels. Throws Error with the nearest name for any other.
Embodiment find_embodiment(const std::string& name, int image_size = 64);
std::vector<std::string> embodiment_names();
const Arm& arm_of(const Embodiment& embodiment);

}  // namespace gyre::sim
