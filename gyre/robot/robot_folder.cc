#include "gyre/robot/robot_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "gyre/core/error.h"
#include "gyre/io/config.h"
#include "gyre/robot/kinematics_model.h"
#include "gyre/robot/robot_table.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

constexpr double kMostAngle = 4 * std::numbers::pi;  // a limit beyond it was given in degrees

// Checks the values of one robot.toml; every complaint names the file and the key.
class Checker {
 public:
  Checker(fs::path file, const RobotModel& model) : file_(std::move(file)), model_(model) {}

  [[noreturn]] void refuse(const std::string& key, const std::string& what,
                           const std::string& what_to_do = "") const {
    throw Error(file_.string() + ": " + key, what, what_to_do);
  }
  void given(const std::string& key, double value) const {
    if (!std::isfinite(value)) refuse(key, "is missing or not finite", "give a number");
  }
  void positive(const std::string& key, double value) const {
    if (!(std::isfinite(value) && value > 0)) {
      refuse(key, "is missing or not positive", "give a positive number");
    }
  }
  void not_negative(const std::string& key, double value) const {
    if (!(std::isfinite(value) && value >= 0)) refuse(key, "is negative or not finite");
  }
  void range(const std::string& key, double min, double max) const {
    given(key + ".min", min);
    given(key + ".max", max);
    if (min >= max) refuse(key, fmt::format("min {} is not below max {}", min, max));
  }
  const RobotModel::Joint& joint(const std::string& key, const std::string& name) const {
    const RobotModel::Joint* found = model_.find_joint(name);
    if (found == nullptr) {
      std::vector<std::string> names;
      for (const RobotModel::Joint& j : model_.joints()) names.push_back(j.name);
      const std::string nearest = nearest_name(name, names);
      refuse(key, "robot.xml has no joint '" + name + "'",
             nearest.empty() ? fmt::format("it has {}", fmt::join(names, ", "))
                             : "did you mean '" + nearest + "'?");
    }
    return *found;
  }
  void in_model(const std::string& key, const char* kind, const std::string& name, bool has) const {
    if (!has) refuse(key, fmt::format("robot.xml has no {} '{}'", kind, name));
  }

  ArmJoint arm_joint(const std::string& name, const robot_table::JointTable& table) const {
    const std::string key = "joint." + name;
    const RobotModel::Joint& in_xml = joint("joints", name);
    const std::string unit = in_xml.slides ? "m" : "rad";
    if (!table.unit.empty() && table.unit != unit) {
      refuse(key + ".unit", "is '" + table.unit + "'", "give limits in " + unit);
    }
    range(key, table.min, table.max);
    if (!in_xml.slides && std::max(std::abs(table.min), std::abs(table.max)) > kMostAngle) {
      refuse(key, fmt::format("its limits {} .. {} look like degrees", table.min, table.max),
             "give radians");
    }
    constexpr double kSlack = 1e-6;
    if (in_xml.limited && (table.min < in_xml.min - kSlack || table.max > in_xml.max + kSlack)) {
      refuse(key, fmt::format("its limits {} .. {} go beyond robot.xml's {} .. {}", table.min,
                              table.max, in_xml.min, in_xml.max));
    }
    positive(key + ".max_velocity", table.max_velocity);
    for (const auto& [rate, value] : {std::pair(".max_acceleration", table.max_acceleration),
                                      std::pair(".max_jerk", table.max_jerk)}) {
      not_negative(key + rate, value);
    }
    if (!(table.home >= table.min && table.home <= table.max)) {
      refuse(key + ".home", fmt::format("{} is outside its limits", table.home));
    }
    if (in_xml.actuator.empty()) refuse(key, "robot.xml has no actuator for this joint alone");
    return {
        name,           unit,      table.min, table.max, table.max_velocity, table.max_acceleration,
        table.max_jerk, table.home};
  }

 private:
  fs::path file_;
  const RobotModel& model_;
};

