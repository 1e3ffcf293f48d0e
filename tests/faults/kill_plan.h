#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <functional>
#include <new>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "tests/faults/killing_calls.h"

namespace gyre::faults {

// When a child process is killed.
struct KillPlan {
  double at_s = 0;   // the latest moment
  int64_t call = 0;  // 0: none
  KillingCalls::Moment moment{};
  bool full_disk = false;
};

// Every second kill comes at a random moment of `shortest_s` to `longest_s`, the others in one of
// the first `calls` system calls that change a file, at the latest at `longest_s`. `full_disk`:
// some of those find no room before.
KillPlan draw_plan(int64_t kill, double shortest_s, double longest_s, int64_t calls, bool full_disk,
                   Rng& rng);

enum class Death { kInCall, kAtMoment };
// Runs `work` in a child process that ends as the plan says; the child uses `calls` of it. kInCall
// also where the work was over before.
Death run_and_kill(const KillPlan& plan, const std::function<void(KillingCalls&)>& work);

// Runs `work` in a child process to its end; false where it does not come to it.
bool run_apart(const std::function<void()>& work);

// A value that parent and child see.
template <class T>
class Shared {
 public:
  Shared() {
    void* page =
        mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw Error("shared memory", "cannot be had");
    value_ = new (page) T;
  }
  ~Shared() { munmap(value_, sizeof(T)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  T* value_;
};

}  // namespace gyre::faults
