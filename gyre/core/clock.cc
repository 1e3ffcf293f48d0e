#include "gyre/core/clock.h"

#include <cerrno>
#include <ctime>

namespace gyre {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

int64_t read(clockid_t clock) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

}  // namespace

SteadyClock::SteadyClock() : unix_offset_ns_(read(CLOCK_REALTIME) - read(CLOCK_MONOTONIC)) {}

int64_t SteadyClock::now_ns() const noexcept { return read(CLOCK_MONOTONIC); }

void SteadyClock::sleep_until(int64_t time_ns) noexcept {
  const timespec until{time_ns / kSecond, time_ns % kSecond};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace gyre
