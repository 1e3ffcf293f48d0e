#pragma once

#include <atomic>
#include <memory>

#include "gyre/core/event.h"

namespace gyre::run {

// Events from any thread to the control thread, without a lock. A bounded queue after D. Vyukov:
// each slot carries the turn in which it may be written or read.
class EventQueue {
 public:
  // `capacity` is a power of two.
  explicit EventQueue(size_t capacity) : mask_(capacity - 1), slots_(new Slot[capacity]) {
    for (size_t i = 0; i < capacity; ++i) slots_[i].turn.store(i, std::memory_order_relaxed);
  }

  // False when the queue is full.
  bool push(const Event& event) noexcept {
    size_t at = head_.load(std::memory_order_relaxed);
    while (true) {
      Slot& slot = slots_[at & mask_];
      const size_t turn = slot.turn.load(std::memory_order_acquire);
      if (turn == at) {
        if (!head_.compare_exchange_weak(at, at + 1, std::memory_order_relaxed)) continue;
        slot.event = event;
        slot.turn.store(at + 1, std::memory_order_release);
        return true;
      }
      if (turn < at) return false;
      at = head_.load(std::memory_order_relaxed);
    }
  }

  // One reader. False when there is none.
  bool pop(Event& event) noexcept {
    Slot& slot = slots_[tail_ & mask_];
    if (slot.turn.load(std::memory_order_acquire) != tail_ + 1) return false;
    event = slot.event;
    slot.turn.store(tail_ + mask_ + 1, std::memory_order_release);
    ++tail_;
    return true;
  }

 private:
  struct Slot {
    std::atomic<size_t> turn{0};
    Event event;
  };
  size_t mask_;
  std::unique_ptr<Slot[]> slots_;
  alignas(64) std::atomic<size_t> head_{0};
  alignas(64) size_t tail_ = 0;
};

}  // namespace gyre::run