// Folders that may hold assets/robots: the working directory, the program's and those above it.
std::vector<fs::path> asset_roots() {
  std::vector<fs::path> roots = {fs::current_path() / "assets" / "robots"};
  std::error_code ignored;
  fs::path above = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (; above.has_relative_path(); above = above.parent_path()) {
    roots.push_back(above / "assets" / "robots");
  }
  return roots;
}

std::optional<fs::path> shipped_folder(const std::string& name) {
  for (const fs::path& root : asset_roots()) {
    if (fs::is_regular_file(root / name / "robot.toml")) return root / name;
  }
  return std::nullopt;
}

std::vector<std::string> shipped_robots() {
  for (const fs::path& root : asset_roots()) {
    std::vector<std::string> names;
    if (!fs::is_directory(root)) continue;
    for (const auto& entry : fs::directory_iterator(root)) {
      if (fs::is_regular_file(entry.path() / "robot.xml")) {
        names.push_back(entry.path().filename().string());
      }
    }
    if (names.empty()) continue;
    std::ranges::sort(names);
    return names;
  }
  return {};
}

fs::path folder_of(const std::string& name_or_folder) {
  if (name_or_folder.find('/') == std::string::npos) {
    if (const auto shipped = shipped_folder(name_or_folder)) return *shipped;
  }
  if (fs::is_directory(name_or_folder)) return name_or_folder;
  const std::vector<std::string> names = shipped_robots();
  const std::string nearest = nearest_name(name_or_folder, names);
  throw Error("robot", "'" + name_or_folder + "' is neither a known robot nor a folder",
              nearest.empty() ? fmt::format("the known ones are {}", fmt::join(names, ", "))
                              : "did you mean '" + nearest + "'?");
}

Box box_of(const Checker& check, const robot_table::WorkspaceTable& table) {
  Box box;
  const robot_table::Range* ranges[] = {&table.x, &table.y, &table.z};
  for (int axis = 0; axis < 3; ++axis) {
    check.range(std::string("workspace.") + "xyz"[axis], ranges[axis] -> min, ranges[axis] -> max);
    box.min[axis] = ranges[axis]->min;
    box.max[axis] = ranges[axis]->max;
  }
  return box;
}

RobotFolder::Tool tool_of(const Checker& check, const RobotModel& model,
                          const robot_table::ToolTable& table, const Box& workspace) {
  check.in_model("tool.site", "site", table.site, model.has_site(table.site));
  check.positive("tool.max_translation", table.max_translation);
  check.positive("tool.max_rotation", table.max_rotation);
  for (const auto& [key, value] :
       {std::pair("tool.max_acceleration", table.max_acceleration),
        std::pair("tool.max_angular_acceleration", table.max_angular_acceleration)}) {
    check.not_negative(key, value);
  }
  const Vec3 home = {table.home.x, table.home.y, table.home.z};
  for (size_t axis = 0; axis < 3; ++axis) {
    const std::string key = std::string("tool.home.") + "xyz"[axis];
    check.given(key, home[axis]);
    if (home[axis] < workspace.min[axis] || home[axis] > workspace.max[axis]) {
      check.refuse(key, fmt::format("{} is outside the workspace", home[axis]));
    }
  }
  return {.site = table.site,
          .max_translation = table.max_translation,
          .max_rotation = table.max_rotation,
          .max_acceleration = table.max_acceleration,
          .max_angular_acceleration = table.max_angular_acceleration,
          .home = home};
}

void check_gripper(const Checker& check, const RobotModel& model,
                   const RobotFolder::Gripper& gripper) {
  check.in_model("gripper.actuator", "actuator", gripper.actuator,
                 model.has_actuator(gripper.actuator));
  if (gripper.joints.empty()) check.refuse("gripper.joints", "names no joint");
  for (const std::string& name : gripper.joints) check.joint("gripper.joints", name);
  for (const std::string& name : gripper.fingers) {
    check.in_model("gripper.fingers", "body", name, model.has_body(name));
  }
  if (gripper.open == gripper.closed) check.refuse("gripper.open", "equals gripper.closed");
  check.positive("gripper.speed", gripper.speed);
}

