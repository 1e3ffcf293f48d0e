#pragma once

#include <cstdint>
#include <vector>

#include "gyre/data/notices.h"
#include "gyre/io/parquet.h"

// When each frame of an episode was: where its picture is in a video.
namespace gyre::data {

// How far off a number near `value` may be that was stored in single precision.
double single_precision_slack(double value);

struct FrameTimes {
  std::vector<int64_t> number;  // [frames], frame_index: ascending
  std::vector<double> seconds;  // [frames], since the episode began: ascending
  double slack_s = 0;           // how far off they are because of their own precision
  bool recorded = false;        // the recorded times; else number / fps, with which those agree
};

// Of one episode's rows. `frame_index` and `timestamp` may be null, and then the rows' places and
// number / fps stand for them. A number of 8, 16 or 32 bits that wrapped is unwrapped, which is
// told. Times are number / fps where every recorded time agrees within `tolerance_s` and what its
// own precision allows, else the recorded ones. Throws Error naming the frame where numbers or
// times go back.
FrameTimes frame_times(const io::Column* frame_index, const io::Column* timestamp, size_t frames,
                       double fps, double tolerance_s, const Notices& tell);

}  // namespace gyre::data
