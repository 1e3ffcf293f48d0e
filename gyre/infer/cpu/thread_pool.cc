#include "gyre/infer/cpu/thread_pool.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace gyre::infer::cpu {
namespace {

void stay_on_core(int core) {
#ifdef __linux__
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  pthread_setaffinity_np(pthread_self(), sizeof cores,
                         &cores);  // may be refused: it only helps speed
#else
  (void)core;
#endif
}

// Returns once `value` is not `old`.
template <class T>
void wait_while(const std::atomic<T>& value, T old) {
  constexpr int kLooks = 4000;
  for (int i = 0; i < kLooks; ++i) {
    if (value.load(std::memory_order_acquire) != old) return;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }
  value.wait(old, std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(int threads, bool pin) {
  for (int i = 1; i < threads; ++i) workers_.emplace_back([this, i, pin] { work(i, pin); });
  if (pin) stay_on_core(0);
}

ThreadPool::~ThreadPool() {
  stopping_ = true;
  ++round_;
  round_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::take_parts(const Loop& loop, int thread) noexcept {
  for (int at = next_.load(std::memory_order_relaxed); at < loop.count;) {
    const int fair = (loop.count - at) / (2 * threads());
    const int last = std::min(loop.count, at + std::max(1, fair / loop.grain) * loop.grain);
    if (!next_.compare_exchange_weak(at, last, std::memory_order_relaxed)) continue;
    try {
      loop.call(loop.body, at, last, thread);
    } catch (...) {
      if (!failed_.exchange(true)) failure_ = std::current_exception();
      next_.store(loop.count, std::memory_order_relaxed);
    }
    at = next_.load(std::memory_order_relaxed);
  }
}

void ThreadPool::run_erased(const Loop& loop) {
  const std::unique_lock only(one_caller_, std::try_to_lock);
  if (workers_.empty() || loop.count <= loop.grain || !only.owns_lock()) {
    if (loop.count > 0) loop.call(loop.body, 0, loop.count, 0);
    return;
  }
  loop_ = loop;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  take_parts(loop, 0);
  for (int busy = busy_.load(std::memory_order_acquire); busy != 0;
       busy = busy_.load(std::memory_order_acquire)) {
    wait_while(busy_, busy);
  }
  if (failed_.exchange(false)) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::work(int thread, bool pin) {
  if (pin) stay_on_core(thread);
  for (uint32_t seen = 0;; ++seen) {
    wait_while(round_, seen);
    if (stopping_) return;
    take_parts(loop_, thread);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

}  // namespace gyre::infer::cpu
