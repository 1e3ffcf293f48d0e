#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace gyre {

// Hands the newest value from one thread to another without a lock or an allocation; values that
// the reader was too slow for are skipped. Triple buffering: writer and reader own one slot each
// and exchange it for the third.
template <class T>
class Latest {
 public:
  // Every slot begins as a copy of `initial`: give vectors their size there.
  explicit Latest(const T& initial = T()) : slots_{initial, initial, initial} {}

  // The writer alone. The slot holds some earlier value, so write all of it.
  T& writable() noexcept { return slots_[back_]; }
  void publish() noexcept {
    back_ = middle_.exchange(back_ | kFresh, std::memory_order_acq_rel) & kIndex;
  }

  // The reader alone. True when value() is now another one than before.
  bool take() noexcept {
    if ((middle_.load(std::memory_order_relaxed) & kFresh) == 0) return false;
    front_ = middle_.exchange(front_, std::memory_order_acq_rel) & kIndex;
    return true;
  }
  const T& value() const noexcept { return slots_[front_]; }

 private:
  static constexpr uint32_t kIndex = 3, kFresh = 4;
  std::array<T, 3> slots_;
  alignas(64) uint32_t back_ = 0;
  alignas(64) uint32_t front_ = 1;
  alignas(64) std::atomic<uint32_t> middle_{2};
};

}  // namespace gyre
