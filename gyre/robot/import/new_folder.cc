#include "gyre/robot/import/new_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/robot/import/model_edit.h"
#include "gyre/robot/robot_folder.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

constexpr double kKitchenReach = 1.05;  // metres of an arm whose kitchen has scale 1
constexpr double kRoom = 0.01;          // metres of the workspace beyond the reach
constexpr double kHandSpeed = 0.65;     // reaches a second
constexpr double kHandTurn = 3.5;       // rad/s
constexpr double kOpeningsPerS = 4;

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : ", \"") + name + "\"";
  return "[" + text + "]";
}

double rounded(double metres) { return std::round(metres * 1000) / 1000; }

// Openings a second that the joint's velocity allows.
double gripper_speed(const RobotSource& source, const FolderPlan& plan) {
  const auto told = source.limits.find(plan.gripper.front());
  const double opening = std::abs(plan.open - plan.closed);
  if (told == source.limits.end() || told->second.velocity <= 0 || opening == 0) {
    return kOpeningsPerS;
  }
  return std::min(kOpeningsPerS, told->second.velocity / opening);
}

std::string joint_table(const FolderPlan::Joint& joint) {
  std::string text = fmt::format("[joint.{}]\nmin = {:.6g}\nmax = {:.6g}\nmax_velocity = {:.6g}\n",
                                 joint.name, joint.min, joint.max, joint.max_velocity);
  const auto add = [&](const char* key, double value) {
    if (value != 0) text += fmt::format("{} = {:.6g}\n", key, value);
  };
  add("max_acceleration", joint.max_acceleration);
  add("max_jerk", joint.max_jerk);
  add("home", joint.home);
  return text + "\n";
}

std::string tool_table(const FolderPlan& plan, const std::string& site, const Vec3& home,
                       const Reach& reach) {
  Vec3 min = reach.min, max = reach.max;
  for (size_t axis = 0; axis < 3; ++axis) {  // an arm in a plane, and a home at the edge
    min[axis] = std::min(min[axis], home[axis]) - kRoom;
    max[axis] = std::max(max[axis], home[axis]) + kRoom;
  }
  if (home[2] >= 0) min[2] = std::max(min[2], 0.0);  // the table
  std::string text = fmt::format(
      "# Not told by the model: the hand's speed, by the arm's reach.\n"
      "[tool]\nsite = \"{}\"\nmax_translation = {:.3g}\nmax_rotation = {:.3g}\n"
      "home = {{ x = {:.6g}, y = {:.6g}, z = {:.6g} }}\n\n",
      site, kHandSpeed * reach.outward / plan.rate, kHandTurn / plan.rate, home[0], home[1],
      home[2]);
  text +=
      "# Not told by the model: what the arm reaches above the table. Narrow it.\n[workspace]\n";
  for (size_t axis = 0; axis < 3; ++axis) {
    text += fmt::format("{} = {{ min = {:.6g}, max = {:.6g} }}\n", "xyz"[axis], rounded(min[axis]),
                        rounded(max[axis]));
  }
  return text + "\n";
}

std::string robot_toml(const std::string& name, const RobotSource& source, const FolderPlan& plan,
                       const std::string& gripper_actuator, const RobotModel& model) {
  std::vector<std::string> joints;
  std::map<std::string, double> home;
  for (const FolderPlan::Joint& joint : plan.joints) {
    joints.push_back(joint.name);
    home[joint.name] = joint.home;
  }
  const std::string site = plan.tool.site.empty() ? kGraspSite : plan.tool.site;
  const Reach reach = reach_of(model, site, joints);
  const Vec3 at = site_position(model, site, home);
  std::string text = fmt::format("# Written from {}. Radians, metres, seconds.\n",
                                 source.file.filename().string());
  text += fmt::format("name = \"{}\"\njoints = {}\ncameras = {}\naction_period_s = {:.6g}\n\n",
                      name, list_of(joints), list_of(plan.cameras), 1 / plan.rate);
  for (const FolderPlan::Joint& joint : plan.joints) text += joint_table(joint);
  text += fmt::format(
      "# Not told by the model: the speed (openings a second).\n"
      "[gripper]\njoints = {}\nactuator = \"{}\"\nclosed = {:.6g}\nopen = {:.6g}\n"
      "speed = {:.3g}\nfingers = {}\n\n",
      list_of(plan.gripper), gripper_actuator, plan.closed, plan.open, gripper_speed(source, plan),
      list_of(plan.fingers));
  text += tool_table(plan, site, at, reach);
  text += fmt::format("[simulation]\nscene_scale = {:.3g}\n",
                      plan.scale > 0 ? plan.scale : reach.outward / kKitchenReach);
  return text;
}

void fill(const std::string& name, const RobotSource& source, const FolderPlan& plan,
          const fs::path& folder) {
  const EditedModel edited = edit_model(source, plan);
  if (!edited.assets.empty()) fs::create_directories(folder / "meshes");
  for (const EditedModel::Asset& asset : edited.assets) {
    fs::copy_file(asset.from, folder / asset.to);
  }
  io::write_atomically(folder / "robot.xml", edited.xml);
  const RobotModel model(folder / "robot.xml");
  io::write_atomically(folder / "robot.toml",
                       robot_toml(name, source, plan, edited.gripper_actuator, model));
  RobotFolder::load(folder.string());
}

}  // namespace

void write_new_folder(const std::string& name, const RobotSource& source, const FolderPlan& plan,
                      const fs::path& folder) {
  if (name.empty() || name.find_first_of("/\"\\") != std::string::npos) {
    throw Error("robot '" + name + "'", "is no name", "give letters, digits and _");
  }
  if (fs::exists(folder)) throw Error(folder.string(), "is there already", "give a new folder");
  const fs::path half = folder.string() + ".new";
  std::error_code ignored;
  fs::remove_all(half, ignored);
  try {
    fs::create_directories(half);
    fill(name, source, plan, half);
    fs::rename(half, folder);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(half, ignored);
    throw Error(folder.string(), error.code().message());
  } catch (const Error&) {
    fs::remove_all(half, ignored);
    throw;
  }
}

}  // namespace gyre
