#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace gyre::data {

// A picture on its way into memory of whoever asked for it.
struct PictureOrder {
  int file = 0;  // of VideoPool
  double time_s = 0, tolerance_s = 0;
  double apart_s = 0;     // pictures that are no further apart are decoded in one go
  uint64_t key = 0;       // of PictureStore
  uint8_t* to = nullptr;  // [height, width, 3]
};
using PictureJob = std::vector<PictureOrder>;  // of one file, ascending in time

// Threads that carry out jobs, load after load.
class PictureLoaders {
 public:
  struct Load;  // jobs that were ordered together

  // `carry_out` decodes a job and may throw.
  PictureLoaders(int threads, int nice, std::function<void(const PictureJob&)> carry_out);
  ~PictureLoaders();
  PictureLoaders(const PictureLoaders&) = delete;
  PictureLoaders& operator=(const PictureLoaders&) = delete;

  std::shared_ptr<Load> begin(std::deque<PictureJob> jobs);
  // Takes part in the load until all of it is there. Throws the first error of its jobs.
  void finish(Load& load);
  // Returns when nobody writes to the load's memory any more.
  void cancel(Load& load);

 private:
  void serve(int nice);
  bool do_one(std::unique_lock<std::mutex>& lock, Load& load);

  std::function<void(const PictureJob&)> carry_out_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Load>> loads_;  // with jobs that nobody has begun
  bool end_ = false;
  std::vector<std::thread> threads_;
};

// Pictures that are being written into memory, which must stay until this ends.
class PictureLoad {
 public:
  PictureLoad(PictureLoaders& loaders, std::shared_ptr<PictureLoaders::Load> load)
      : loaders_(&loaders), load_(std::move(load)) {}
  PictureLoad(PictureLoad&& other) noexcept = default;
  PictureLoad& operator=(PictureLoad&& other) noexcept;
  ~PictureLoad();

  // All pictures are there; decodes some of them itself. Throws Error naming file and time of one
  // that is damaged.
  void wait();

 private:
  PictureLoaders* loaders_;
  std::shared_ptr<PictureLoaders::Load> load_;
};

}  // namespace gyre::data
