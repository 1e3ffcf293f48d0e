// Kills recorders and takes their power away, and says what each time was lost.
//
//   kill_recorder [--kills N] [--power SECONDS] [--seed N] [--json FILE|-]
//
// Exits 0 when every journal can be read, every picture is of the tick that its record says, and no
// more is lost than docs/journal.md says; 1 otherwise.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/faults/kill.h"

namespace {

using gyre::faults::Losses;

constexpr double kKillMs = 250 + 10;  // and one tick
constexpr double kPowerMs = 1000;

struct Options {
  int64_t kills = 1000;
  double power_s = 10;
  uint64_t seed = 1;
  std::string json;
};

int usage() {
  std::cerr << "usage: kill_recorder [--kills N] [--power SECONDS] [--seed N] [--json FILE|-]\n";
  return 2;
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    if (i + 1 == argc) return false;
    char* end = argv[i + 1];
    if (flag == "--json") {
      options.json = argv[i + 1];
      continue;
    }
    const double number = std::strtod(argv[i + 1], &end);
    if (*end != 0 || !(number >= 0)) return false;
    if (flag == "--kills") {
      options.kills = static_cast<int64_t>(number);
    } else if (flag == "--power") {
      options.power_s = number;
    } else if (flag == "--seed") {
      options.seed = static_cast<uint64_t>(number);
    } else {
      return false;
    }
  }
  return true;
}

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
  Options options;
  if (!parse(argc, argv, options)) return usage();
  namespace fs = std::filesystem;
  const fs::path folder =
      fs::temp_directory_path() / fmt::format("gyre_kill_recorder_{}", ::getpid());
  fs::create_directories(folder);
  nlohmann::json json;
  bool good = true;
  try {
    const Losses kills = gyre::faults::kill_recorders(folder, options.kills, options.seed);
    json = report(kills);
    json["kills"] = options.kills;
    json["kills_in_calls"] = kills.in_calls;
    good = options.kills == 0 || holds(kills, kKillMs);
    if (options.power_s > 0) {
      const Losses power = gyre::faults::lose_power(folder, options.power_s, options.seed);
      json["power"] = report(power);
      json["power"]["moments"] = power.lost_ms.size();
      good = good && holds(power, kPowerMs);
    }
  } catch (const std::exception& error) {
    std::cerr << "kill_recorder: " << error.what() << '\n';
    good = false;
  }
  fs::remove_all(folder);
  json["holds"] = good;
  const std::string text = json.dump(2) + '\n';
  if (options.json.empty() || options.json == "-") {
    std::cout << text;
  } else {
    std::ofstream(options.json) << text;
  }
  return good ? 0 : 1;
}
