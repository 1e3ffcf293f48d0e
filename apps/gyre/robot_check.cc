// gyre robot check: what the arm says of itself, and what is wrong with it. Writes to no servo.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "arm_flags.h"
#include "gyre/core/error.h"
#include "gyre/robot/feetech/arm_setup.h"
#include "gyre/robot/feetech/bus.h"
#include "gyre/robot/feetech/inspect.h"
#include "gyre/robot/feetech/serial_port.h"
#include "options.h"
#include "robot.h"

namespace gyre::apps {
namespace {

constexpr int kBroken = 1;  // exit code where something is wrong with the arm

struct CheckOptions {
  ArmFlags arm;
  std::string json;
};

nlohmann::json facts_of(const feetech::ServoReport& servo,
                        const std::optional<feetech::ArmSetup>& setup, size_t i) {
  nlohmann::json row{
      {"joint", servo.joint}, {"id", servo.id}, {"answer", feetech::name_of(servo.result)}};
  if (servo.result != feetech::BusResult::kOk) return row;
  row["model"] = servo.model;
  row["firmware"] = servo.firmware();
  row["volts"] = servo.now.voltage * 0.1;
  row["temperature"] = servo.now.temperature;
  row["errors"] = feetech::servo_error_names(servo.now.status);
  row["tick"] = servo.now.position;
  row["range"] = {servo.range_min, servo.range_max};
  row["homing_offset"] = servo.homing_offset;
  row["torque"] = servo.torque == 1;
  row["answer_ms"] = servo.answer_ms;
  if (setup) row["value"] = setup->joints[i].value(servo.now.position);
  return row;
}

std::string line_of(const nlohmann::json& row) {
  const std::string head =
      fmt::format("  {:<14} {:>3}  ", row["joint"].get<std::string>(), row["id"].get<int>());
  if (!row.contains("model")) return head + row["answer"].get<std::string>() + "\n";
  const auto errors = row["errors"].get<std::string>();
  return head +
         fmt::format(
             "{:>5.1f} {:>4} {:>5} {:>6} {:>11} {:>8} {:>6} {:>6.2f}  {}\n",
             row["volts"].get<double>(), row["temperature"].get<int>(),
             row["firmware"].get<std::string>(), row["tick"].get<int>(),
             fmt::format("{}..{}", row["range"][0].get<int>(), row["range"][1].get<int>()),
             row.contains("value") ? fmt::format("{:+.3f}", row["value"].get<double>()) : "-",
             row["torque"].get<bool>() ? "on" : "off", row["answer_ms"].get<double>(),
             errors.empty() ? "none" : errors);
}

void check(const CheckOptions& options) {
  const std::shared_ptr<const RobotFolder> folder = servo_folder(options.arm);
  const std::string path = arm_port(options.arm, *folder);
  const auto file = feetech::calibration_file(*folder, options.arm.calibration, options.arm.role());
  std::optional<feetech::ArmSetup> setup;
  std::string calibration_problem;
  try {
    setup = feetech::arm_setup(folder, file, options.arm.role());
  } catch (const Error& error) {
    calibration_problem = error.what();
  }
  feetech::SerialPort port(path, folder->driver.baud);
  feetech::Bus bus(port, folder->driver.baud);
  feetech::ArmReport report = inspect(bus, *folder,
                                      {.calibration = setup ? &setup->calibration : nullptr,
                                       .any_firmware = options.arm.any_firmware,
                                       .set_baud = [&](int baud) { port.set_baud(baud); }});
  if (!calibration_problem.empty()) report.problems.push_back(calibration_problem);

  nlohmann::json rows = nlohmann::json::array();
  std::string text = fmt::format("{} at {}, calibration {}\n", folder->name, path, file.string());
  text += fmt::format("  {:<14} {:>3}  {:>5} {:>4} {:>5} {:>6} {:>11} {:>8} {:>6} {:>6}  {}\n",
                      "joint", "id", "volts", "deg", "firmw", "tick", "range", "value", "torque",
                      "ms", "errors");
  for (size_t i = 0; i < report.servos.size(); ++i) {
    rows.push_back(facts_of(report.servos[i], setup, i));
    text += line_of(rows.back());
  }
  for (const std::string& line : report.warnings) text += "  warning  " + line + "\n";
  for (const std::string& line : report.problems) text += "  PROBLEM  " + line + "\n";
  if (report.problems.empty()) text += "  nothing is wrong\n";
  const feetech::BusStatistics& bus_counts = bus.statistics();
  print_result(text,
               {{"robot", folder->name},
                {"port", path},
                {"calibration", file.string()},
                {"servos", rows},
                {"warnings", report.warnings},
                {"problems", report.problems},
                {"bus",
                 {{"exchanges", bus_counts.exchanges},
                  {"attempts", bus_counts.attempts},
                  {"failed", bus_counts.failed},
                  {"stray_bytes", bus_counts.stray_bytes}}}},
               options.json);
  if (!report.problems.empty()) throw CLI::RuntimeError(kBroken);
}

}  // namespace

void add_robot_check(CLI::App& robot) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* verb = robot.add_subcommand(
      "check", "volts, temperature, errors, ranges and answers of every servo; moves nothing");
  add_arm_flags(*verb, options->arm);
  add_leader_flag(*verb, options->arm);
  add_one_arm_flag(*verb, options->arm);
  add_json_option(*verb, options->json);
  verb->callback([options] { check(*options); });
}

}  // namespace gyre::apps
