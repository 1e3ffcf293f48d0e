#include "tests/faults/kill.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "gyre/core/clock.h"
#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "tests/faults/inspect.h"
#include "tests/faults/killing_calls.h"
#include "tests/faults/recorder.h"

namespace gyre::faults {
namespace {

constexpr double kLongestS = 0.62;
constexpr int64_t kCalls = 12;  // about so many come in that time

// A Witness that parent and child see.
class SharedWitness {
 public:
  SharedWitness() {
    void* page =
        mmap(nullptr, sizeof(Witness), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw Error("shared memory", "cannot be had");
    witness_ = new (page) Witness;
  }
  ~SharedWitness() { munmap(witness_, sizeof(Witness)); }
  SharedWitness(const SharedWitness&) = delete;
  SharedWitness& operator=(const SharedWitness&) = delete;
  Witness& operator*() const { return *witness_; }

 private:
  Witness* witness_;
};

struct Plan {
  double at_s = kLongestS;  // the latest moment
  int64_t call = 0;         // 0: none
  KillingCalls::Moment moment{};
  bool full_disk = false;
};

Plan draw_plan(int64_t kill, Rng& rng) {
  if (kill % 2 == 0) return {.at_s = rng.uniform(0.02, kLongestS)};
  return {.call = 1 + rng.below(kCalls),
          .moment = static_cast<KillingCalls::Moment>(rng.below(3)),
          .full_disk = rng.below(8) == 0};
}

[[noreturn]] void run_child(const std::filesystem::path& folder, uint64_t seed, const Plan& plan,
                            Witness& witness) {
  KillingCalls calls(plan.call, plan.moment, plan.full_disk);
  try {
    record(folder, seed, 1'000'000, false, calls, witness);
  } catch (const std::exception&) {
  }
  ::_exit(1);
}

// Waits until the child has ended in a call, or ends it at its latest moment: true and false.
bool kill_child(pid_t child, const Plan& plan) {
  SteadyClock clock;
  const int64_t end_ns = clock.now_ns() + static_cast<int64_t>(plan.at_s * 1e9);
  while (plan.call > 0 && clock.now_ns() < end_ns) {
    if (waitpid(child, nullptr, WNOHANG) == child) return true;
    clock.sleep_until(clock.now_ns() + 2'000'000);
  }
  clock.sleep_until(end_ns);
  ::kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return false;
}

}  // namespace

void add_loss(const Inspection& found, int64_t sent, int64_t taken, Losses& losses) {
  constexpr double kPeriodMs = static_cast<double>(kPeriodNs) * 1e-6;
  const auto lost_ms = [&](int64_t tick) {
    return static_cast<double>(std::max<int64_t>(0, tick - found.newest)) * kPeriodMs;
  };
  losses.lost_ms.push_back(lost_ms(sent));
  losses.held_ms.push_back(lost_ms(taken));
  losses.misaligned += found.misaligned;
  if (found.error.empty()) return;
  ++losses.unreadable;
  if (losses.first_error.empty()) losses.first_error = found.error;
}

Losses kill_recorders(const std::filesystem::path& folder, int64_t kills, uint64_t seed) {
  Losses losses;
  Rng rng = Rng::stream(seed, "kills");
  for (int64_t kill = 0; kill < kills; ++kill) {
    const std::filesystem::path journal = folder / std::to_string(kill);
    const Plan plan = draw_plan(kill, rng);
    const SharedWitness witness;
    const pid_t child = fork();
    if (child < 0) throw Error("fork", "failed");
    if (child == 0) run_child(journal, seed + static_cast<uint64_t>(kill), plan, *witness);
    losses.in_calls += kill_child(child, plan) ? 1 : 0;
    Inspection found;
    if (std::filesystem::exists(journal)) found = inspect(journal);
    const Witness& seen = *witness;
    add_loss(found, seen.sent, seen.taken, losses);
    std::filesystem::remove_all(journal);
  }
  return losses;
}

}  // namespace gyre::faults
