#include "gyre/train/worker_pool.h"

namespace gyre::train {

WorkerPool::WorkerPool(int workers, const std::function<void()>& prepare) {
  for (int i = 0; i < workers; ++i) {
    threads_.emplace_back([this, i, prepare] { serve(i, prepare); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::run(const std::function<void(int)>& work) {
  std::unique_lock lock(mutex_);
  work_ = &work;
  running_ = size();
  failure_ = nullptr;
  ++round_;
  wake_.notify_all();
  done_.wait(lock, [&] { return running_ == 0; });
  if (unprepared_) std::rethrow_exception(unprepared_);
  if (failure_) std::rethrow_exception(failure_);
}

void WorkerPool::serve(int worker, const std::function<void()>& prepare) {
  std::exception_ptr unprepared;
  try {
    prepare();
  } catch (...) {
    unprepared = std::current_exception();
  }
  int64_t seen = 0;
  std::unique_lock lock(mutex_);
  if (unprepared && !unprepared_) unprepared_ = unprepared;
  while (true) {
    wake_.wait(lock, [&] { return end_ || round_ != seen; });
    if (end_) return;
    seen = round_;
    const auto& work = *work_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      if (!unprepared) work(worker);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && !failure_) failure_ = failure;
    if (--running_ == 0) done_.notify_one();
  }
}

}  // namespace gyre::train
