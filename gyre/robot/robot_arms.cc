// Robots of several arms.
#include <algorithm>
#include <set>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/config.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/robot/robot_table.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void complain_of(const fs::path& file, const std::string& key, const std::string& what,
                              const std::string& what_to_do = "") {
  throw Error(file.string() + ": " + key, what, what_to_do);
}

RobotFolder::Arm arm_of(const fs::path& file, const robot_table::ArmsTable& table,
                        const std::string& name) {
  const auto found = table.arm.tables.find(name);
  if (found == table.arm.tables.end())
    complain_of(file, "arms", "there is no table [arm." + name + "]");
  const robot_table::ArmTable& from = found->second;
  if (from.robot.empty()) complain_of(file, "arm." + name + ".robot", "is missing", "name its arm");
  if (default_space(from.robot) == "joint") {
    complain_of(file, "arm." + name + ".robot", "is itself of several arms", "name one arm");
  }
  RobotFolder arm = *RobotFolder::load(from.robot);
  arm.name = table.name + "_" + name;
  arm.driver.port = from.port;
  arm.driver.calibration =
      from.calibration.empty() ? "" : fs::absolute(file.parent_path() / from.calibration).string();
  arm.cameras.clear();
  arm.camera_configs.clear();
  return {name, std::make_shared<const RobotFolder>(std::move(arm))};
}

}  // namespace

std::shared_ptr<const RobotFolder> one_arm(std::shared_ptr<const RobotFolder> folder) {
  if (folder->arms.empty()) return folder;
  throw Error("robot '" + folder->name + "'", "has several arms: it is driven by its joints alone",
              "it is neither simulated nor led by its hand");
}

std::shared_ptr<const RobotFolder> load_robot_of_arms(const fs::path& folder) {
  const fs::path file = folder / "robot.toml";
  robot_table::ArmsTable table;
  for (const std::string& name : toml_tables(file, "arm")) table.arm.tables[name];
  for (const std::string& name : toml_tables(file, "camera")) table.camera.tables[name];
  load_toml(config_entries(table), file);
  if (table.name.empty() || table.name.find('/') != std::string::npos) {
    complain_of(file, "name", "is missing or holds '/'", "name the robot");
  }
  const std::set<std::string> named(table.arms.begin(), table.arms.end());
  if (named.size() != table.arms.size()) complain_of(file, "arms", "names one twice");
  for (const auto& [name, arm] : table.arm.tables) {
    if (!named.contains(name)) complain_of(file, "arm." + name, "is not in arms", "add it there");
  }
  auto robot = std::make_shared<RobotFolder>();
  robot->folder = folder;
  robot->name = table.name;
  robot->action_period_s = table.action_period_s;
  robot->control_period_s = table.control_period_s;
  for (const std::string& name : table.arms) robot->arms.push_back(arm_of(file, table, name));
  robot->cameras = table.cameras;
  for (const auto& [name, camera] : table.camera.tables) {
    if (std::ranges::find(table.cameras, name) == table.cameras.end()) {
      complain_of(file, "camera." + name, "is not in cameras", "add it there");
    }
    camera.validate(file.string() + ": camera." + name);
  }
  robot->camera_configs = table.camera.tables;
  robot->contract("joint", 64).validate();
  return robot;
}

}  // namespace gyre
