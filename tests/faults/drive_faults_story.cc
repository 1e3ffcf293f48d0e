#include "tests/faults/drive_faults_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gyre/core/rng.h"

namespace gyre::faults {
namespace {

// clang-format off
constexpr std::array<std::string_view, kDriveFaults> kNames = {
    "late answers", "answers out of order", "duplicated answers", "lost answers",
    "old generation", "NaN", "infinite", "huge", "wrong width", "wrong horizon", "empty chunk",
    "no goal", "failed inference", "server gone", "policy swap", "stale state",
    "state not finite", "robot fault", "clock forward", "clock backward", "host stall",
    "full disk", "frozen camera", "vanished camera", "operator gone", "operator's nonsense",
    "take-over", "pause", "stop", "new goal", "link cut", "link stalled", "link half open",
    "link corrupt", "link slow", "server killed"};
// clang-format on

constexpr double kQuietS = 9;  // at the end: every cause is gone, and driving must have resumed

constexpr int kSimulatedFaults = static_cast<int>(DriveFault::kLinkCut);

int64_t ticks_of(double seconds) { return std::llround(seconds / kControlPeriodS); }

double jump_s(Rng& rng) { return 0.02 * std::pow(2000.0, rng.uniform()); }  // 20 ms .. 40 s

StoryFault draw_fault(Rng& rng, const Story& story, int64_t tick) {
  StoryFault fault{.tick = tick};
  do {
    fault.kind = static_cast<DriveFault>(rng.below(kSimulatedFaults));
  } while (
      (fault.kind == DriveFault::kFullDisk && !story.journal) ||
      ((fault.kind == DriveFault::kOperatorGone || fault.kind == DriveFault::kOperatorNonsense) &&
       !story.person));
  fault.ticks = ticks_of(rng.uniform(0.05, rng.chance(0.2) ? 5 : 1.5));
  fault.size = rng.uniform();
  switch (fault.kind) {
    case DriveFault::kClockForward:
    case DriveFault::kClockBackward:
      fault.size = jump_s(rng);
      fault.ticks = 1;
      break;
    case DriveFault::kHostStall:
      fault.size = 0.005 * std::pow(200.0, rng.uniform());  // 5 ms .. 1 s
      fault.ticks = 1;
      break;
    case DriveFault::kLate:
      fault.size = 0.3 * std::pow(25.0, rng.uniform());  // 0.3 .. 7.5 s
      break;
    case DriveFault::kPolicySwap:
    case DriveFault::kNewGoal:
    case DriveFault::kStop:
      fault.ticks = 1;
      break;
    default:
      break;
  }
  return fault;
}

// Everything but the faults.
void draw_set_up(Rng& rng, Story& story) {
  story.robot = rng.chance(0.5) ? "so101" : "panda";
  story.space = rng.chance(0.5) ? "ee" : "joint";
  story.person = story.drive % 4 == 3;
  story.holds_measured = rng.chance(0.5);
  story.lag_s = rng.chance(0.5) ? 0 : rng.uniform(0.005, 0.05);
  story.journal = rng.chance(0.1);
  constexpr std::array<const char*, 5> kMethods = {"naive", "wait", "ensemble", "aligned", "draws"};
  story.config.method = kMethods[static_cast<size_t>(rng.below(kMethods.size()))];
  story.config.execute = static_cast<int>(1 + rng.below(8));
  story.config.in_flight = static_cast<int>(1 + rng.below(6));
  story.config.max_age_s = rng.uniform(1, 4);
  story.config.shadow = rng.chance(0.5);
  story.config.real_time = true;
  story.config.fresh_s = rng.uniform(0.3, 1.5);
  story.config.hold_limit_s = rng.chance(0.5) ? 30 : rng.uniform(2, 6);
  story.ladder = rng.chance(0.3);
  story.attempts = 1 + static_cast<int64_t>(rng.chance(0.3));
}

// The last fault is followed by calm, in which driving must resume.
void end_story(Story& story) {
  int64_t last = 0;
  for (const StoryFault& fault : story.faults) last = std::max(last, fault.tick + fault.ticks);
  story.ticks = last + ticks_of(kQuietS + story.config.max_age_s + story.config.fresh_s);
}

}  // namespace

std::string_view fault_name(DriveFault fault) { return kNames[static_cast<size_t>(fault)]; }

const StoryFault* Story::active(DriveFault kind, int64_t tick) const {
  for (const StoryFault& fault : faults) {
    if (fault.kind == kind && tick >= fault.tick && tick < fault.tick + fault.ticks) return &fault;
  }
  return nullptr;
}

Story make_story(uint64_t seed, int64_t drive) {
  Rng rng = Rng::stream(seed, "drive " + std::to_string(drive));
  Story story{.seed = seed, .drive = drive};
  draw_set_up(rng, story);
  // One fault after another in some drives, on top of each other in the rest.
  const bool apart = rng.chance(0.25);
  const int64_t count = apart ? 2 + rng.below(3) : 6 + rng.below(14);
  double at = rng.uniform(0, 2);
  for (int64_t i = 0; i < count; ++i) {
    story.faults.push_back(draw_fault(rng, story, ticks_of(at)));
    at += apart ? rng.uniform(5, 9) : rng.uniform(0, 1.2);
  }
  end_story(story);
  return story;
}

Story make_socket_story(uint64_t seed, int64_t drive, int64_t count) {
  Rng rng = Rng::stream(seed, "socket drive " + std::to_string(drive));
  Story story{.seed = seed, .drive = drive};
  draw_set_up(rng, story);
  story.sockets = true;
  story.journal = story.ladder = false;
  constexpr std::array kBeside = {DriveFault::kStaleState, DriveFault::kFrozenCamera,
                                  DriveFault::kTakeOver,   DriveFault::kPause,
                                  DriveFault::kNewGoal,    DriveFault::kStop};
  double at = rng.uniform(1, 2);
  for (int64_t i = 0; i < count; ++i) {
    StoryFault fault{.tick = ticks_of(at), .ticks = ticks_of(rng.uniform(0.03, 0.4))};
    fault.kind =
        static_cast<DriveFault>(kSimulatedFaults + rng.below(kDriveFaults - kSimulatedFaults));
    if (rng.chance(0.1)) fault.kind = kBeside[static_cast<size_t>(rng.below(kBeside.size()))];
    fault.size = rng.uniform();
    if (rng.chance(0.05)) fault.ticks = ticks_of(rng.uniform(1, 3));
    story.faults.push_back(fault);
    at += rng.uniform(0, 0.9);
  }
  end_story(story);
  return story;
}

std::string tell(const Story& story) {
  std::string text = fmt::format(
      "{}/{}, {}, method {}, execute {}, in flight {}, max age {:.2f} s, hold {}, lag {:.0f} ms, "
      "fresh {:.2f} s, hold limit {:.1f} s,{} {} attempts, {} ticks\n",
      story.robot, story.space, story.person ? "a person drives" : "the policy drives",
      story.config.method, story.config.execute, story.config.in_flight, story.config.max_age_s,
      story.holds_measured ? "measured" : "commanded", story.lag_s * 1e3, story.config.fresh_s,
      story.config.hold_limit_s, story.ladder ? " ladder," : "", story.attempts, story.ticks);
  for (const StoryFault& fault : story.faults) {
    text += fmt::format("  tick {:>5} for {:>4}: {} ({:.3f})\n", fault.tick, fault.ticks,
                        fault_name(fault.kind), fault.size);
  }
  return text;
}

}  // namespace gyre::faults
