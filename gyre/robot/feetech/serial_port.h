#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/robot/feetech/wire.h"

namespace gyre::feetech {

// A serial port in raw mode, 8N1. One program at a time has it (flock, and TIOCEXCL where it has an
// effect).
class SerialPort : public Wire {
 public:
  // A rate that the system's table has, or any other that the adapter's driver takes.
  // Throws Error: no such port (a list of those that there are), no permission (names the group),
  // another program has it, not a serial port, a rate that it refuses.
  SerialPort(std::string path, int baud);
  ~SerialPort() override;
  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;

  bool write(std::span<const uint8_t> bytes) noexcept override;
  ssize_t read(std::span<uint8_t> bytes, int64_t deadline_ns) noexcept override;
  int64_t now_ns() const noexcept override;

  bool reopen() noexcept override;
  void set_baud(int baud);  // throws Error

  const std::string& path() const { return path_; }
  int baud() const { return baud_; }

 private:
  enum class Problem { kNone, kOpen, kLocked, kNoTerminal, kBaud };
  Problem open(int& error) noexcept;
  void close() noexcept;
  std::string explain(Problem problem, int error) const;

  std::string path_;
  int baud_;
  int descriptor_ = -1;
};

// Serial ports of this machine: those of /dev/serial/by-id by that name, then ttyACM* and ttyUSB*
// that have none. `root` stands for /dev.
std::vector<std::filesystem::path> serial_ports(const std::filesystem::path& root = "/dev");

}  // namespace gyre::feetech
