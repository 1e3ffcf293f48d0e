#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace gyre::infer::cpu {

// Objects that keep their memory between uses; as many as were ever in use at once. Thread-safe.
template <class T>
class ObjectPool {
 public:
  template <class Make>
  std::unique_ptr<T> take(const Make& make) {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto object = std::move(free_.back());
        free_.pop_back();
        return object;
      }
    }
    return make();
  }
  void give(std::unique_ptr<T> object) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(object));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> free_;
};

}  // namespace gyre::infer::cpu
