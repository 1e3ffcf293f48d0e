#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/faults/inspect.h"

namespace gyre::faults {

// Losses in milliseconds of robot time, from the newest Step that is readable to the newest that
// was sent.
struct Losses {
  std::vector<double> lost_ms;
  // The part of it that the journal's writer had been given: what its chunks may cost. The rest
  // waited in the tape's ring for the processor.
  std::vector<double> held_ms;
  int64_t misaligned = 0, unreadable = 0;
  std::string first_error;
};

// Adds what was found of a journal whose first record was at `begin_ns`, and of which the Steps up
// to `sent_ns` had been sent and up to `taken_ns` been given to the journal's writer; -1: none.
void add_loss(const Inspection& found, int64_t begin_ns, int64_t sent_ns, int64_t taken_ns,
              Losses& losses);

// Records in child processes and kills each of them: half at a random moment of 0.02 to 0.62 s,
// half in one of the system calls that change a file.
Losses kill_recorders(const std::filesystem::path& folder, int64_t kills, uint64_t seed);

// Records for `seconds`, and looks at what a loss of power leaves at the end of each system call:
// what was synced, and of the rest nothing, all, or some of its blocks.
Losses lose_power(const std::filesystem::path& folder, double seconds, uint64_t seed);

}  // namespace gyre::faults
