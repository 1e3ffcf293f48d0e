#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace gyre {

// A progress line with rate and time left on stderr: one line that updates on a terminal, plain
// lines every few seconds otherwise. Silent for the first two seconds.
class Progress {
 public:
  Progress(std::string what, int64_t total, std::string unit);
  ~Progress();  // ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(int64_t done, const std::string& note = "");
  // The text of the line. `done` beyond the total shows as 100 %.
  std::string line(int64_t done, const std::string& note = "") const;

 private:
  using Time = std::chrono::steady_clock::time_point;

  std::string what_, unit_;
  int64_t total_;
  int64_t last_done_ = 0;
  std::string last_note_;
  bool terminal_;
  bool shown_ = false;
  Time start_, last_;
};

}  // namespace gyre
