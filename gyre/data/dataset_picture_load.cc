#include "gyre/data/dataset_picture_load.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace gyre::data {

struct PictureLoaders::Load {
  std::deque<PictureJob> waiting;
  int running = 0;
  std::exception_ptr error;
};

PictureLoaders::PictureLoaders(int threads, int nice,
                               std::function<void(const PictureJob&)> carry_out)
    : carry_out_(std::move(carry_out)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this, nice] { serve(nice); });
}

PictureLoaders::~PictureLoaders() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::shared_ptr<PictureLoaders::Load> PictureLoaders::begin(std::deque<PictureJob> jobs) {
  auto load = std::make_shared<Load>();
  load->waiting = std::move(jobs);
  {
    const std::lock_guard lock(mutex_);
    if (!load->waiting.empty()) loads_.push_back(load);
  }
  changed_.notify_all();
  return load;
}

void PictureLoaders::finish(Load& load) {
  std::unique_lock lock(mutex_);
  while (do_one(lock, load)) {
  }
  changed_.wait(lock, [&] { return load.running == 0; });
  if (load.error) std::rethrow_exception(std::exchange(load.error, nullptr));
}

void PictureLoaders::cancel(Load& load) {
  std::unique_lock lock(mutex_);
  load.waiting.clear();
  changed_.wait(lock, [&] { return load.running == 0; });
}

void PictureLoaders::serve(int nice) {
  // Whoever learns from the pictures goes first: a step waits for its slowest thread.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return end_ || !loads_.empty(); });
    if (end_) return;
    const std::shared_ptr<Load> load = loads_.front();
    if (!do_one(lock, *load)) std::erase(loads_, load);
  }
}

// False when no job of the load waits.
bool PictureLoaders::do_one(std::unique_lock<std::mutex>& lock, Load& load) {
  if (load.waiting.empty()) return false;
  const PictureJob job = std::move(load.waiting.front());
  load.waiting.pop_front();
  ++load.running;
  lock.unlock();
  std::exception_ptr error;
  try {
    carry_out_(job);
  } catch (...) {
    error = std::current_exception();
  }
  lock.lock();
  if (error && !load.error) load.error = error;
  if (--load.running == 0 && load.waiting.empty()) changed_.notify_all();
  return true;
}

PictureLoad& PictureLoad::operator=(PictureLoad&& other) noexcept {
  std::swap(loaders_, other.loaders_);
  std::swap(load_, other.load_);
  return *this;
}

PictureLoad::~PictureLoad() {
  if (load_) loaders_->cancel(*load_);
}

void PictureLoad::wait() { loaders_->finish(*load_); }

}  // namespace gyre::data
