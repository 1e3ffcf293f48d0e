#include "gyre/data/frame_times.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "gyre/core/error.h"
#include "gyre/data/column_numbers.h"

namespace gyre::data {
namespace {

// The numbers that a counter of 8, 16 or 32 bits had before it began anew.
std::optional<int64_t> wrap_between(int64_t before, int64_t now) {
  for (const int bits : {8, 16, 32}) {
    const int64_t range = int64_t{1} << bits;
    if (now == before + 1 - range && (now == 0 || now == -range / 2)) return range;
  }
  return std::nullopt;
}

std::vector<int64_t> frame_numbers(const io::Column* column, size_t frames, const Notices& tell) {
  std::vector<int64_t> numbers;
  numbers.reserve(frames);
  int64_t wrapped = 0, before = 0;
  for (size_t row = 0; row < frames; ++row) {
    if (column == nullptr) {
      numbers.push_back(static_cast<int64_t>(row));
      continue;
    }
    const int64_t now = ColumnNumbers(*column).whole(row);
    if (row > 0 && now <= before) {
      const auto range = wrap_between(before, now);
      if (!range) {
        throw Error("",
                    fmt::format("frame_index goes from {} to {} in row {} of the episode", before,
                                now, row),
                    "its frames are not in order, or there twice: mend the file or leave the "
                    "episode out");
      }
      tell(
          fmt::format("frame_index begins anew after {}, as a number of too few bits does: it is "
                      "counted on from there",
                      before));
      wrapped += *range;
    }
    before = now;
    numbers.push_back(now + wrapped);
  }
  return numbers;
}

}  // namespace

double single_precision_slack(double value) { return std::ldexp(std::abs(value), -23); }

FrameTimes frame_times(const io::Column* frame_index, const io::Column* timestamp, size_t frames,
                       double fps, double tolerance_s, const Notices& tell) {
  FrameTimes times{.number = frame_numbers(frame_index, frames, tell), .seconds = {}};
  times.seconds.reserve(frames);
  for (const int64_t number : times.number) {
    times.seconds.push_back(static_cast<double>(number) / fps);
  }
  if (timestamp == nullptr) return times;
  const ColumnNumbers recorded(*timestamp);
  const bool single = recorded.single_precision();
  std::vector<double> stored;
  stored.reserve(frames);
  bool agree = true;
  double slack = 0;
  for (size_t row = 0; row < frames; ++row) {
    const double time = recorded.one(row);
    stored.push_back(time);
    if (!std::isfinite(time)) continue;  // it says nothing
    slack = single ? single_precision_slack(time) : 0;
    // LeRobot's tolerance is inclusive; a hair over it is rounding.
    agree = agree && std::abs(time - times.seconds[row]) <= tolerance_s + slack + 1e-9;
    times.slack_s = std::max(times.slack_s, slack);
  }
  if (agree) {
    times.slack_s = 0;
    return times;
  }
  for (size_t row = 0; row < frames; ++row) {
    if (!std::isfinite(stored[row])) {
      throw Error("", fmt::format("timestamp of frame {} is {}", times.number[row], stored[row]),
                  "mend the file or leave the episode out");
    }
    if (row == 0 || stored[row] >= stored[row - 1]) continue;
    throw Error("",
                fmt::format("timestamp goes back from {} to {} s at frame {}", stored[row - 1],
                            stored[row], times.number[row]),
                "mend the file or leave the episode out");
  }
  times.seconds = std::move(stored);
  times.recorded = true;
  return times;
}

}  // namespace gyre::data
