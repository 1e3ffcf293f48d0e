#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "gyre/core/clock.h"

// Wake-ups of a thread in real time, and what may make them late.
namespace gyre::apps {

inline constexpr int64_t kLateNs = 1'000'000;  // a later wake-up is attributed to its cause

int64_t monotonic_ns() noexcept;

// Keeps the other processors busy as a learner does: products of matrices that do not fit the first
// cache.
class Learner {
 public:
  explicit Learner(int spared_cpu);
  ~Learner() { ending_ = true; }
  size_t processors() const { return threads_.size(); }

 private:
  void learn(int cpu);
  std::atomic<bool> ending_{false};
  std::atomic<float> kept_{0};  // of a product, so that none is left out
  std::vector<std::jthread> threads_;
};

// Arithmetic over 64 KiB of memory: work that is the same each time, to tell what a machine adds to
// equal work by itself.
class SameWork {
 public:
  void run(int64_t lines) noexcept;  // cache lines that are read and written

 private:
  std::vector<float> memory_ = std::vector<float>(size_t{1} << 14, 0.5F);
  size_t at_ = 0;
};

// Time that the host took a processor away, sampled by a thread of its own.
class Stolen {
 public:
  explicit Stolen(int cpu);
  void end() { thread_ = {}; }
  // After end(): some was stolen around this span.
  bool within(int64_t begin_ns, int64_t end_ns) const;
  double seconds() const;

 private:
  struct Sample {
    int64_t time_ns, ticks;
  };
  int64_t read() const;
  std::string name_;
  std::vector<Sample> samples_;
  std::jthread thread_;
};

// The time that the calling thread has waited for a processor that others used.
class RunDelay {
 public:
  RunDelay();
  ~RunDelay();
  RunDelay(const RunDelay&) = delete;
  RunDelay& operator=(const RunDelay&) = delete;
  int64_t ns() const noexcept;
  int descriptor() const { return file_; }

 private:
  int file_;
};

// A wake-up that came more than a millisecond late.
struct LateTick {
  int64_t due_ns = 0, woke_ns = 0;
  int64_t work_ns = 0;       // CPU time of the period before
  int64_t run_delay_ns = 0;  // waited for the processor since the wake-up before
};

// The wake-ups of one block.
struct Block {
  std::vector<double> late_us, work_us;
  std::vector<LateTick> late;
};

// Sleeps, and notes how late each wake-up was and what was computed since the one before. As a
// clock, it is the machine's.
class Sleeper : public Clock {
 public:
  // Notes up to `ticks` wake-ups in `block`.
  void begin(Block& block, size_t ticks);
  int64_t now_ns() const noexcept override;
  void sleep_until(int64_t due_ns) noexcept override;
  int64_t unix_ns(int64_t time_ns) const noexcept override { return time_ns; }
  bool simulated() const noexcept override { return false; }
  int descriptor() const { return run_delay_.descriptor(); }  // that it reads

 private:
  void note(int64_t due_ns, int64_t woke_ns, int64_t work_ns) noexcept;
  Block* block_ = nullptr;
  size_t ticks_ = 0;
  RunDelay run_delay_;
  int64_t woke_ns_ = 0, cpu_at_wake_ns_ = 0, run_delay_ns_ = 0;
};

}  // namespace gyre::apps
