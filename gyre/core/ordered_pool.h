#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace gyre {

// `workers` threads (0: one a core), never more than there are items.
inline int worker_count(int workers, int64_t items) {
  if (workers <= 0) workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return static_cast<int>(std::min<int64_t>(workers, std::max<int64_t>(items, 1)));
}

// Makes `make(i)` for i = 0 .. count - 1 on several threads and hands the results to
// `take(i, Result&&)` on the calling thread, in order. Workers run at most 4 items each ahead of
// `take`, so that results do not pile up. `take` returns false to stop; so does an exception of
// `make` or `take`, which is thrown on after all workers have ended. Returns true when every item
// was taken.
template <class Make, class Take>
bool run_in_order(int64_t count, int workers, const Make& make, const Take& take) {
  using Result = decltype(make(int64_t{0}));
  const int threads_count = worker_count(workers, count);
  std::mutex mutex;
  std::condition_variable changed;
  std::map<int64_t, Result> finished;
  std::exception_ptr failure;
  int64_t next = 0, taken = 0;
  bool stop = false;

  const auto work = [&] {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return stop || next >= count || next < taken + 4 * threads_count; });
      if (stop || next >= count) return;
      const int64_t index = next++;
      lock.unlock();
      std::exception_ptr error;
      std::map<int64_t, Result> one;
      try {
        one.emplace(index, make(index));
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (error) {
        if (!failure) failure = error;
        stop = true;
      }
      finished.merge(one);
      changed.notify_all();
    }
  };

  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < threads_count; ++i) threads.emplace_back(work);
    std::unique_lock lock(mutex);
    while (taken < count && !stop) {
      changed.wait(lock, [&] { return stop || finished.contains(taken); });
      if (stop) break;
      Result result = std::move(finished.extract(taken).mapped());
      lock.unlock();
      bool go_on = false;
      std::exception_ptr error;
      try {
        go_on = take(taken, std::move(result));
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (error && !failure) failure = error;
      ++taken;
      stop = stop || !go_on;
      changed.notify_all();
    }
    stop = true;
    changed.notify_all();
  }
  if (failure) std::rethrow_exception(failure);
  return taken == count;
}

}  // namespace gyre
