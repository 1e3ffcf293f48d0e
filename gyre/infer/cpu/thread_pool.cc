#include "gyre/infer/cpu/thread_pool.h"

#include <pthread.h>

namespace gyre::infer::cpu {
namespace {

void stay_on_core(int core) {
#ifdef __linux__
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);  // a wish: it may be refused
#else
  (void)core;
#endif
}

}  // namespace

ThreadPool::ThreadPool(int threads, bool pin) {
  for (int i = 1; i < threads; ++i) workers_.emplace_back([this, i, pin] { work(i, pin); });
  if (pin) stay_on_core(0);
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  begin_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::part(const Loop& loop, int thread) const {
  const int64_t all = loop.count, count = threads();
  const int first = static_cast<int>(all * thread / count);
  const int last = static_cast<int>(all * (thread + 1) / count);
  if (first < last) loop.call(loop.body, first, last, thread);
}

void ThreadPool::run_erased(const Loop& loop) {
  const std::unique_lock only(one_caller_, std::try_to_lock);
  if (workers_.empty() || loop.count <= 1 || !only.owns_lock()) {
    if (loop.count > 0) loop.call(loop.body, 0, loop.count, 0);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    loop_ = loop;
    ++round_;
    busy_ = static_cast<int>(workers_.size());
  }
  begin_.notify_all();
  part(loop, 0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return busy_ == 0; });
}

void ThreadPool::work(int thread, bool pin) {
  if (pin) stay_on_core(thread);
  uint64_t seen = 0;
  while (true) {
    Loop loop;
    {
      std::unique_lock lock(mutex_);
      begin_.wait(lock, [&] { return stopping_ || round_ != seen; });
      if (stopping_) return;
      seen = round_;
      loop = loop_;
    }
    part(loop, thread);
    const std::lock_guard lock(mutex_);
    if (--busy_ == 0) done_.notify_one();
  }
}

}  // namespace gyre::infer::cpu
