// Kills recorders and takes their power away, and says what each time was lost.
//
//   kill_recorder [--kills N] [--power SECONDS] [--seed N] [--json FILE|-]
//
// Exits 0 when every journal can be read, every picture is of the tick that its record says, and no
// more is lost than docs/journal.md says; 1 otherwise.
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/faults/command.h"
#include "tests/faults/kill.h"

namespace {

using gyre::faults::Losses;

constexpr double kKillMs = 250 + 10;  // and one tick
constexpr double kPowerMs = 1000;

nlohmann::json summary(std::vector<double> values) {
  if (values.empty()) return {{"median", 0}, {"max", 0}};
  std::sort(values.begin(), values.end());
  return {{"median", values[values.size() / 2]}, {"max", values.back()}};
}

nlohmann::json report(const Losses& losses) {
  nlohmann::json json = {{"lost_ms", summary(losses.lost_ms)},
                         {"held_ms", summary(losses.held_ms)},
                         {"misaligned", losses.misaligned},
                         {"unreadable", losses.unreadable}};
  if (!losses.first_error.empty()) json["first_error"] = losses.first_error;
  return json;
}

bool holds(const Losses& losses, double limit_ms) {
  const auto is_over = [&](double ms) { return ms > limit_ms; };
  return losses.misaligned == 0 && losses.unreadable == 0 && !losses.held_ms.empty() &&
         std::none_of(losses.held_ms.begin(), losses.held_ms.end(), is_over);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace gyre::faults;
  Command command;
  if (!parse(argc, argv, true, command)) {
    std::cerr << "usage: kill_recorder [--kills N] [--power SECONDS] [--seed N] [--json FILE|-]\n";
    return 2;
  }
  const WorkFolder folder("kill_recorder");
  nlohmann::json json;
  bool good = true;
  try {
    const Losses kills = kill_recorders(folder.path(), command.kills, command.seed);
    json = report(kills);
    json["kills"] = command.kills;
    json["kills_in_calls"] = kills.in_calls;
    good = command.kills == 0 || holds(kills, kKillMs);
    if (command.power_s > 0) {
      const Losses power = lose_power(folder.path(), command.power_s, command.seed);
      json["power"] = report(power);
      json["power"]["moments"] = power.lost_ms.size();
      good = good && holds(power, kPowerMs);
    }
  } catch (const std::exception& error) {
    std::cerr << "kill_recorder: " << error.what() << '\n';
    good = false;
  }
  return print_report(std::move(json), good, command);
}
