#include "gyre/run/safety_events.h"

#include <gtest/gtest.h>

#include <vector>

namespace gyre::run {
namespace {

class NoEvents : public EventSink {
 public:
  bool post(const Event&) noexcept override { return true; }
};

int64_t events_of(const std::vector<Reasons>& periods) {
  SafetyEvents events;
  NoEvents sink;
  for (const Reasons reasons : periods) {
    Step step;
    step.mode = Mode::kPolicy;
    step.reasons = reasons;
    events.after(step, sink);
  }
  return events.count();
}

TEST(SafetyEvents, AStretchOfUnsafeCommandsIsOne) {
  const Reasons out = Reasons(Reason::kWorkspace) | Reason::kVelocity;
  EXPECT_EQ(events_of({{}, out, Reason::kRange, {}, out, {}}), 2);
}

TEST(SafetyEvents, LimitsOfMotionAreNone) {
  EXPECT_EQ(events_of({Reason::kVelocity, Reason::kAcceleration, Reason::kJerk, Reason::kLate,
                       Reason::kSoftStart, Reason::kNudge}),
            0);
}

TEST(SafetyEvents, AStopIsOne) {
  SafetyEvents events;
  NoEvents sink;
  Step step;
  step.mode = Mode::kStopped;
  events.after(step, sink);
  events.after(step, sink);
  EXPECT_EQ(events.count(), 1);
}

}  // namespace
}  // namespace gyre::run
