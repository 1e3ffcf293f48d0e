#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/faults/inspect.h"

namespace gyre::faults {

// Losses in milliseconds: the ticks between the newest Step that is readable and the newest one
// that was sent, each a control period long.
struct Losses {
  std::vector<double> lost_ms;
  // The part of it that the journal's writer had been given: what its chunks may cost. The rest
  // waited in the tape's ring for the processor.
  std::vector<double> held_ms;
  int64_t misaligned = 0, unreadable = 0;
  int64_t in_calls = 0;  // kills in a system call
  std::string first_error;
};

// Adds what was found of a journal; the ticks as in Witness.
void add_loss(const Inspection& found, int64_t sent, int64_t taken, Losses& losses);

// Records in child processes and kills each of them: half at a random moment of 0.02 to 0.62 s,
// half in one of the first system calls that change a file, or at 0.62 s where fewer come.
Losses kill_recorders(const std::filesystem::path& folder, int64_t kills, uint64_t seed);

// Records for `seconds`, and looks at what a loss of power leaves at the end of each system call:
// what was synced, and of the rest nothing, all, or some of its blocks.
Losses lose_power(const std::filesystem::path& folder, double seconds, uint64_t seed);

}  // namespace gyre::faults
