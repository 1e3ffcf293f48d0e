#pragma once

#include <atomic>
#include <cstdint>

#include "gyre/io/file.h"

namespace gyre::faults {

// Ends its process, as SIGKILL does, at one of its calls. Any thread may make them.
class KillingCalls : public io::FileCalls {
 public:
  enum class Moment { kBefore, kHalfway, kAfter };  // halfway: half the bytes of a write
  // `call` counts writes, syncs, renames, links and truncations from 1; 0: never. `full_disk`: the
  // call before it is a write that finds room for half its bytes, so that it is a truncation.
  KillingCalls(int64_t call, Moment moment, bool full_disk)
      : call_(call), moment_(moment), full_disk_(full_disk) {}

  ssize_t write(int descriptor, const void* bytes, size_t count) override;
  int ftruncate(int descriptor, off_t size) override;
  int fdatasync(int descriptor) override;
  int fsync(int descriptor) override;
  int rename(const char* from, const char* to) override;
  int exchange(const char* a, const char* b) override;
  int link(const char* from, const char* to) override;
  // Any other call that changes a file; none of them is done by half.
  template <class Call>
  auto at(const Call& call) {
    const bool it = is_it();
    if (it && moment_ != Moment::kAfter) die();
    const auto result = call();
    if (it) die();
    return result;
  }
  int64_t count() const { return count_; }  // so far

 private:
  int64_t call_;
  Moment moment_;
  bool full_disk_;
  std::atomic<int64_t> count_{0};
  std::atomic<bool> disk_is_full_{false};

  bool is_it() { return ++count_ == call_; }
  [[noreturn]] static void die();
};

}  // namespace gyre::faults
