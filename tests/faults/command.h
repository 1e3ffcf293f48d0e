#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace gyre::faults {

// The command line of a program that kills.
struct Command {
  int64_t kills = 1000;
  double power_s = 10;
  uint64_t seed = 1;
  std::string json;  // file; "" and "-": the terminal
};
// False where it is none of these flags, or no number; `has_power`: --power is one.
bool parse(int argc, char** argv, bool has_power, Command& command);

// A folder of this process that goes away with the object.
class WorkFolder {
 public:
  explicit WorkFolder(const std::string& program);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Writes the result, with "holds"; answers the exit code.
int print_report(nlohmann::json report, bool holds, const Command& command);

}  // namespace gyre::faults
