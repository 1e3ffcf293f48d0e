#include "gyre/data/dataset_decode_queue.h"

#include <utility>

namespace gyre::data {

bool DecodeQueue::holds(uint64_t key) {
  const std::lock_guard lock(mutex_);
  return places_.contains(key);
}

void DecodeQueue::add(std::vector<Job> jobs, size_t most) {
  {
    const std::lock_guard lock(mutex_);
    for (Job& job : jobs) insert(jobs_.end(), std::move(job));
    while (places_.size() > most) remove(jobs_.begin());
  }
  wake_.notify_all();
}

void DecodeQueue::put_back(Job job) {
  if (job.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    insert(jobs_.begin(), std::move(job));
  }
  wake_.notify_one();
}

std::optional<DecodeQueue::Job> DecodeQueue::take(uint64_t key) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(key);
  if (found == places_.end()) return std::nullopt;
  return remove(found->second);
}

std::optional<DecodeQueue::Job> DecodeQueue::next() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
  if (closed_) return std::nullopt;
  return remove(jobs_.begin());
}

void DecodeQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_all();
}

// A picture that came in meanwhile stays where it is.
void DecodeQueue::insert(std::list<Job>::iterator before, Job job) {
  std::erase_if(job, [&](const Wanted& wanted) { return places_.contains(wanted.key); });
  if (job.empty()) return;
  const auto place = jobs_.insert(before, std::move(job));
  for (const Wanted& wanted : *place) places_.emplace(wanted.key, place);
}

DecodeQueue::Job DecodeQueue::remove(std::list<Job>::iterator job) {
  Job removed = std::move(*job);
  jobs_.erase(job);
  for (const Wanted& wanted : removed) places_.erase(wanted.key);
  return removed;
}

}  // namespace gyre::data
