// gyre teleoperate: a robot in real time by a person's hands, without a policy.
#include <unistd.h>

#include <memory>

#include "drive.h"
#include "verbs.h"

namespace gyre::apps {

void add_teleoperate(CLI::App& app) {
  const auto options = std::make_shared<DriveOptions>();
  options->rate = kHandRate;
  CLI::App* verb = app.add_subcommand(
      "teleoperate", "drive a robot by hand: a leader arm, a gamepad, keys; see docs/so101.md");
  const auto resolve = add_robot_driving_flags(*verb, *options);
  add_hand_flags(*verb, options->hands, "--hands");
  verb->callback([options, resolve] {
    resolve();
    options->by_hand = true;
    if (options->hands.device.empty() && isatty(STDIN_FILENO) != 0) options->hands.device = "keys";
    options->robot = robot_for_hands(options->robot, options->hands);
    run_drive(*options);
  });
}

}  // namespace gyre::apps
