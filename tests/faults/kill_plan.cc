#include "tests/faults/kill_plan.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gyre/core/clock.h"

namespace gyre::faults {
namespace {

pid_t run_child(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child < 0) throw Error("fork", "failed");
  if (child > 0) return child;
  try {
    work();
  } catch (const std::exception&) {
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace

KillPlan draw_plan(int64_t kill, double shortest_s, double longest_s, int64_t calls, bool full_disk,
                   Rng& rng) {
  if (kill % 2 == 0) return {.at_s = rng.uniform(shortest_s, longest_s)};
  return {.at_s = longest_s,
          .call = 1 + rng.below(calls),
          .moment = static_cast<KillingCalls::Moment>(rng.below(3)),
          .full_disk = full_disk && rng.below(8) == 0};
}

Death run_and_kill(const KillPlan& plan, const std::function<void(KillingCalls&)>& work) {
  SteadyClock clock;
  const int64_t end_ns = clock.now_ns() + static_cast<int64_t>(plan.at_s * 1e9);
  const pid_t child = run_child([&] {
    KillingCalls calls(plan.call, plan.moment, plan.full_disk);
    work(calls);
  });
  while (plan.call > 0 && clock.now_ns() < end_ns) {
    if (waitpid(child, nullptr, WNOHANG) == child) return Death::kInCall;
    clock.sleep_until(clock.now_ns() + 2'000'000);
  }
  clock.sleep_until(end_ns);
  ::kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return Death::kAtMoment;
}

bool run_apart(const std::function<void()>& work) {
  const pid_t child = run_child(work);
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace gyre::faults
