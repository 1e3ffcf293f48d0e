// gyre robot find-port.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gyre/core/error.h"
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

}  // namespace

void add_robot_ports(CLI::App& robot) {
  const auto options = std::make_shared<FindPort>();
  CLI::App* find = robot.add_subcommand("find-port", "serial ports, and the servos behind them");
  find->add_flag("--unplug", options->unplug, "tell which port goes away when you unplug the arm");
  find->add_flag("--ask,!--no-ask", options->ask, "send each port a ping for servos");
  find->add_option("--dev", options->root, "the folder that stands for /dev")->type_name("DIR");
  add_json_option(*find, options->json);
  find->callback([options] { find_port(*options); });
}

}  // namespace gyre::apps
