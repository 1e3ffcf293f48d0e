#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/run/loop_config.h"

// Drives with random faults: the script of each drive, a function of (seed, drive) alone.
namespace gyre::faults {

inline constexpr double kControlPeriodS = 0.01;
inline constexpr int64_t kControlPeriodNs = 10'000'000;

enum class DriveFault : uint8_t {
  // Faults of answers that are asked for while it lasts.
  kLate,
  kOutOfOrder,
  kDuplicated,
  kLost,
  kOldGeneration,
  kNotANumber,
  kInfinite,
  kHuge,
  kWrongWidth,
  kWrongHorizon,
  kEmptyChunk,
  kNoGoal,
  kFailedInference,
  kServerGone,
  kPolicySwap,
  // Faults of the robot.
  kStaleState,
  kStateNotFinite,
  kRobotFault,
  // Of the machine.
  kClockForward,
  kClockBackward,
  kHostStall,
  kFullDisk,
  // Of the cameras.
  kFrozenCamera,
  kVanishedCamera,
  // Of people.
  kOperatorGone,
  kOperatorNonsense,
  kTakeOver,
  kPause,
  kStop,
  kNewGoal,
  // Of a real link and a real server.
  kLinkCut,
  kLinkStalled,
  kLinkHalfOpen,
  kLinkCorrupt,
  kLinkSlow,
  kServerKilled,
  kCount
};
inline constexpr int kDriveFaults = static_cast<int>(DriveFault::kCount);
std::string_view fault_name(DriveFault fault);  // "late answers", ...

struct StoryFault {
  DriveFault kind{};
  int64_t tick = 0;   // control period in which it begins
  int64_t ticks = 1;  // for so long
  double size = 0;    // seconds of a clock's jump or of a late answer; else 0 .. 1, to draw from
};

struct Story {
  uint64_t seed = 0;
  int64_t drive = 0;
  std::string robot, space;     // "so101", "ee"
  bool person = false;          // a person drives most of the time
  bool holds_measured = false;  // the driver's hold is the measured position, not the commanded one
  double lag_s = 0;             // of the arm behind its commands
  bool journal = false;
  bool sockets = false;  // by the wall clock, over a real link to a server in a process of its own
  bool ladder = false;   // a local policy stands behind the one at the end of the link
  run::LoopConfig config;
  int64_t attempts = 1;  // spans of the tape
  int64_t ticks = 0;     // of all attempts together
  std::vector<StoryFault> faults;

  const StoryFault* active(DriveFault kind, int64_t tick) const;
};

// Drive number `drive` in simulated time.
Story make_story(uint64_t seed, int64_t drive);
// Drive number `drive` over sockets, with so many faults.
Story make_socket_story(uint64_t seed, int64_t drive, int64_t count);
std::string tell(const Story& story);  // one line a fault

}  // namespace gyre::faults
