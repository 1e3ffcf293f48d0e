#include "gyre/run/robot_lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fstream>

namespace gyre::run {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBegin = "gyre-robot-", kEnd = ".lock";

// The lock is only touched where its process may be there: a driver that begins finds it free.
bool is_held(const fs::path& file) {
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  if (pid <= 0 || (::kill(pid, 0) != 0 && errno == ESRCH)) return false;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
  ::close(descriptor);
  return held;
}

}  // namespace

fs::path robot_lock_folder() {
  const fs::path shared = "/run/lock";
  return ::access(shared.c_str(), W_OK) == 0 ? shared : fs::path("/tmp");
}

std::string robot_file_name(const std::string& robot) {
  std::string name = robot;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  return name;
}

io::LockFile lock_robot(const std::string& robot, const fs::path& folder) {
  std::string file(kBegin);
  file += robot_file_name(robot);
  file += kEnd;
  return {folder / file,
          "robot '" + robot + "'",
          io::LockFile::AtEnd::kRemove,
          {.does = "drives it", .remedy = "end it first: a robot has one driver"}};
}

std::vector<std::string> driven_robots(const fs::path& folder) {
  std::vector<std::string> robots;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(kBegin) || !name.ends_with(kEnd) || !is_held(entry.path())) continue;
    robots.push_back(name.substr(kBegin.size(), name.size() - kBegin.size() - kEnd.size()));
  }
  std::ranges::sort(robots);
  return robots;
}

}  // namespace gyre::run
