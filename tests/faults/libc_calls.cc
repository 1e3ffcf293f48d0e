// The program's own symbols stand before those of libc, for the libraries too (ENABLE_EXPORTS).
#include "tests/faults/libc_calls.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace {

gyre::faults::KillingCalls* routed = nullptr;
bool can_exchange = true;
thread_local bool inside = false;  // a call that is counted already

template <class Counted, class Direct>
auto route(const Counted& counted, const Direct& direct) {
  if (routed == nullptr || inside) return direct();
  inside = true;
  const auto result = counted(*routed);
  const int error_number = errno;
  inside = false;
  errno = error_number;
  return result;
}

// A call that KillingCalls has no name for.
template <class Direct>
auto route(const Direct& direct) {
  return route([&](gyre::faults::KillingCalls& calls) { return calls.at(direct); }, direct);
}

template <class... Args>
int direct_call(long number, Args... args) {
  return static_cast<int>(::syscall(number, args...));
}

}  // namespace

namespace gyre::faults {

void route_calls(KillingCalls& calls, bool exchanges) {
  can_exchange = exchanges;
  routed = &calls;
}

}  // namespace gyre::faults

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  return route(
      [&](auto& calls) { return calls.write(descriptor, bytes, count); },
      [&] { return static_cast<ssize_t>(::syscall(SYS_write, descriptor, bytes, count)); });
}
ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t at) {
  return route(
      [&] { return static_cast<ssize_t>(::syscall(SYS_pwrite64, descriptor, bytes, count, at)); });
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off_t at) {
  return ::pwrite(descriptor, bytes, count, at);
}
int fsync(int descriptor) {
  return route([&](auto& calls) { return calls.fsync(descriptor); },
               [&] { return direct_call(SYS_fsync, descriptor); });
}
int fdatasync(int descriptor) {
  return route([&](auto& calls) { return calls.fdatasync(descriptor); },
               [&] { return direct_call(SYS_fdatasync, descriptor); });
}
int ftruncate(int descriptor, off_t size) noexcept {
  return route([&](auto& calls) { return calls.ftruncate(descriptor, size); },
               [&] { return direct_call(SYS_ftruncate, descriptor, size); });
}
int rename(const char* from, const char* to) noexcept {
  return route([&](auto& calls) { return calls.rename(from, to); },
               [&] { return direct_call(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); });
}
int renameat2(int a, const char* from, int b, const char* to, unsigned flags) noexcept {
  if (!can_exchange && flags != 0) {
    errno = EINVAL;
    return -1;
  }
  return route([&] { return direct_call(SYS_renameat2, a, from, b, to, flags); });
}
int link(const char* from, const char* to) noexcept {
  return route([&](auto& calls) { return calls.link(from, to); },
               [&] { return direct_call(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0); });
}
int unlink(const char* file) noexcept {
  return route([&] { return direct_call(SYS_unlinkat, AT_FDCWD, file, 0); });
}
int unlinkat(int folder, const char* file, int flags) noexcept {
  return route([&] { return direct_call(SYS_unlinkat, folder, file, flags); });
}

}  // extern "C"
