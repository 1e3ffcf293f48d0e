#include "gyre/core/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <utility>

namespace gyre {
namespace {

// As the lines on stderr, a listener belongs to the process.
std::mutex listener_mutex;
std::function<void(const ProgressNews&)> listener;

std::string clock_text(double seconds) {
  const auto whole = std::lround(seconds);
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

double seconds_between(std::chrono::steady_clock::time_point a,
                       std::chrono::steady_clock::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

}  // namespace

std::string progress_line(const std::string& what, int64_t done, int64_t total,
                          const std::string& unit, double elapsed_s, bool bar,
                          const std::string& note) {
  const double rate = elapsed_s > 0 ? static_cast<double>(done) / elapsed_s : 0;
  std::string text = fmt::format("{}: ", what);
  if (total > 0) {
    const int percent = static_cast<int>(std::clamp<int64_t>(100 * done / total, 0, 100));
    constexpr int kWidth = 24;
    const int full = percent * kWidth / 100;
    if (bar) text += fmt::format("[{:=<{}}{:{}}] ", "", full, "", kWidth - full);
    text += fmt::format("{:3}% {}/{} {}", percent, done, total, unit);
  } else {
    text += fmt::format("{} {}", done, unit);
  }
  text += fmt::format(", {:.{}f}/s, {} so far", rate, rate < 10 ? 2 : 0, clock_text(elapsed_s));
  if (total > done && rate > 0) {
    text += fmt::format(", {} left", clock_text(static_cast<double>(total - done) / rate));
  }
  if (!note.empty()) text += ", " + note;
  return text;
}

ProgressListener::ProgressListener(std::function<void(const ProgressNews&)> hear) {
  const std::lock_guard lock(listener_mutex);
  listener = std::move(hear);
}

ProgressListener::~ProgressListener() {
  const std::lock_guard lock(listener_mutex);
  listener = nullptr;
}

Progress::Progress(std::string what, int64_t total, std::string unit)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {}

Progress::~Progress() {
  if (!shown_) return;
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{}\n", line(last_done_, last_note_));
  } else {
    fmt::print(stderr, "{}\n", line(last_done_, last_note_));
  }
}

std::string Progress::line(int64_t done, const std::string& note) const {
  return progress_line(what_, done, total_, unit_,
                       seconds_between(start_, std::chrono::steady_clock::now()), terminal_, note);
}

void Progress::update(int64_t done, const std::string& note) {
  last_done_ = done;
  last_note_ = note;
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(listener_mutex);
    if (listener) {
      listener({.what = what_,
                .unit = unit_,
                .done = done,
                .total = total_,
                .elapsed_s = seconds_between(start_, now)});
    }
  }
  if (seconds_between(start_, now) < 2) return;
  if (shown_ && seconds_between(last_, now) < (terminal_ ? 0.2 : 10)) return;
  last_ = now;
  shown_ = true;
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{}", line(done, note));
    std::fflush(stderr);
  } else {
    fmt::print(stderr, "{}\n", line(done, note));
  }
}

}  // namespace gyre