RobotFolder::Driver driver_of(const Checker& check, const robot_table::RobotTable& table) {
  const robot_table::DriverTable& from = table.driver;
  if (from.kind.empty()) return {};
  if (from.kind != "feetech" && from.kind != "process") {
    check.refuse("driver.kind", "'" + from.kind + "' is unknown", "give feetech or process");
  }
  if (from.at_exit != "torque_off" && from.at_exit != "hold") {
    check.refuse("driver.at_exit", "'" + from.at_exit + "' is unknown", "give torque_off or hold");
  }
  using AtExit = RobotFolder::Driver::AtExit;
  const AtExit at_exit = from.at_exit == "hold" ? AtExit::kHold : AtExit::kTorqueOff;
  if (from.kind == "process") {
    RobotFolder::Driver outside;
    outside.kind = from.kind;
    outside.port = from.port;
    outside.at_exit = at_exit;
    return outside;
  }
  constexpr int kMostBaud = 4'000'000;
  if (from.baud < 1 || from.baud > kMostBaud) check.refuse("driver.baud", "is no rate");
  constexpr double kMostRate = 1000;
  check.positive("driver.rate", from.rate);
  if (from.rate > kMostRate) check.refuse("driver.rate", "is more than 1000 a second");
  if (!(from.min_voltage < from.max_voltage)) {
    check.refuse("driver.min_voltage", "is not below driver.max_voltage");
  }
  for (const auto& [key, value] :
       {std::pair("driver.stall_load", from.stall_load),
        std::pair("driver.backed_off", from.backed_off), std::pair("driver.grip", from.grip)}) {
    check.positive(key, value);
    if (value > 1) check.refuse(key, "is more than 1, the whole torque");
  }
  check.positive("driver.stall_s", from.stall_s);
  check.positive("driver.max_temperature", from.max_temperature);
  RobotFolder::Driver driver{.kind = from.kind,
                             .port = from.port,
                             .baud = from.baud,
                             .rate = from.rate,
                             .at_exit = at_exit,
                             .pose = from.pose,
                             .calibration = from.calibration,
                             .model = from.model,
                             .max_temperature = from.max_temperature,
                             .min_voltage = from.min_voltage,
                             .max_voltage = from.max_voltage,
                             .stall_load = from.stall_load,
                             .stall_s = from.stall_s,
                             .backed_off = from.backed_off,
                             .grip = from.grip};
  for (const std::string& name : table.joints) {
    const robot_table::JointTable& joint = table.joint.tables.at(name);
    driver.servos.push_back({name, joint.servo, joint.mirrored, joint.known_pose, joint.positive});
  }
  driver.servos.push_back({.joint = "gripper", .id = table.gripper.servo});
  constexpr int kMostServoId = 253;
  constexpr size_t kMostOnBus = 12;
  if (driver.servos.size() > kMostOnBus) check.refuse("joints", "are more than 11 on one bus");
  for (size_t i = 0; i < driver.servos.size(); ++i) {
    const RobotFolder::Driver::Servo& servo = driver.servos[i];
    const std::string key =
        (i + 1 == driver.servos.size() ? "gripper" : "joint." + servo.joint) + ".servo";
    if (servo.id < 1 || servo.id > kMostServoId) check.refuse(key, "is missing", "give its id");
    for (size_t other = 0; other < i; ++other) {
      if (driver.servos[other].id == servo.id) {
        check.refuse(key, fmt::format("{} is {}'s id too", servo.id, driver.servos[other].joint));
      }
    }
  }
  return driver;
}

}  // namespace

