// gyre robot: a real arm from the box to its first motion.
#include "robot.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

bool input_waits(int wait_ms) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN};
  return ::poll(&input, 1, wait_ms) > 0;
}

// Takes what is there up to a line's end. False while there is none.
bool take_line() {
  char c = 0;
  while (input_waits(0)) {
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got == 0) throw Error("input", "has ended", "start again, and press Enter when asked");
    if (got == 1 && c == '\n') return true;
  }
  return false;
}

}  // namespace

bool enter_pressed() {
  if (stop_requested()) {
    throw Interrupted("robot", "was interrupted", "nothing was written; start it again");
  }
  return take_line();
}

void wait_for_enter(const std::string& what) {
  fmt::print(stderr, "{}\n  then press Enter: ", what);
  constexpr int kGlanceMs = 100;
  while (!enter_pressed()) input_waits(kGlanceMs);
  fmt::print(stderr, "\n");
}

void add_robot(CLI::App& app) {
  CLI::App* verb = app.add_subcommand("robot", "a real arm: ports, motors, calibration, motion");
  verb->require_subcommand(1);
  add_robot_new(*verb);
  add_robot_info(*verb);
  add_robot_ports(*verb);
  add_robot_cameras(*verb);
  add_robot_setup(*verb);
  add_robot_calibrate(*verb);
  add_robot_check(*verb);
  add_robot_move(*verb);
}

}  // namespace gyre::apps
