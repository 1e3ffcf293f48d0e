#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/faults/drive_faults_drive.h"

namespace gyre::faults {

// The checker's findings in drives; add() sums them over drives.
struct DriveFindings {
  int64_t drives = 0, with_person = 0, ticks = 0, commands = 0;
  std::array<int64_t, kDriveFaults> faults{};
  int64_t policy_ticks = 0, person_ticks = 0, held_ticks = 0;
  int64_t dropped = 0, failed = 0, journals_full = 0;
  int64_t socket_faults = 0;           // of all faults
  int64_t connections = 0, kills = 0;  // over sockets: made, and servers killed
  int64_t recoveries = 0;              // times that driving came back after a hold or a stop
  // Violations.
  int64_t outside = 0;      // commands outside a limit, or not finite
  int64_t stale = 0;        // stale actions that were executed
  int64_t late_holds = 0;   // no hold or stop within the deadline of its cause
  int64_t not_resumed = 0;  // every cause was gone, and the robot stood still
  int64_t after_stop = 0;   // motion after a stop that nobody had cleared and resumed
  int64_t too_early = 0;    // motion before data had been fresh for long enough
  int64_t not_still = 0;    // a hold that did not come to rest
  int64_t broken = 0;       // a tick without a command or a stop, a gap, a tape that is not whole
  // Measured, not judged: the longest time from a cause to its hold (control periods).
  int64_t longest_to_hold = 0;
  double fastest_at_rest = 0;  // rad/s (m/s) of a command, 0.8 s after a hold began
  struct Failure {
    int64_t drive = 0, tick = 0;
    bool sockets = false;
    std::string what;
  };
  std::vector<Failure> failures;  // the first of each kind in each drive

  void add(const DriveFindings& other);
  bool holds() const;
  int64_t fault_count() const;
};

// Judges a drive by its own rules, from the truth about it and its tape: none of the run-time's
// code decides here.
DriveFindings check_drive(const Story& story, const DriveRecord& record);

}  // namespace gyre::faults
