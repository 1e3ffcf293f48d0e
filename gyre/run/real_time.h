#pragma once

#include <string>
#include <vector>

namespace gyre::run {

struct RealTimeOptions {
  int priority = 50;          // of SCHED_FIFO, 1 .. 99; 0: plain scheduling
  bool lock_memory = true;    // pages that were touched once stay in memory
  std::vector<int> affinity;  // processors that the thread may use; empty: all
};

// The part that the system allowed.
struct RealTimeReport {
  bool fifo = false;
  bool locked = false;
  bool pinned = false;
  std::vector<std::string> refused;  // a sentence for each part that it did not allow
};

// Makes the calling thread a real-time one as far as the system allows: scheduling and processors
// of this thread, the memory of the whole process. Without the right to lock all memory, later
// allocations are left alone, since they would fail at the limit.
RealTimeReport make_real_time(const RealTimeOptions& options);

}  // namespace gyre::run
