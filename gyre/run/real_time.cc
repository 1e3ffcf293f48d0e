#include "gyre/run/real_time.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace gyre::run {
namespace {

constexpr size_t kStackBytes = 256 * 1024;  // of the control thread that are touched beforehand
constexpr size_t kPageBytes = 4096;

void touch_stack() noexcept {
  unsigned char stack[kStackBytes];
  volatile unsigned char* pages = stack;
  for (size_t at = 0; at < kStackBytes; at += kPageBytes) pages[at] = 0;
}

bool may_lock_everything() noexcept {
  rlimit limit{};
  return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
}

// Pages are locked once they are used: locking a policy's whole mapped file would read all of it.
bool lock_memory() noexcept {
  if (mlockall(MCL_CURRENT | MCL_ONFAULT | (may_lock_everything() ? MCL_FUTURE : 0)) != 0) {
    return false;
  }
  touch_stack();
  return true;
}

void refuse(RealTimeReport& report, const std::string& what, int error, const char* remedy) {
  report.refused.push_back(fmt::format("{}: {}; {}", what, std::strerror(error), remedy));
}

}  // namespace

RealTimeReport make_real_time(const RealTimeOptions& options) {
  RealTimeReport report;
  if (!options.affinity.empty()) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int cpu : options.affinity) {
      if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(cpu, &set);
    }
    const int error = pthread_setaffinity_np(pthread_self(), sizeof set, &set);
    report.pinned = error == 0;
    if (error != 0) {
      refuse(report, fmt::format("processors {}", fmt::join(options.affinity, ",")), error,
             "the control thread runs on any");
    }
  }
  if (options.lock_memory) {
    report.locked = lock_memory();
    if (!report.locked) {
      refuse(report, "locking memory", errno,
             "a page that was moved out may delay a tick (`ulimit -l unlimited` allows it)");
    }
  }
  if (options.priority > 0) {
    sched_param priority{};
    priority.sched_priority = options.priority;
    const int error = pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);
    report.fifo = error == 0;
    if (error != 0) {
      refuse(report, fmt::format("SCHED_FIFO priority {}", options.priority), error,
             "other programs may delay a tick (`ulimit -r 99` or CAP_SYS_NICE allows it)");
    }
  }
  return report;
}

}  // namespace gyre::run
