#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

#include "gyre/core/goal.h"

namespace gyre::run {

// New goals from any thread to the control thread. The box keeps each goal until many later ones
// were taken, so that the control thread never drops the last reference to one.
class GoalBox {
 public:
  struct Given {
    GoalPtr goal;
    GoalPtr then;          // takes its place at `until_ns`; null: it stays
    int64_t until_ns = 0;  // robot clock
  };

  // False when so many goals wait that the control thread cannot be running.
  bool give(GoalPtr goal) { return give({.goal = std::move(goal)}); }
  bool give(Given goal) {
    const std::lock_guard lock(givers_);
    const size_t given = given_.load(std::memory_order_relaxed);
    if (given - taken_.load(std::memory_order_acquire) >= kWaiting) return false;
    slots_[given % slots_.size()] = std::move(goal);
    given_.store(given + 1, std::memory_order_release);
    return true;
  }

  // The next goal, null when there is none. The control thread alone; the pointer is good until
  // the next call.
  const Given* take() noexcept {
    const size_t taken = taken_.load(std::memory_order_relaxed);
    if (taken == given_.load(std::memory_order_acquire)) return nullptr;
    taken_.store(taken + 1, std::memory_order_release);
    return &slots_[taken % slots_.size()];
  }

 private:
  static constexpr size_t kWaiting = 8;
  std::array<Given, 4 * kWaiting> slots_;
  std::mutex givers_;
  std::atomic<size_t> given_{0}, taken_{0};
};

}  // namespace gyre::run
