#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "gyre/io/file.h"

namespace gyre::io {

// Syncs files on a thread of its own, in the order in which they come, so that a slow disk holds up
// nobody who writes. One thread may call it; it may go on writing to a file that is being synced.
class SyncThread {
 public:
  explicit SyncThread(FileCalls& calls);
  ~SyncThread();  // finishes what waits, without a word; call finish() to learn of errors
  SyncThread(const SyncThread&) = delete;
  SyncThread& operator=(const SyncThread&) = delete;

  // Return at once. Throw the Error of an earlier one; after it nothing more is done.
  void sync(std::shared_ptr<OutputFile> file, bool folder);  // fdatasync, and then of its folder
  void close(std::shared_ptr<OutputFile> file);              // fsync, close, fsync of its folder
  bool busy() const;
  // Waits until all is done. Throws the first Error.
  void finish();

 private:
  struct Job {
    std::shared_ptr<OutputFile> file;
    bool close = false, folder = false;
  };
  FileCalls& calls_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;  // the first is being done
  std::exception_ptr error_;
  bool ending_ = false;
  std::thread thread_;  // the last member: it uses all others

  void post(Job job);
  void run();
  void carry_out(const Job& job);
};

}  // namespace gyre::io
