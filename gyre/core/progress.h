#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace gyre {

// "recording: [====    ]  50% 5/10 episodes, 2.5/s, 0:02 so far, 0:02 left, note". More than
// `total` (an estimate that was too low) counts as 100 %; the bar is drawn for terminals. `total`
// 0: unknown.
std::string progress_line(const std::string& what, int64_t done, int64_t total,
                          const std::string& unit, double elapsed_s, bool bar,
                          const std::string& note);

// An update of a Progress.
struct ProgressNews {
  std::string what, unit;
  int64_t done = 0, total = 0;  // total 0: unknown
  double elapsed_s = 0;
};

// While it lives, hears the updates of all Progress objects of this process, one at a time, on the
// threads that make them. There is one listener at a time. `hear` throws nothing.
class ProgressListener {
 public:
  explicit ProgressListener(std::function<void(const ProgressNews&)> hear);
  ~ProgressListener();
  ProgressListener(const ProgressListener&) = delete;
  ProgressListener& operator=(const ProgressListener&) = delete;
};

// A progress line with rate and time left on stderr: one line that updates on a terminal, plain
// lines every few seconds otherwise. Silent for the first two seconds.
class Progress {
 public:
  Progress(std::string what, int64_t total, std::string unit);
  ~Progress();  // ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(int64_t done, const std::string& note = "");

 private:
  using Time = std::chrono::steady_clock::time_point;
  std::string line(int64_t done, const std::string& note) const;

  std::string what_, unit_;
  int64_t total_;
  int64_t last_done_ = 0;
  std::string last_note_;
  bool terminal_;
  bool shown_ = false;
  Time start_, last_;
};

}  // namespace gyre
