#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gyre::flywheel {

// A process of this machine, also after its number was given to another one.
struct ProcessId {
  int pid = 0;           // 0: none
  uint64_t started = 0;  // clock ticks after the start of the machine
  bool operator==(const ProcessId&) const = default;
};

ProcessId this_process();
ProcessId process_of(int pid);  // none where there is no such process

// Still there, and has not ended.
bool is_running(const ProcessId& process);

// Starts a program that goes on after this one, behind everything else that the machine does: a
// session of its own, nice 19, SCHED_IDLE, idle disk priority, the lowest place among the sessions
// (autogroup). Its standard input is empty, its output is added to `log`. arguments[0] is the
// program's file. Throws Error where it cannot be started.
ProcessId start_in_background(const std::vector<std::string>& arguments,
                              const std::filesystem::path& log);

// Ctrl-C to the process, and to its group where it leads one. It may have ended.
void interrupt_process(const ProcessId& process);

}  // namespace gyre::flywheel
