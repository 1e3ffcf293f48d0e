#pragma once

#include "gyre/core/frame.h"
#include "gyre/core/goal.h"
#include "gyre/core/step.h"

namespace gyre::run {

// The situation of one control period, as every source and monitor sees it.
struct Tick {
  int64_t tick = 0;   // over the whole tape
  int64_t index = 0;  // within the episode
  int64_t time_ns = 0;
  bool action_start = true;  // the first control period of an action period
  const Frame* frame = nullptr;
  const Goal* goal = nullptr;
  Mode mode = Mode::kFallback;
};

// Somebody who proposes commands: the policy, a person with a device, a scripted expert. All are
// asked in each control period; the arbiter chooses whose proposal goes to the robot.
class CommandSource {
 public:
  virtual ~CommandSource() = default;
  virtual Source source() const noexcept = 0;
  // Asks to drive. A source that takes over by heartbeat says so in each period, and has let go as
  // soon as it falls silent. The policy never asks: it drives when nobody else does.
  virtual bool wants_control(const Tick& tick) noexcept = 0;
  // Fills `proposal` for this control period, or leaves it invalid. `proposal.action` has [D]
  // entries; nothing is allocated where the source is to run in real time.
  virtual void propose(const Tick& tick, Proposal& proposal) noexcept = 0;
  // The source got control in this period, or lost it.
  virtual void control_changed(bool driving) noexcept { static_cast<void>(driving); }
};

}  // namespace gyre::run
