#include "gyre/io/sync_thread.h"

#include <utility>

namespace gyre::io {

SyncThread::SyncThread(FileCalls& calls) : calls_(calls), thread_([this] { run(); }) {}

SyncThread::~SyncThread() {
  {
    const std::lock_guard guard(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SyncThread::sync(std::shared_ptr<OutputFile> file, bool folder) {
  post({.file = std::move(file), .folder = folder});
}

void SyncThread::close(std::shared_ptr<OutputFile> file) {
  post({.file = std::move(file), .close = true, .folder = true});
}

void SyncThread::post(Job job) {
  {
    const std::lock_guard guard(mutex_);
    if (error_) std::rethrow_exception(error_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

bool SyncThread::busy() const {
  const std::lock_guard guard(mutex_);
  return !jobs_.empty();
}

void SyncThread::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return jobs_.empty(); });
  if (error_) std::rethrow_exception(error_);
}

void SyncThread::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const bool failed = error_ != nullptr;
    const Job& job = jobs_.front();  // stays where it is while others are added
    lock.unlock();
    std::exception_ptr error;
    try {
      if (!failed) carry_out(job);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error) error_ = error;
    jobs_.pop_front();
    changed_.notify_all();
  }
}

void SyncThread::carry_out(const Job& job) {
  if (job.close) {
    job.file->close();
  } else {
    job.file->sync_data();
  }
  if (job.folder) sync_folder_of(job.file->path(), calls_);
}

}  // namespace gyre::io
