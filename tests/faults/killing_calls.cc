#include "tests/faults/killing_calls.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace gyre::faults {

void KillingCalls::die() {
  ::kill(::getpid(), SIGKILL);
  while (true) ::pause();
}

ssize_t KillingCalls::write(int descriptor, const void* bytes, size_t count) {
  if (disk_is_full_) {
    errno = ENOSPC;
    return -1;
  }
  const bool it = is_it();
  if (it && moment_ == Moment::kBefore) die();
  disk_is_full_ = full_disk_ && count_ + 1 >= call_;
  const bool half = disk_is_full_ || (it && moment_ == Moment::kHalfway);
  const ssize_t result = FileCalls::write(descriptor, bytes, half ? count / 2 : count);
  if (it) die();
  return result;
}

int KillingCalls::ftruncate(int descriptor, off_t size) {
  return at([&] { return FileCalls::ftruncate(descriptor, size); });
}
int KillingCalls::fdatasync(int descriptor) {
  return at([&] { return FileCalls::fdatasync(descriptor); });
}
int KillingCalls::fsync(int descriptor) {
  return at([&] { return FileCalls::fsync(descriptor); });
}
int KillingCalls::rename(const char* from, const char* to) {
  return at([&] { return FileCalls::rename(from, to); });
}

int KillingCalls::exchange(const char* a, const char* b) {
  return at([&] { return FileCalls::exchange(a, b); });
}
int KillingCalls::link(const char* from, const char* to) {
  return at([&] { return FileCalls::link(from, to); });
}

}  // namespace gyre::faults
