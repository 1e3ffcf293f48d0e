#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gyre::train {

// Threads that share repeated work: each call of run() gives every thread one part.
class WorkerPool {
 public:
  // `prepare` runs once in each thread. What it throws is thrown by each run().
  WorkerPool(int workers, const std::function<void()>& prepare);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  int size() const { return static_cast<int>(threads_.size()); }

  // Runs work(0) .. work(size() - 1), each in its own thread, and returns when all are done. The
  // first exception of one of them is thrown here.
  void run(const std::function<void(int)>& work);

 private:
  void serve(int worker, const std::function<void()>& prepare);

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int)>* work_ = nullptr;
  int64_t round_ = 0;
  int running_ = 0;
  bool end_ = false;
  std::exception_ptr failure_, unprepared_;
  std::vector<std::thread> threads_;
};

}  // namespace gyre::train
