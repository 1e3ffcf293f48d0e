#include "tests/faults/command.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

namespace gyre::faults {

bool parse(int argc, char** argv, bool has_power, Command& command) {
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    if (i + 1 == argc) return false;
    if (flag == "--json") {
      command.json = argv[i + 1];
      continue;
    }
    char* end = argv[i + 1];
    const double number = std::strtod(argv[i + 1], &end);
    if (*end != 0 || !(number >= 0)) return false;
    if (flag == "--kills") {
      command.kills = static_cast<int64_t>(number);
    } else if (flag == "--power" && has_power) {
      command.power_s = number;
    } else if (flag == "--seed") {
      command.seed = static_cast<uint64_t>(number);
    } else {
      return false;
    }
  }
  return true;
}

WorkFolder::WorkFolder(const std::string& program)
    : path_(std::filesystem::temp_directory_path() /
            ("gyre_" + program + "_" + std::to_string(::getpid()))) {
  std::filesystem::create_directories(path_);
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int print_report(nlohmann::json report, bool holds, const Command& command) {
  report["holds"] = holds;
  const std::string text = report.dump(2) + '\n';
  if (command.json.empty() || command.json == "-") {
    std::cout << text;
  } else {
    std::ofstream(command.json) << text;
  }
  return holds ? 0 : 1;
}

}  // namespace gyre::faults
