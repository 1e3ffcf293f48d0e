#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace gyre::infer::cpu {

// Threads that share loops whose iterations do not depend on each other. Without OpenMP, whose
// threads LibTorch's would fight. Calls from several threads at once are safe: the second works
// alone.
class ThreadPool {
 public:
  // `threads` 1: no threads are made. `pin`: thread i stays on core i.
  explicit ThreadPool(int threads, bool pin = false);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls body(first, last, thread) with parts of 0 .. count, each thread one.
  template <class Body>
  void run(int count, const Body& body) {
    using Plain = std::remove_reference_t<Body>;
    run_erased({count, &body, [](const void* self, int first, int last, int thread) {
                  (*static_cast<const Plain*>(self))(first, last, thread);
                }});
  }

 private:
  struct Loop {
    int count = 0;
    const void* body = nullptr;
    void (*call)(const void*, int, int, int) = nullptr;
  };
  void run_erased(const Loop& loop);
  void part(const Loop& loop, int thread) const;
  void work(int thread, bool pin);

  std::mutex one_caller_;
  std::mutex mutex_;
  std::condition_variable begin_, done_;
  Loop loop_;
  uint64_t round_ = 0;
  int busy_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace gyre::infer::cpu
