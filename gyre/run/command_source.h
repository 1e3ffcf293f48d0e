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
  int64_t period = 0;        // action period within the episode
  bool action_start = true;  // the first control period of an action period
  const Frame* frame = nullptr;
  const Goal* goal = nullptr;
  Mode mode = Mode::kFallback;
};

// A person with a device, a scripted expert: anybody beside the policy who proposes commands. All
// are asked in each control period; the arbiter chooses whose proposal goes to the robot.
class CommandSource {
 public:
  virtual ~CommandSource() = default;
  virtual Source source() const noexcept = 0;
  // Asks to drive, in each period anew: a source that falls silent has let go.
  virtual bool wants_control(const Tick& tick) noexcept = 0;
  // Fills `proposal` for this control period, or leaves it invalid. `proposal.action` has [D]
  // entries; nothing is allocated where the source is to run in real time. Asked only while it
  // drives.
  virtual void propose(const Tick& tick, Proposal& proposal) noexcept = 0;
};

}  // namespace gyre::run
