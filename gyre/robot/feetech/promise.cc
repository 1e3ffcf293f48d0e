#include "gyre/robot/feetech/promise.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/robot/feetech/bus.h"
#include "gyre/robot/feetech/serial_port.h"

namespace gyre::feetech {
namespace {

constexpr int64_t kPatienceNs = 5'000'000'000;
constexpr int kTries = 5;

void open_patiently(std::optional<SerialPort>& port, const std::string& path, int baud) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(kPatienceNs);
  for (;;) {
    try {
      port.emplace(path, baud);
      return;
    } catch (const Error&) {
      if (std::chrono::steady_clock::now() >= until) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

bool let_go(Bus& bus, uint8_t id, bool hold) {
  if (!hold) return bus.write(id, Reg::kTorque, 0, kTries) == BusResult::kOk;
  int position = 0;
  return bus.read(id, Reg::kPresentPosition, position, kTries) == BusResult::kOk &&
         bus.write(id, Reg::kGoalPosition, position, kTries) == BusResult::kOk;
}

}  // namespace

void keep_promise(const RobotFolder& folder, const std::string& port) {
  const RobotFolder::Driver& driver = folder.driver;
  const bool hold = driver.at_exit == RobotFolder::Driver::AtExit::kHold;
  std::optional<SerialPort> opened;
  open_patiently(opened, port, driver.baud);
  Bus bus(*opened, driver.baud);
  std::vector<std::string> deaf;
  for (const RobotFolder::Driver::Servo& servo : driver.servos) {
    if (!let_go(bus, static_cast<uint8_t>(servo.id), hold)) deaf.push_back(servo.joint);
  }
  if (deaf.empty()) return;
  throw Error("arm at " + port,
              fmt::format("{} did not {}", fmt::join(deaf, ", "),
                          hold ? "hold" : "switch their torque off"),
              "switch the arm's power off");
}

}  // namespace gyre::feetech
