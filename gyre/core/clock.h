#pragma once

#include <atomic>
#include <cstdint>

namespace gyre {

// Time as the control loop sees it. Injected, so that a test or a simulator sets the pace.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t now_ns() const noexcept = 0;                  // monotonic
  virtual void sleep_until(int64_t time_ns) noexcept = 0;       // returns at once if it has passed
  virtual int64_t unix_ns(int64_t time_ns) const noexcept = 0;  // the same moment since 1970
  virtual bool simulated() const noexcept = 0;  // time passes only where the simulator moves it
};

// The machine's monotonic clock.
class SteadyClock : public Clock {
 public:
  SteadyClock();
  int64_t now_ns() const noexcept override;
  void sleep_until(int64_t time_ns) noexcept override;
  int64_t unix_ns(int64_t time_ns) const noexcept override { return time_ns + unix_offset_ns_; }
  bool simulated() const noexcept override { return false; }

 private:
  int64_t unix_offset_ns_;
};

// Time that a simulator (or a test) moves; nobody waits. Unix time equals simulated time, so that
// one seed gives the same journal.
class SimulatedClock : public Clock {
 public:
  int64_t now_ns() const noexcept override { return now_ns_.load(std::memory_order_relaxed); }
  void sleep_until(int64_t) noexcept override {}
  int64_t unix_ns(int64_t time_ns) const noexcept override { return time_ns; }
  bool simulated() const noexcept override { return true; }
  void set(int64_t time_ns) noexcept { now_ns_.store(time_ns, std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> now_ns_{0};
};

}  // namespace gyre
