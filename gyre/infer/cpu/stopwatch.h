#pragma once

#include <chrono>

namespace gyre::infer::cpu {

// Time of each part of a call, in seconds. A reading costs tens of nanoseconds.
struct StageTimes {
  double vision = 0, language = 0, flow = 0;            // a chunk is the sum of these
  double words = 0;                                     // of a text, after its prompt
  double pack = 0, multiply = 0, attend = 0, keep = 0;  // of all three; keep: keys and values
};

// Adds the time from here to the end of the scope.
class Stopwatch {
 public:
  explicit Stopwatch(double& total) : total_(total) {}
  ~Stopwatch() {
    total_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double& total_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace gyre::infer::cpu
