#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>

namespace gyre::feetech {

// Bytes to and from a servo bus: a serial port, or one that a test plays.
class Wire {
 public:
  virtual ~Wire() = default;
  // Sends all of `bytes`. False where the port is gone.
  virtual bool write(std::span<const uint8_t> bytes) noexcept = 0;
  // Waits for at least one byte. 0: none came until `deadline_ns`; -1: the port is gone. A deadline
  // that has passed takes what is there.
  virtual ssize_t read(std::span<uint8_t> bytes, int64_t deadline_ns) noexcept = 0;
  // Opens a port that was gone again. False while it is not there. Allocates nothing.
  virtual bool reopen() noexcept = 0;
  virtual int64_t now_ns() const noexcept = 0;  // the clock of `deadline_ns`, monotonic
};

}  // namespace gyre::feetech
