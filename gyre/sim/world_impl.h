#pragma once

#include <mujoco/mujoco.h>

#include <map>
#include <memory>
#include <optional>

#include "gyre/sim/arm.h"
#include "gyre/sim/renderer.h"
#include "gyre/sim/world.h"

// MuJoCo's side of a World: for world.cc, kinematics.cc and sim_robot.cc alone.
namespace gyre::sim {

struct ModelDeleter {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct DataDeleter {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
using ModelPtr = std::unique_ptr<mjModel, ModelDeleter>;
using DataPtr = std::unique_ptr<mjData, DataDeleter>;

struct World::Impl {
  const Arm* arm;
  SceneLayout layout;
  ModelPtr model;
  DataPtr data;
  std::optional<Renderer> renderer;  // made at the first picture

  int grasp_site = -1;
  int lamp_geom = -1;
  int drawer_qpos = -1, button_qpos = -1;
  std::vector<int> joint_qpos, joint_dof;  // of the arm's joints
  std::vector<int> arm_dofs;               // and of the gripper: gravity is compensated there
  int gripper_qpos = -1;
  std::vector<int> finger_bodies;
  std::map<std::string, int, std::less<>> bodies;  // objects by name
  bool lamp_on = false;
  bool button_down = false;

  // One physics step with the present controls. Throws Error when the physics diverges.
  void step();
  void show_lamp();
  int body_of(std::string_view object) const;  // throws Error for a name that is none of bodies
  bool touching(int body_a, int body_b) const;
};

}  // namespace gyre::sim
