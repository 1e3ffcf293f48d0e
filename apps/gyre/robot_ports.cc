// gyre robot find-port and info.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>
#include <vector>

#include "arm_flags.h"
#include "gyre/core/error.h"
#include "gyre/robot/feetech/arm_setup.h"
#include "gyre/robot/feetech/bus.h"
#include "gyre/robot/feetech/serial_port.h"
#include "options.h"
#include "robot.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct FindPort {
  std::string root = "/dev", json;
  bool unplug = false, ask = true;
};

// The servos that answer at the usual rate, or why nobody could ask.
nlohmann::json ask_port(const std::string& path) {
  try {
    feetech::SerialPort port(path, feetech::kBaudRates.front());
    feetech::Bus bus(port, port.baud());
    const std::vector<uint8_t> ids = bus.scan();
    return {{"port", path}, {"ids", ids}, {"problem", ""}};
  } catch (const Error& error) {
    return {{"port", path}, {"ids", nlohmann::json::array()}, {"problem", error.what()}};
  }
}

std::string find_by_unplugging(const FindPort& options) {
  const std::vector<fs::path> before = feetech::serial_ports(options.root);
  if (before.empty()) throw Error("find-port", "no serial port is there", "plug the arm in first");
  wait_for_enter("Unplug the arm's USB cable,");
  std::vector<std::string> gone;
  const std::vector<fs::path> after = feetech::serial_ports(options.root);
  for (const fs::path& port : before) {
    if (std::ranges::find(after, port) == after.end()) gone.push_back(port.string());
  }
  if (gone.size() == 1) return gone.front();
  throw Error("find-port",
              gone.empty() ? std::string("no port went away")
                           : fmt::format("several ports went away: {}", fmt::join(gone, ", ")),
              "unplug one arm alone");
}

void find_port(const FindPort& options) {
  if (options.unplug) {
    const std::string port = find_by_unplugging(options);
    return print_result(port + "\n", {{"port", port}}, options.json);
  }
  nlohmann::json rows = nlohmann::json::array();
  std::string text;
  for (const fs::path& port : feetech::serial_ports(options.root)) {
    nlohmann::json row =
        options.ask ? ask_port(port.string()) : nlohmann::json{{"port", port.string()}};
    text += port.string();
    if (options.ask) {
      const auto ids = row["ids"].get<std::vector<int>>();
      const auto problem = row["problem"].get<std::string>();
      text += !problem.empty() ? "  ! " + problem
              : ids.empty()    ? std::string("  no servo answers")
                               : fmt::format("  servos {}", fmt::join(ids, ", "));
    }
    text += "\n";
    rows.push_back(std::move(row));
  }
  if (rows.empty()) {
    throw Error("find-port", "no serial port is there",
                "plug the arm's USB cable in, and look at `dmesg` for its adapter");
  }
  print_result(text, {{"ports", rows}}, options.json);
}

nlohmann::json joint_facts(const RobotFolder& folder, size_t i) {
  const bool gripper = i == folder.joints.size();
  nlohmann::json row{
      {"joint", gripper ? "gripper" : folder.joints[i].name},
      {"unit", gripper ? "1" : folder.joints[i].unit},
      {"min", gripper ? 0 : folder.joints[i].min},
      {"max", gripper ? 1 : folder.joints[i].max},
      {"max_velocity", gripper ? folder.gripper.speed : folder.joints[i].max_velocity}};
  if (!folder.driver.kind.empty()) row["servo"] = folder.driver.servos[i].id;
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
  const bool driven = !folder->driver.kind.empty();
  nlohmann::json facts{{"robot", folder->name},
                       {"folder", folder->folder.string()},
                       {"cameras", folder->cameras},
                       {"contracts", {folder->name + "/ee", folder->name + "/joint"}},
                       {"driver", folder->driver.kind},
                       {"joints", nlohmann::json::array()}};
  std::string text = fmt::format("{} in {}\n  contracts    {}/ee, {}/joint\n  cameras      {}\n",
                                 folder->name, folder->folder.string(), folder->name, folder->name,
                                 fmt::join(folder->cameras, ", "));
  if (driven) {
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
                        driven ? fmt::format("{}", row["servo"].get<int>()) : "-",
                        row["min"].get<double>(), row["max"].get<double>(),
                        row["max_velocity"].get<double>(), row["unit"].get<std::string>());
    facts["joints"].push_back(row);
  }
  print_result(text, facts, json);
}

}  // namespace

void add_robot_ports(CLI::App& robot) {
  const auto options = std::make_shared<FindPort>();
  CLI::App* find = robot.add_subcommand("find-port", "serial ports, and the servos behind them");
  find->add_flag("--unplug", options->unplug, "tell which port goes away when you unplug the arm");
  find->add_flag("--ask,!--no-ask", options->ask, "send each port a ping for servos");
  find->add_option("--dev", options->root, "the folder that stands for /dev")->type_name("DIR");
  add_json_option(*find, options->json);
  find->callback([options] { find_port(*options); });

  struct Info {
    std::string robot = "so101", json;
    ArmFlags flags;
  };
  const auto about = std::make_shared<Info>();
  CLI::App* info = robot.add_subcommand("info", "a robot's joints, limits, contracts and driver");
  info->add_option("robot", about->robot, "a robot's name or folder")->type_name("NAME|DIR");
  info->add_option("--calibration", about->flags.calibration, "its calibration file")
      ->type_name("FILE");
  add_json_option(*info, about->json);
  info->callback([about] { show_info(about->robot, about->flags, about->json); });
}

}  // namespace gyre::apps
