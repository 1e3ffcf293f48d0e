#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "gyre/io/parquet.h"

// The rows of one episode as an edit stores them: a cut, new numbers, everything else as it was.
namespace gyre::data {

struct RowsPlace {
  int64_t first = 0, frames = 0;  // of the episode's rows, those that are kept
  int64_t episode_index = 0;
  int64_t first_index = 0;  // of the first kept row, over the whole dataset
  double fps = 10;
  bool retime = false;                         // times become frame_index / fps
  std::function<int64_t(int64_t)> task_index;  // from the source's to the result's
};

// Of a cut: times and annotations of language count from the first kept frame, and an outcome
// (next.done, next.success) at an end that is cut off moves to the last kept frame.
io::Table edited_rows(const io::Table& episode, const RowsPlace& place);

}  // namespace gyre::data
