// The contracts that a robot folder offers.
#include <utility>

#include "gyre/core/error.h"
#include "gyre/robot/kinematics_model.h"
#include "gyre/robot/robot_folder.h"

namespace gyre {
namespace {

std::vector<Field> joint_fields(const RobotFolder& robot) {
  std::vector<Field> fields;
  for (const ArmJoint& j : robot.joints) {
    fields.push_back({.name = j.name,
                      .unit = j.unit,
                      .min = j.min,
                      .max = j.max,
                      .max_velocity = j.max_velocity,
                      .max_acceleration = j.max_acceleration,
                      .max_jerk = j.max_jerk});
  }
  return fields;
}

std::vector<Field> pose_fields(const RobotFolder& robot) {
  std::vector<Field> fields;
  for (int axis = 0; axis < 3; ++axis) {
    fields.push_back({.name = std::string(1, "xyz"[axis]),
                      .unit = "m",
                      .min = robot.workspace.min[axis],
                      .max = robot.workspace.max[axis],
                      .max_velocity = robot.tool.max_translation / robot.action_period_s});
  }
  for (const char* entry : {"r11", "r21", "r31", "r12", "r22", "r32"}) {
    fields.push_back({.name = entry,
                      .unit = "1",
                      .min = -1,
                      .max = 1,
                      .max_velocity = robot.tool.max_rotation / robot.action_period_s});
  }
  return fields;
}

std::vector<Field> motion_fields(const RobotFolder& robot) {
  std::vector<Field> fields;
  const auto add = [&](const char* name, const char* unit, double most) {
    fields.push_back(
        {.name = name, .unit = unit, .kind = FieldKind::kDelta, .min = -most, .max = most});
  };
  for (const char* name : {"dx", "dy", "dz"}) add(name, "m", robot.tool.max_translation);
  for (const char* name : {"drx", "dry", "drz"}) add(name, "rad", robot.tool.max_rotation);
  return fields;
}

void add_arm(const RobotFolder::Arm& arm, Embodiment& whole) {
  const Embodiment part = arm.folder->contract("joint", 1);
  for (const auto& [from, to] :
       {std::pair(&part.state, &whole.state), std::pair(&part.action, &whole.action)}) {
    for (Field field : *from) {
      field.name = arm.name + "_" + field.name;
      to->push_back(std::move(field));
    }
  }
}

}  // namespace

Embodiment RobotFolder::contract(const std::string& space, int image_size) const {
  Embodiment e;
  e.name = name + "/" + space;
  e.action_period_s = action_period_s;
  e.control_period_s = control_period_s;
  if (!arms.empty()) {
    if (space != "joint") {
      throw Error("robot '" + name + "'", "has several arms, and the space joint alone",
                  "give " + name + "/joint");
    }
    for (const std::string& camera : cameras) {
      e.cameras.push_back({camera, image_size, image_size, "fixed"});
    }
    for (const Arm& arm : arms) add_arm(arm, e);
    return e;
  }
  e.workspace = workspace;
  for (const std::string& camera : cameras) {
    const std::string link = model->camera_link(camera);
    e.cameras.push_back({camera, image_size, image_size, link.empty() ? "fixed" : link});
  }
  e.state = space == "joint" ? joint_fields(*this) : pose_fields(*this);
  e.action = space == "joint" ? joint_fields(*this) : motion_fields(*this);
  const Field opening = {.name = "gripper",
                         .unit = "1",
                         .min = 0,
                         .max = 1,
                         .max_velocity = gripper.speed,
                         .gripper = true};
  e.state.push_back(opening);
  e.action.push_back(opening);
  return e;
}

}  // namespace gyre
