#include "gyre/run/teleop_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

constexpr double kHeartbeat = 0.2;
constexpr int64_t kMs = 1'000'000;

struct Wheel {
  Wheel()
      : contract(small_arm(0.01)),
        tape(contract, Tape::WhenFull::kDrop),
        source(contract, clock, kHeartbeat, tape) {
    proposal.action.resize(contract.action.size());
  }
  bool drives() {
    tick.time_ns = clock.now_ns();
    return source.wants_control(tick);
  }
  const Proposal& propose() {
    source.propose(tick, proposal);
    return proposal;
  }
  bool paused() {
    Event event;
    return tape.take_event(event) &&
           std::get<event::Ordered>(event.body).order == event::Order::kPause;
  }
  Embodiment contract;
  SimulatedClock clock;
  Tape tape;  // takes the orders
  TeleopSource source;
  Tick tick;
  Proposal proposal;
};

TEST(TeleopSource, DrivesWhileTheHeartbeatIsYoung) {
  Wheel wheel;
  EXPECT_FALSE(wheel.drives());
  wheel.clock.set(1000 * kMs);
  EXPECT_TRUE(wheel.source.beat({}));
  wheel.clock.set(1200 * kMs);
  EXPECT_TRUE(wheel.drives());
  EXPECT_FALSE(wheel.paused());
  wheel.clock.set(1201 * kMs);
  EXPECT_FALSE(wheel.drives());
  EXPECT_TRUE(wheel.paused()) << "a person who is silent";
  EXPECT_FALSE(wheel.drives());
  EXPECT_FALSE(wheel.paused()) << "once";
  wheel.source.beat({});
  EXPECT_TRUE(wheel.drives());
  wheel.source.let_go();
  EXPECT_FALSE(wheel.drives());
  EXPECT_FALSE(wheel.paused()) << "it was given back";
}

TEST(TeleopSource, AClockThatWasPutBackEndsIt) {
  Wheel wheel;
  wheel.clock.set(5000 * kMs);
  wheel.source.beat({});
  wheel.clock.set(1000 * kMs);
  EXPECT_FALSE(wheel.drives());
}

TEST(TeleopSource, AnOldHeartbeatDoesNotGrowYoungByAClockThatIsPutBack) {
  Wheel wheel;
  wheel.clock.set(5000 * kMs);
  wheel.source.beat({});
  EXPECT_TRUE(wheel.drives());
  wheel.clock.set(8000 * kMs);
  EXPECT_FALSE(wheel.drives());
  wheel.clock.set(5100 * kMs);
  EXPECT_FALSE(wheel.drives());
  wheel.clock.set(5150 * kMs);
  EXPECT_FALSE(wheel.drives());
  wheel.source.beat({});
  EXPECT_TRUE(wheel.drives());
}

TEST(TeleopSource, DeltasAreDividedOverAnActionPeriod) {
  Wheel wheel;
  wheel.source.beat({});
  ASSERT_TRUE(wheel.drives());
  EXPECT_FALSE(wheel.propose().valid) << "no action: the loop holds";
  const float action[] = {0.5F, 0.2F};
  EXPECT_TRUE(wheel.source.beat(action));
  ASSERT_TRUE(wheel.drives());
  ASSERT_TRUE(wheel.propose().valid);
  EXPECT_FLOAT_EQ(wheel.proposal.action[0], 0.5F);
  EXPECT_FLOAT_EQ(wheel.proposal.action[1], 0.02F);
}

TEST(TeleopSource, RefusesWhatIsNoAction) {
  Wheel wheel;
  const float bad[] = {0.5F, kNoNumber};
  EXPECT_FALSE(wheel.source.beat(bad));
  EXPECT_FALSE(wheel.source.beat(std::span(bad).first(1)));
  EXPECT_FALSE(wheel.drives());
}

TEST(TeleopSource, ASilentPersonLeavesTheRobotPaused) {
  Rig rig({.shadow = false}, small_arm(0.01));
  rig.begin();
  TeleopSource source(rig.contract, rig.clock(), kHeartbeat, *rig.tape);
  rig.loop->add_source(source);
  const float action[] = {-0.5F, 0};
  source.beat(action);  // at time 0: 20 periods and the first
  rig.run(60);
  const std::vector<Step> steps = rig.end().steps();
  for (const Step& step : steps) {
    EXPECT_EQ(step.mode == Mode::kHuman, step.index <= 20) << step.index;
    EXPECT_EQ(step.source == Source::kHuman, step.index <= 20) << step.index;
    EXPECT_EQ(step.mode == Mode::kPaused, step.index > 21) << step.index;
  }
}

TEST(TeleopSource, PositionsWithRatesMoveOnUntilTheNextHeartbeatAndThenHold) {
  Wheel wheel;
  for (Field& field : wheel.contract.action) field.kind = FieldKind::kPosition;
  TeleopSource leader(wheel.contract, wheel.clock, kHeartbeat, wheel.tape);
  const size_t width = wheel.contract.action.size();
  std::vector<float> at(width, 0.01F), rates(width, 0.5F);
  wheel.clock.set(1000 * kMs);
  EXPECT_TRUE(leader.beat(at, rates));
  const auto after = [&](int64_t ms) {
    wheel.tick.time_ns = (1000 + ms) * kMs;
    EXPECT_TRUE(leader.wants_control(wheel.tick));
    leader.propose(wheel.tick, wheel.proposal);
    return wheel.proposal.action[0];
  };
  EXPECT_NEAR(after(0), 0.01, 1e-6);
  EXPECT_NEAR(after(4), 0.012, 1e-6);
  EXPECT_NEAR(after(15), 0.0175, 1e-6);
  EXPECT_NEAR(after(100), 0.0175, 1e-6);
  EXPECT_TRUE(leader.beat(at));  // without rates
  EXPECT_NEAR(after(104), 0.01, 1e-6);
}

TEST(TeleopSource, RatesOfAnotherWidthOrNotFiniteAreNoHeartbeat) {
  Wheel wheel;
  const size_t width = wheel.contract.action.size();
  const std::vector<float> at(width, 0), wrong(width + 1, 0), odd(width, NAN);
  EXPECT_FALSE(wheel.source.beat(at, wrong));
  EXPECT_FALSE(wheel.source.beat(at, odd));
}

}  // namespace
}  // namespace gyre::run
