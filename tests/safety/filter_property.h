#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace gyre::run {

// Counts of sequences in which each limit was there and was reached.
struct LimitCount {
  int64_t present = 0;  // sequences with a field that has the limit
  int64_t bound = 0;    // of those: the filter named it and the commands reached 99.9 % of it
  double share() const { return present == 0 ? 1 : static_cast<double>(bound) / present; }
};

struct PropertyResult {
  int64_t sequences = 0, commands = 0, values = 0;
  int64_t outside = 0;     // commands outside any limit
  int64_t unfaithful = 0;  // a report (reasons, changed fields, same bits) that is not true
  int64_t outside_starts = 0, boxes = 0;  // sequences that started outside; that had a box
  int64_t passed = 0;                     // commands that came out as they went in
  std::array<LimitCount, 5> limits;       // range, velocity, acceleration, jerk, workspace
  double worst = 0;         // largest |difference| - limit - rounding, as a share of the limit
  std::string first_fault;  // of one command, in words; "" when there was none

  bool holds() const;  // no fault, and each limit bound in at least 5 % of its sequences
};

inline constexpr std::array<const char*, 5> kLimitNames = {"range", "velocity", "acceleration",
                                                           "jerk", "workspace"};

// Runs `sequences` random sequences of actions (walks, jumps, ends, alternations, not finite, huge,
// tiny, of wrong width, with unusable holds, starts outside the range) through filters of random
// contracts (1 to 8 fields of all kinds, limits present or not, ranges 1e-3 to 1e3, periods 1 to
// 100 ms, boxes by the kinematics of a random arm). Every command is checked by its own backward
// differences, independently of the filter. A function of `seed`.
PropertyResult check_filter(int64_t sequences, uint64_t seed);

}  // namespace gyre::run
