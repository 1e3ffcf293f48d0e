// gyre robot setup-motors: ids, rate and settings, one motor at a time.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "arm_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/robot/feetech/serial_port.h"
#include "gyre/robot/feetech/servo_setup.h"
#include "options.h"
#include "robot.h"

namespace gyre::apps {
namespace {

struct SetupOptions {
  ArmFlags arm;
  std::string only, json;
};

// The gripper first and back to the base, as LeRobot does: its motor is at the chain's end.
std::vector<RobotFolder::Driver::Servo> servos_to_set_up(const RobotFolder& folder,
                                                         const std::string& only) {
  std::vector<RobotFolder::Driver::Servo> servos = folder.driver.servos;
  std::ranges::reverse(servos);
  if (only.empty()) return servos;
  std::vector<std::string> names;
  for (const auto& servo : servos) names.push_back(servo.joint);
  std::erase_if(servos, [&](const auto& servo) { return servo.joint != only; });
  if (servos.empty()) {
    const std::string nearest = nearest_name(only, names);
    throw Error("--only " + only, "there is no such joint",
                nearest.empty() ? "see gyre robot info" : "did you mean '" + nearest + "'?");
  }
  return servos;
}

void set_up(const SetupOptions& options) {
  const std::shared_ptr<const RobotFolder> folder = servo_folder(options.arm);
  const auto servos = servos_to_set_up(*folder, options.only);
  feetech::SerialPort port(arm_port(options.arm, *folder), folder->driver.baud);
  feetech::Bus bus(port, folder->driver.baud);
  const auto set_baud = [&](int baud) { port.set_baud(baud); };
  nlohmann::json rows = nlohmann::json::array();
  std::string text;
  for (const RobotFolder::Driver::Servo& servo : servos) {
    wait_for_enter(fmt::format("Plug the motor of {} in, alone,", servo.joint));
    for (;;) {
      try {
        const feetech::FoundServo found = feetech::find_lone_servo(bus, set_baud);
        feetech::set_up_servo(bus, found, folder->driver, servo, set_baud);
        const std::string line = fmt::format("{}: id {} at {} baud is now id {} at 1000000 baud\n",
                                             servo.joint, found.id, found.baud, servo.id);
        fmt::print(stderr, "{}", line);
        text += line;
        rows.push_back({{"joint", servo.joint},
                        {"id", servo.id},
                        {"was_id", found.id},
                        {"was_baud", found.baud}});
        break;
      } catch (const Interrupted&) {
        throw;
      } catch (const Error& error) {
        wait_for_enter(fmt::format("{}: {}\nMend that,", servo.joint, error.what()));
      }
    }
  }
  print_result(text, {{"motors", rows}}, options.json);
}

}  // namespace

void add_robot_setup(CLI::App& robot) {
  const auto options = std::make_shared<SetupOptions>();
  CLI::App* verb =
      robot.add_subcommand("setup-motors", "give each motor its id and rate, one at a time");
  add_arm_flags(*verb, options->arm);
  add_one_arm_flag(*verb, options->arm);
  verb->add_option("--only", options->only, "one joint's motor")->type_name("JOINT");
  add_json_option(*verb, options->json);
  verb->callback([options] { set_up(*options); });
}

}  // namespace gyre::apps
