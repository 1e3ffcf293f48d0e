#pragma once

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "gyre/core/allocation_counts.h"

// Counts the allocations of a test program, at the functions of the C library that all others end
// in. To be included by one source of the program; the others include allocation_counts.h.
#ifdef GYRE_COUNTS_ALLOCATIONS
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier, performance-no-int-to-ptr): the C library's own names
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* p, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void* p);
void free(void* p) {
  gyre::thread_frees += p != nullptr ? 1 : 0;
  __libc_free(p);
}
void* malloc(size_t bytes) {
  ++gyre::thread_allocations;
  return __libc_malloc(bytes);
}
void* calloc(size_t count, size_t bytes) {
  ++gyre::thread_allocations;
  return __libc_calloc(count, bytes);
}
void* realloc(void* p, size_t bytes) {
  ++gyre::thread_allocations;
  return __libc_realloc(p, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) {
  ++gyre::thread_allocations;
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** p, size_t alignment, size_t bytes) {
  ++gyre::thread_allocations;
  *p = __libc_memalign(alignment, bytes);
  return *p == nullptr ? ENOMEM : 0;
}
void* mmap(void* address, size_t bytes, int protection, int flags, int file,
           off_t offset) noexcept {
  ++gyre::thread_allocations;
  const long at = syscall(SYS_mmap, address, bytes, protection, flags, file, offset);
  return at == -1 ? MAP_FAILED : reinterpret_cast<void*>(at);
}
// NOLINTEND(bugprone-reserved-identifier, performance-no-int-to-ptr)
}
#endif
