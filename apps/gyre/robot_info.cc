// gyre robot info: a folder's joints, limits, contracts and driver, and a picture of its arm.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "arm_flags.h"
#include "gyre/core/error.h"
#include "gyre/io/image_file.h"
#include "gyre/robot/feetech/arm_setup.h"
#include "gyre/sim/arm_picture.h"
#include "options.h"
#include "robot.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

constexpr int kPictureWidth = 640, kPictureHeight = 480;

nlohmann::json joint_facts(const RobotFolder& folder, size_t i) {
  const bool gripper = i == folder.joints.size();
  nlohmann::json row{
      {"joint", gripper ? "gripper" : folder.joints[i].name},
      {"unit", gripper ? "1" : folder.joints[i].unit},
      {"min", gripper ? 0 : folder.joints[i].min},
      {"max", gripper ? 1 : folder.joints[i].max},
      {"max_velocity", gripper ? folder.gripper.speed : folder.joints[i].max_velocity}};
  if (folder.driver.kind == "feetech") row["servo"] = folder.driver.servos[i].id;
  return row;
}

// A robot of several arms: its contract, and each arm's calibration.
void show_arms(const RobotFolder& robot, const std::string& json) {
  nlohmann::json facts{{"robot", robot.name},
                       {"folder", robot.folder.string()},
                       {"cameras", robot.cameras},
                       {"contracts", {robot.name + "/joint"}},
                       {"arms", nlohmann::json::array()}};
  std::string text =
      fmt::format("{} in {}\n  contract     {}/joint, {} fields\n  cameras      {}\n", robot.name,
                  robot.folder.string(), robot.name, robot.contract("joint", 1).action.size(),
                  fmt::join(robot.cameras, ", "));
  for (const RobotFolder::Arm& arm : robot.arms) {
    const fs::path file = feetech::calibration_file(*arm.folder, "");
    const bool there = fs::exists(file);
    facts["arms"].push_back({{"arm", arm.name},
                             {"robot", arm.folder->folder.string()},
                             {"calibration", file.string()},
                             {"calibrated", there}});
    text += fmt::format("  {:<12} {}, calibration {}{}\n", arm.name, arm.folder->folder.string(),
                        file.string(), there ? "" : " (not there yet)");
  }
  print_result(text, facts, json);
}

void show_info(const std::string& robot, const ArmFlags& flags, const std::string& json) {
  const std::shared_ptr<const RobotFolder> folder = RobotFolder::load(robot);
  if (!folder->arms.empty()) return show_arms(*folder, json);
  const bool driven = !folder->driver.kind.empty(), bus = folder->driver.kind == "feetech";
  nlohmann::json facts{{"robot", folder->name},
                       {"folder", folder->folder.string()},
                       {"cameras", folder->cameras},
                       {"contracts", {folder->name + "/ee", folder->name + "/joint"}},
                       {"driver", folder->driver.kind},
                       {"joints", nlohmann::json::array()}};
  std::string text = fmt::format("{} in {}\n  contracts    {}/ee, {}/joint\n  cameras      {}\n",
                                 folder->name, folder->folder.string(), folder->name, folder->name,
                                 fmt::join(folder->cameras, ", "));
  if (driven && !bus) {
    text += fmt::format("  driver       a process that listens at {}\n",
                        folder->driver.port.empty() ? "--port" : folder->driver.port);
  } else if (driven) {
    const fs::path file = feetech::calibration_file(*folder, flags.calibration);
    const bool there = fs::exists(file);
    const bool hold = folder->driver.at_exit == RobotFolder::Driver::AtExit::kHold;
    facts["calibration"] = file.string();
    facts["calibrated"] = there;
    facts["at_exit"] = hold ? "hold" : "torque_off";
    text += fmt::format(
        "  driver       {}, {} baud, {:.0f} cycles a second\n  at exit      {}\n"
        "  calibration  {}{}\n",
        folder->driver.kind, folder->driver.baud, folder->driver.rate,
        hold ? "holds where it is" : "torque off", file.string(), there ? "" : " (not there yet)");
  } else {
    text += "  driver       none: simulation alone\n";
  }
  text += fmt::format("  {:<14} {:>5} {:>8} {:>8} {:>10} {}\n", "joint", "servo", "min", "max",
                      "velocity", "unit");
  for (size_t i = 0; i <= folder->joints.size(); ++i) {
    const nlohmann::json row = joint_facts(*folder, i);
    text += fmt::format("  {:<14} {:>5} {:>8.3f} {:>8.3f} {:>10.2f} {}\n",
                        row["joint"].get<std::string>(),
                        bus ? fmt::format("{}", row["servo"].get<int>()) : "-",
                        row["min"].get<double>(), row["max"].get<double>(),
                        row["max_velocity"].get<double>(), row["unit"].get<std::string>());
    facts["joints"].push_back(row);
  }
  print_result(text, facts, json);
}

struct InfoOptions {
  std::string robot = "so101", picture, json;
  ArmFlags flags;
};

void tell(const InfoOptions& options) {
  show_info(options.robot, options.flags, options.json);
  if (options.picture.empty()) return;
  const std::shared_ptr<const RobotFolder> robot = RobotFolder::load(options.robot);
  io::write_image(options.picture, sim::arm_picture(robot, kPictureWidth, kPictureHeight));
}

}  // namespace

void add_robot_info(CLI::App& robot) {
  const auto options = std::make_shared<InfoOptions>();
  CLI::App* verb = robot.add_subcommand("info", "a robot's joints, limits, contracts and driver");
  verb->add_option("robot", options->robot, "a robot's name or folder")->type_name("NAME|DIR");
  verb->add_option("--calibration", options->flags.calibration, "its calibration file")
      ->type_name("FILE");
  verb->add_option("--picture", options->picture, "draw its arms at their home poses: PNG or JPEG")
      ->check(in_a_folder())
      ->type_name("FILE");
  add_json_option(*verb, options->json);
  verb->callback([options] { tell(*options); });
}

}  // namespace gyre::apps
