#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace gyre::infer::cpu {

// Threads that share loops whose iterations do not depend on each other. Without OpenMP, whose
// threads LibTorch's would fight. Calls from several threads at once are safe: the second works
// alone. A chunk of π0 is 2,000 loops, so a waiting thread spins for 0.1 ms before it sleeps.
class ThreadPool {
 public:
  // `threads` 1: no threads are made. `pin`: thread i stays on core i.
  explicit ThreadPool(int threads, bool pin = false);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls body(first, last, thread) with parts of 0 .. count, at least `grain` long. Parts begin
  // large and become smaller, so that a core that is busy with other work delays the end little.
  // The first exception of `body` is thrown here once all threads have left the loop; iterations
  // that were not taken by then are left out.
  template <class Body>
  void run(int count, const Body& body, int grain = 1) {
    using Plain = std::remove_reference_t<Body>;
    run_erased({count, grain, &body, [](const void* self, int first, int last, int thread) {
                  (*static_cast<const Plain*>(self))(first, last, thread);
                }});
  }

 private:
  struct Loop {
    int count = 0, grain = 1;
    const void* body = nullptr;
    void (*call)(const void*, int, int, int) = nullptr;
  };
  void run_erased(const Loop& loop);
  void take_parts(const Loop& loop, int thread) noexcept;
  void work(int thread, bool pin);

  std::mutex one_caller_;
  Loop loop_;                       // of this round; workers read it between round_ and busy_
  std::atomic<int> next_{0};        // the first iteration that no thread has taken
  std::atomic<uint32_t> round_{0};  // counts loops
  std::atomic<int> busy_{0};        // workers that have not finished this round
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;  // written by the thread that set failed_, read when busy_ is 0
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> workers_;
};

}  // namespace gyre::infer::cpu
