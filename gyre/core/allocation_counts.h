#pragma once

#include <cstdint>

// The counts of allocation_counter.h. Sanitizers need the counting functions for themselves:
// without GYRE_COUNTS_ALLOCATIONS nothing is counted.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define GYRE_COUNTS_ALLOCATIONS
#endif

namespace gyre {
inline thread_local int64_t thread_allocations = 0;  // of the calling thread
inline thread_local int64_t thread_frees = 0;        // likewise, of memory that was there
}  // namespace gyre
