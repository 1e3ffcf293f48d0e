#pragma once

#include <mujoco/mujoco.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/sim/renderer.h"
#include "gyre/sim/world.h"

// MuJoCo's side of a World: for world*.cc, sim_robot.cc and arm_picture.cc alone.
namespace gyre::sim {

struct ModelDeleter {
  void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct DataDeleter {
  void operator()(mjData* data) const { mj_deleteData(data); }
};
using ModelPtr = std::unique_ptr<mjModel, ModelDeleter>;
using DataPtr = std::unique_ptr<mjData, DataDeleter>;

// Compiles a scene that includes robot.xml, as a file of the robot's folder, so that it finds
// robot.xml and its meshes; MuJoCo takes the scene itself from memory. Throws Error naming the
// file.
ModelPtr compile_scene(const std::string& mjcf, const RobotFolder& robot);

// The inputs of a physics step. MuJoCo leaves positions of bodies, contacts and the like as they
// were at the beginning of the last step; taking that step again brings them back bit for bit.
struct StepInputs {
  std::vector<double> qpos, qvel, warmstart, ctrl;
  double time = 0;
};

struct World::Impl {
  std::shared_ptr<const RobotFolder> robot;
  std::string hash;  // of the scene's XML, 16 hex digits
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
  std::vector<int> joint_ctrl;  // actuators of the arm's joints
  int gripper_ctrl = -1;
  std::vector<int> finger_bodies;
  std::map<std::string, int, std::less<>> bodies;  // objects by name
  bool lamp_on = false;
  bool button_down = false;
  StepInputs before;  // of the last step

  // One physics step with the present controls. Throws Error when the physics diverges.
  void step();
  void note_inputs();  // copies them into `before`
  void advance();      // the physics of one step alone
  void toggle_lamp();
  void show_lamp();
  int body_of(std::string_view object) const;  // throws Error for a name that is none of bodies
  bool touching(int body_a, int body_b) const;
};

}  // namespace gyre::sim
