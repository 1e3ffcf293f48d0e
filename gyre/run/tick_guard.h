#pragma once

#include <span>

namespace gyre::run {

// Allows the calling thread no other system calls from here on than those that a tick in real time
// may make. The kernel ends the process (SIGSYS) at any other: at mmap and brk, in which an
// allocation ends, and at a futex that waits, in which a contended lock ends. For proofs; there is
// no way back. Other threads go on as before.
//
// Allowed are:
// - clocks: clock_gettime and clock_nanosleep (and restart_syscall, which goes on with a sleep);
// - waking others: futex with FUTEX_WAKE, by which a question or a record is handed over;
// - the bus: read, pread64, write and pwrite64 on `bus`, at most 16 file descriptors;
// - the end: rt_sigreturn, exit and exit_group.
//
// Throws Error where the kernel has no seccomp, or for more descriptors.
void allow_only_tick_calls(std::span<const int> bus = {});

}  // namespace gyre::run
