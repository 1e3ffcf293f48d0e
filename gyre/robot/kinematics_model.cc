#include "gyre/robot/kinematics_model.h"

#include <mujoco/mujoco.h>

#include <fstream>
#include <sstream>

#include "gyre/core/error.h"

namespace gyre {
namespace {

std::string name_of(const mjModel* model, mjtObj type, int id) {
  const char* name = mj_id2name(model, type, id);
  return name == nullptr ? "" : name;
}

// Radians must be declared: MuJoCo's default is degrees, and the simulator's scenes are in radians.
void require_radians(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  if (text.str().find("angle=\"radian\"") == std::string::npos) {
    throw Error(file.string(), "its angles are in degrees",
                "write <compiler angle=\"radian\" autolimits=\"true\"/> and give radians");
  }
}

std::vector<RobotModel::Joint> joints_of(const mjModel* m) {
  std::vector<RobotModel::Joint> joints;
  for (int id = 0; id < m->njnt; ++id) {
    const bool slides = m->jnt_type[id] == mjJNT_SLIDE;
    if (!slides && m->jnt_type[id] != mjJNT_HINGE) continue;
    RobotModel::Joint& joint = joints.emplace_back();
    joint.name = name_of(m, mjOBJ_JOINT, id);
    joint.slides = slides;
    joint.limited = m->jnt_limited[id] != 0;
    joint.min = m->jnt_range[2 * id];
    joint.max = m->jnt_range[2 * id + 1];
    for (int actuator = 0; actuator < m->nu; ++actuator) {
      if (m->actuator_trntype[actuator] == mjTRN_JOINT && m->actuator_trnid[2 * actuator] == id) {
        joint.actuator = name_of(m, mjOBJ_ACTUATOR, actuator);
      }
    }
  }
  return joints;
}

}  // namespace

// MuJoCo's own handlers write a file into the working directory and end the program. Warnings are
// read from the counters of mjData.
void handle_mujoco_errors() {
  [[maybe_unused]] static const bool once = [] {
    mju_user_warning = [](const char*) {};
    mju_user_error = [](const char* message) { throw Error("simulation", one_line(message)); };
    return true;
  }();
}

std::string one_line(std::string_view message) {
  std::string line;
  for (const char c : message) line += c == '\n' || c == '\r' ? ' ' : c;
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

RobotModel::RobotModel(const std::filesystem::path& xml) : file_(xml) {
  handle_mujoco_errors();
  if (!std::filesystem::is_regular_file(xml)) {
    throw Error(xml.string(), "there is no such file", "describe the robot there");
  }
  char message[500] = "";
  model_ = mj_loadXML(xml.string().c_str(), nullptr, message, sizeof(message));
  if (model_ == nullptr) throw Error(xml.string(), one_line(message));
  require_radians(xml);
  joints_ = joints_of(model_);
}

RobotModel::~RobotModel() { mj_deleteModel(model_); }

const RobotModel::Joint* RobotModel::find_joint(std::string_view name) const {
  for (const Joint& joint : joints_) {
    if (joint.name == name) return &joint;
  }
  return nullptr;
}

bool RobotModel::has_body(const std::string& name) const {
  return mj_name2id(model_, mjOBJ_BODY, name.c_str()) >= 0;
}
bool RobotModel::has_site(const std::string& name) const {
  return mj_name2id(model_, mjOBJ_SITE, name.c_str()) >= 0;
}
bool RobotModel::has_actuator(const std::string& name) const {
  return mj_name2id(model_, mjOBJ_ACTUATOR, name.c_str()) >= 0;
}

std::string RobotModel::camera_link(const std::string& camera) const {
  const int id = mj_name2id(model_, mjOBJ_CAMERA, camera.c_str());
  return id < 0 ? "" : name_of(model_, mjOBJ_BODY, model_->cam_bodyid[id]);
}

}  // namespace gyre