std::shared_ptr<const RobotFolder> RobotFolder::load(const std::string& name_or_folder) {
  const fs::path folder = folder_of(name_or_folder);
  const fs::path file = folder / "robot.toml";
  if (!fs::is_regular_file(file)) {
    throw Error(file.string(), "there is no such file", "describe the robot there");
  }
  if (!toml_tables(file, "arm").empty()) return load_robot_of_arms(folder);
  auto robot = std::make_shared<RobotFolder>();
  robot->folder = folder;
  const auto model = std::make_shared<const RobotModel>(folder / "robot.xml");
  robot->model = model;

  robot_table::RobotTable table;
  for (const RobotModel::Joint& joint : model->joints()) table.joint.tables[joint.name];
  for (const std::string& name : toml_tables(file, "camera")) table.camera.tables[name];
  load_toml(config_entries(table), file);

  const Checker check(file, *model);
  if (table.name.empty() || table.name.find('/') != std::string::npos) {
    check.refuse("name", "is missing or holds '/'", "name the robot");
  }
  robot->name = table.name;
  robot->action_period_s = table.action_period_s;
  robot->control_period_s = table.control_period_s;
  if (table.joints.empty()) check.refuse("joints", "names no joint", "list the arm's joints");
  for (const std::string& name : table.joints) {
    check.joint("joints", name);
    robot->joints.push_back(check.arm_joint(name, table.joint.tables.at(name)));
  }
  for (const auto& [name, joint] : table.joint.tables) {
    if (!std::isnan(joint.min) && std::ranges::find(table.joints, name) == table.joints.end()) {
      check.refuse("joint." + name, "is not in joints", "add it there");
    }
  }
  robot->cameras = table.cameras;
  for (const auto& [name, camera] : table.camera.tables) {
    if (std::ranges::find(table.cameras, name) == table.cameras.end()) {
      check.refuse("camera." + name, "is not in cameras", "add it there");
    }
    camera.validate(fmt::format("{}: camera.{}", file.string(), name));
  }
  robot->camera_configs = table.camera.tables;
  robot->gripper = table.gripper;
  check_gripper(check, *model, robot->gripper);
  robot->driver = driver_of(check, table);
  robot->workspace = box_of(check, table.workspace);
  robot->tool = tool_of(check, *model, table.tool, robot->workspace);
  check.positive("simulation.scene_scale", table.simulation.scene_scale);
  robot->scene_scale = table.simulation.scene_scale;
  for (const char* space : {"ee", "joint"}) robot->contract(space, 64).validate();
  return robot;
}

std::vector<std::string> embodiment_names() {
  std::vector<std::string> names;
  for (const std::string& robot : shipped_robots()) {
    for (const char* space : {"ee", "joint"}) names.push_back(robot + "/" + space);
  }
  return names;
}

std::string default_space(const std::string& name_or_folder) {
  const std::optional<fs::path> shipped = shipped_folder(name_or_folder);
  const fs::path file = shipped.value_or(name_or_folder) / "robot.toml";
  return fs::is_regular_file(file) && !toml_tables(file, "arm").empty() ? "joint" : "ee";
}

EmbodimentName split_embodiment(const std::string& name) {
  const size_t slash = name.rfind('/');
  const std::string robot = slash == std::string::npos ? name : name.substr(0, slash);
  const std::string space = slash == std::string::npos ? "" : name.substr(slash + 1);
  const bool known = fs::is_directory(robot) || shipped_folder(robot);
  if (known && (space == "ee" || space == "joint")) return {robot, space};
  const std::vector<std::string> names = embodiment_names();
  const std::string nearest = nearest_name(name, names);
  throw Error("embodiment", "'" + name + "' is unknown",
              nearest.empty() ? fmt::format("the known ones are {}", fmt::join(names, ", "))
                              : "did you mean '" + nearest + "'?");
}

Embodiment find_embodiment(const std::string& name, int image_size) {
  const auto [robot, space] = split_embodiment(name);
  return RobotFolder::load(robot)->contract(space, image_size);
}

}  // namespace gyre
