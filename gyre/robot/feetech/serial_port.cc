#include "gyre/robot/feetech/serial_port.h"

#include <asm/termbits.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <grp.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <set>

#include "gyre/core/error.h"

namespace gyre::feetech {
namespace {

namespace fs = std::filesystem;

int64_t monotonic_now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

// Raw, 8N1, any rate (BOTHER): the kernel's own structure, since the C library's knows only a table
// of rates.
bool make_raw(int descriptor, int baud) noexcept {
  termios2 settings{};
  if (::ioctl(descriptor, TCGETS2, &settings) != 0) return false;
  settings.c_iflag = 0;
  settings.c_oflag = 0;
  settings.c_lflag = 0;
  settings.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  settings.c_ispeed = settings.c_ospeed = static_cast<speed_t>(baud);
  settings.c_cc[VMIN] = 1;  // so that reading no byte means that the port has hung up
  settings.c_cc[VTIME] = 0;
  return ::ioctl(descriptor, TCSETS2, &settings) == 0;
}

// The group that may open the port, "" where that is not told.
std::string group_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "";
  const group* found = ::getgrgid(status.st_gid);
  return found != nullptr ? found->gr_name : "";
}

void add_ports(std::vector<fs::path>& ports, std::set<fs::path>& known, const fs::path& folder,
               const std::vector<std::string>& beginnings) {
  std::error_code none;
  std::vector<fs::path> here;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    const bool fitting =
        beginnings.empty() ||
        std::ranges::any_of(beginnings, [&](const auto& begin) { return name.starts_with(begin); });
    if (fitting) here.push_back(entry.path());
  }
  std::ranges::sort(here);
  for (const fs::path& port : here) {
    if (known.insert(fs::weakly_canonical(port, none)).second) ports.push_back(port);
  }
}

}  // namespace

std::vector<fs::path> serial_ports(const fs::path& root) {
  std::vector<fs::path> ports;
  std::set<fs::path> known;
  add_ports(ports, known, root / "serial" / "by-id", {});
  add_ports(ports, known, root, {"ttyACM", "ttyUSB"});
  return ports;
}

SerialPort::SerialPort(std::string path, int baud) : path_(std::move(path)), baud_(baud) {
  int error = 0;
  const Problem problem = open(error);
  if (problem == Problem::kNone) return;
  const std::string what = explain(problem, error);
  close();
  const size_t remedy = what.find("; ");
  throw Error("port " + path_, what.substr(0, remedy),
              remedy == std::string::npos ? "" : what.substr(remedy + 2));
}

SerialPort::~SerialPort() { close(); }

SerialPort::Problem SerialPort::open(int& error) noexcept {
  const auto failed = [&](Problem problem) {
    error = errno;
    return problem;
  };
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor_ < 0) return failed(errno == EBUSY ? Problem::kLocked : Problem::kOpen);
  if (::isatty(descriptor_) == 0) return failed(Problem::kNoTerminal);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) return failed(Problem::kLocked);
  ::ioctl(descriptor_, TIOCEXCL);
  if (!make_raw(descriptor_, baud_)) return failed(Problem::kBaud);
  ::ioctl(descriptor_, TCFLSH, TCIOFLUSH);
  return Problem::kNone;
}

void SerialPort::close() noexcept {
  if (descriptor_ < 0) return;
  ::ioctl(descriptor_, TIOCNXCL);
  ::close(descriptor_);
  descriptor_ = -1;
}

std::string SerialPort::explain(Problem problem, int error) const {
  if (problem == Problem::kLocked) return "another program has it; end that one first";
  if (problem == Problem::kNoTerminal) return "is no serial port; see `gyre robot find-port`";
  if (problem == Problem::kBaud) {
    return fmt::format("its adapter does not do {} baud: {}", baud_, std::strerror(error));
  }
  if (error == EACCES || error == EPERM) {
    const std::string group = group_of(path_);
    return fmt::format(
        "you may not open it; add yourself to its group: sudo usermod -aG {} $USER, "
        "then log in again",
        group.empty() || group == "root" ? "dialout" : group);
  }
  if (error != ENOENT) return fmt::format("cannot be opened: {}", std::strerror(error));
  std::vector<std::string> there;
  for (const fs::path& port : serial_ports()) there.push_back(port.string());
  return there.empty() ? "is not there; plug the arm in: no serial port is there at all"
                       : fmt::format("is not there; the ports are {}", fmt::join(there, ", "));
}

bool SerialPort::reopen() noexcept {
  close();
  int error = 0;
  if (open(error) == Problem::kNone) return true;
  close();
  return false;
}

void SerialPort::set_baud(int baud) {
  if (!make_raw(descriptor_, baud)) {
    throw Error("port " + path_, fmt::format("its adapter does not do {} baud", baud));
  }
  baud_ = baud;
  ::ioctl(descriptor_, TCFLSH, TCIOFLUSH);
}

int64_t SerialPort::now_ns() const noexcept { return monotonic_now(); }

bool SerialPort::write(std::span<const uint8_t> bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written > 0) {
      bytes = bytes.subspan(static_cast<size_t>(written));
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno != EAGAIN) return false;
    pollfd ready{.fd = descriptor_, .events = POLLOUT};
    constexpr int kMostWaitMs = 5;
    if (::poll(&ready, 1, kMostWaitMs) <= 0 || (ready.revents & POLLOUT) == 0) return false;
  }
  return descriptor_ >= 0;
}

ssize_t SerialPort::read(std::span<uint8_t> bytes, int64_t deadline_ns) noexcept {
  for (;;) {
    const ssize_t got = ::read(descriptor_, bytes.data(), bytes.size());
    if (got > 0) return got;
    if (got < 0 && errno == EINTR) continue;
    if (got == 0 || errno != EAGAIN) return -1;
    const int64_t left_ns = deadline_ns - monotonic_now();
    if (left_ns <= 0) return 0;
    pollfd ready{.fd = descriptor_, .events = POLLIN};
    const timespec wait{.tv_sec = left_ns / 1'000'000'000, .tv_nsec = left_ns % 1'000'000'000};
    if (::ppoll(&ready, 1, &wait, nullptr) > 0 && (ready.revents & POLLIN) == 0) return -1;
  }
}

}  // namespace gyre::feetech
