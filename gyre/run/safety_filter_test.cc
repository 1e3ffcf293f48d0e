#include "gyre/run/safety_filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gyre/core/error.h"
#include "tests/safety/filter_property.h"

namespace gyre::run {
namespace {

constexpr float kNotANumber = std::numeric_limits<float>::quiet_NaN();
constexpr double kPeriod = 0.1;

constexpr Reasons of(Reason reason) { return reason; }

Embodiment with_fields(std::vector<Field> fields) {
  Embodiment e;
  e.name = "fake/joint";
  e.action = std::move(fields);
  e.workspace = {{-1, -1, -1}, {1, 1, 1}};
  return e;
}

Field joint(double velocity, double acceleration = 0, double jerk = 0) {
  return {.name = "joint",
          .unit = "rad",
          .min = -1,
          .max = 1,
          .max_velocity = velocity,
          .max_acceleration = acceleration,
          .max_jerk = jerk};
}

const Field kDeltaField = {
    .name = "delta", .unit = "m", .kind = FieldKind::kDelta, .min = -1, .max = 1};

// Applies one action of one field and returns what is sent.
float send(SafetyFilter& filter, float wanted, Reasons* reasons = nullptr, float hold = 0) {
  std::vector<float> action = {wanted};
  const Reasons why = filter.apply(std::vector<float>{hold}, action);
  if (reasons != nullptr) *reasons = why;
  return action[0];
}

TEST(SafetyFilter, RepairsEachFieldAndSaysWhy) {
  SafetyFilter filter(with_fields({joint(5), kDeltaField}), kPeriod);
  const std::vector<float> hold = {0.25F, 0};
  ASSERT_TRUE(filter.reset(hold));
  std::vector<float> action = {kNotANumber, 3};
  EXPECT_EQ(filter.apply(hold, action), of(Reason::kNonFinite) | of(Reason::kRange));
  EXPECT_EQ(filter.changed(), 0b11U);
  EXPECT_EQ(action, (std::vector<float>{0.25F, 1}));
  action = {0.9F, 0};
  EXPECT_EQ(filter.apply(hold, action), of(Reason::kVelocity));
  EXPECT_EQ(filter.changed(), 0b01U);
  EXPECT_FLOAT_EQ(action[0], 0.75F) << "5 rad/s for 0.1 s from 0.25";
  action = {0.9F, 0};
  EXPECT_EQ(filter.apply(hold, action), Reasons()) << "measured from what was sent last";
  EXPECT_EQ(filter.changed(), 0U);
  EXPECT_EQ(reasons_text(of(Reason::kRange) | of(Reason::kJerk)), "range, jerk");
}

TEST(SafetyFilter, AnActionOfAnotherWidthBecomesTheHold) {
  SafetyFilter filter(with_fields({joint(5), kDeltaField}), kPeriod);
  const std::vector<float> hold = {0.25F, 0};
  ASSERT_TRUE(filter.reset(hold));
  std::vector<float> action = {1};
  EXPECT_EQ(filter.apply(hold, action), of(Reason::kWidth));
  EXPECT_EQ(std::vector<float>(filter.sent().begin(), filter.sent().end()), hold);
  EXPECT_EQ(action[0], hold[0]);
}

TEST(SafetyFilter, NoVelocityLimitLeadsOutOfTheRange) {
  SafetyFilter filter(with_fields({joint(5)}), kPeriod);
  ASSERT_TRUE(filter.reset(std::vector<float>{2}));
  Reasons reasons;
  EXPECT_FLOAT_EQ(send(filter, 3, &reasons), 1.5F) << "comes back at 5 rad/s, whatever is asked";
  EXPECT_EQ(reasons, of(Reason::kRange) | of(Reason::kVelocity));
  for (const float wanted : {3.F, 1.5F, -0.9F, 1.5F, 9.F}) {
    EXPECT_LE(send(filter, wanted), 1) << "1.5 rad of a range of 1 rad";
  }
}

TEST(SafetyFilter, AnUnusableHoldBrakesAndIsReported) {
  for (const float bad : {kNotANumber, std::numeric_limits<float>::infinity()}) {
    SafetyFilter filter(with_fields({joint(5, 20)}), kPeriod);
    ASSERT_TRUE(filter.reset(std::vector<float>{0}));
    EXPECT_FLOAT_EQ(send(filter, 0.2F), 0.2F);
    EXPECT_FLOAT_EQ(send(filter, 0.5F), 0.5F);
    Reasons reasons;
    EXPECT_FLOAT_EQ(send(filter, kNotANumber, &reasons, bad), 0.6F) << "20 rad/s^2 from 3 rad/s";
    EXPECT_TRUE(reasons.has(Reason::kHoldNonFinite));
    EXPECT_FLOAT_EQ(send(filter, 0.5F, &reasons, bad), 0.6F) << "the action counts no more";
    EXPECT_EQ(send(filter, 0.9F, &reasons, bad), filter.sent()[0]);
    EXPECT_FLOAT_EQ(filter.sent()[0], 0.6F);
  }
  SafetyFilter rates(with_fields({kDeltaField}), kPeriod);
  ASSERT_TRUE(rates.reset(std::vector<float>{0}));
  EXPECT_EQ(send(rates, 0.5F), 0.5F);
  EXPECT_EQ(send(rates, 0.5F, nullptr, kNotANumber), 0) << "a repeated delta would move on";
  SafetyFilter fresh(with_fields({joint(5)}), kPeriod);
  Reasons reasons;
  EXPECT_EQ(send(fresh, kNotANumber, &reasons, kNotANumber), 0);
  EXPECT_EQ(reasons, of(Reason::kHoldNonFinite));
  EXPECT_FALSE(fresh.reset(std::vector<float>{kNotANumber}));
}

TEST(SafetyFilter, AHoldInMotionBrakesWithinTheLimits) {
  SafetyFilter filter(with_fields({joint(5, 20)}), kPeriod);
  ASSERT_TRUE(filter.reset(std::vector<float>{0}));
  send(filter, 0.2F);
  send(filter, 0.4F);
  Reasons reasons;
  EXPECT_EQ(send(filter, 0.4F, &reasons), 0.4F) << "2 rad/s is gone in a period";
  EXPECT_EQ(reasons, Reasons());
  send(filter, 0.2F);
  send(filter, -0.2F);
  EXPECT_FLOAT_EQ(send(filter, -0.2F, &reasons), -0.4F);
  EXPECT_EQ(reasons, of(Reason::kAcceleration));
}

TEST(SafetyFilter, MotionWithinTheLimitsKeepsItsBits) {
  for (const double period : {0.001, 0.02, 0.1}) {
    SafetyFilter filter(with_fields({joint(2, 15, 200)}), period);
    ASSERT_TRUE(filter.reset(std::vector<float>{0}));
    for (double t = period; t < 6; t += period) {
      // Amplitude 0.4 about 0.4; velocity 0.8, acceleration 1.6, jerk 3.2. Smooth from the start.
      const double begun =
          std::min(1., t * t * t * (10 - 15 * t + 6 * t * t) * (t < 1 ? 1 : 0) + (t < 1 ? 0 : 1));
      const auto wanted = static_cast<float>(begun * 0.4 * (1 - std::cos(2 * t)));
      Reasons reasons;
      ASSERT_EQ(send(filter, wanted, &reasons), wanted) << t;
      ASSERT_EQ(reasons, Reasons()) << t;
    }
  }
}

TEST(SafetyFilter, AJumpIsReachedWithoutSwinging) {
  for (const double period : {0.001, 0.01, 0.1}) {
    SafetyFilter filter(with_fields({joint(2.175, 15, 1000)}), period);
    ASSERT_TRUE(filter.reset(std::vector<float>{-0.5F}));
    double most = -1;
    for (double t = 0; t < 2; t += period) most = std::max<double>(most, send(filter, 0.4F));
    EXPECT_EQ(filter.sent()[0], 0.4F);
    EXPECT_LE(most, 0.4 + 3 * 15 * period * period) << "what a last full step may bring";
  }
}

TEST(SafetyFilter, CatchesUpWithAMovingRequest) {
  SafetyFilter filter(with_fields({joint(2, 15, 1000)}), 0.01);
  ASSERT_TRUE(filter.reset(std::vector<float>{-1}));
  float wanted = -0.8F;  // a jump, then 1 rad/s
  for (int i = 0; i < 100; ++i, wanted += 0.01F) {
    Reasons reasons;
    const float sent = send(filter, wanted, &reasons);
    EXPECT_LE(sent, wanted + 0.015F) << "hardly passes it";
    if (i < 50) continue;
    EXPECT_EQ(sent, wanted);
    EXPECT_EQ(reasons, Reasons());
  }
}

TEST(SafetyFilter, AGripperIsHeldToItsRangeOnly) {
  SafetyFilter filter(with_fields({{.name = "gripper",
                                    .unit = "1",
                                    .min = 0,
                                    .max = 1,
                                    .max_velocity = 0.1,
                                    .max_acceleration = 0.1,
                                    .gripper = true}}),
                      kPeriod);
  ASSERT_TRUE(filter.reset(std::vector<float>{0}));
  Reasons reasons;
  EXPECT_EQ(send(filter, 1, &reasons), 1);
  EXPECT_EQ(reasons, Reasons());
  EXPECT_EQ(send(filter, -1, &reasons), 0);
  EXPECT_EQ(reasons, of(Reason::kRange));
}

// A carriage: the frame is at (joint, 0, 0).
class Carriage : public WorkspaceCheck {
 public:
  bool position(std::span<const float> joints, double out[3]) noexcept override {
    out[0] = joints[0];
    out[1] = out[2] = 0;
    return knows;
  }
  bool knows = true;
};

TEST(SafetyFilter, TheBoxIsKeptWithRoomToBrake) {
  for (const double period : {0.005, 0.1}) {
    Embodiment e = with_fields({joint(5, 20, 500)});
    e.workspace.max[0] = 0.5;
    Carriage carriage;
    SafetyFilter filter(e, period, &carriage);
    ASSERT_TRUE(filter.reset(std::vector<float>{-0.5F}));
    Reasons all;
    for (double t = 0; t < 3; t += period) {
      Reasons reasons;
      EXPECT_LE(send(filter, 0.9F, &reasons), 0.5 + SafetyFilter::kBoxSlack);
      all |= reasons;
    }
    EXPECT_TRUE(all.has(Reason::kWorkspace));
    EXPECT_GT(filter.sent()[0], 0.45F) << "comes near the wall";
    for (double t = 0; t < 3; t += period) send(filter, -0.5F);
    EXPECT_EQ(filter.sent()[0], -0.5F) << "and away from it again";
  }
}

TEST(SafetyFilter, TheHandKeepsItsDirectionWhereOneJointIsSlow) {
  SafetyFilter filter(with_fields({joint(2, 5), joint(2, 50)}), kPeriod);
  ASSERT_TRUE(filter.reset(std::vector<float>{0, 0}));
  std::vector<float> at = {0, 0};
  for (int t = 0; t < 20; ++t) {
    std::vector<float> action = {0.4F, 0.2F};
    filter.apply(at, action);
    EXPECT_NEAR(action[0], 2 * action[1], 1e-6) << t;
    at = action;
  }
  EXPECT_NEAR(at[0], 0.4, 1e-6);
}

TEST(SafetyFilter, OutsideTheBoxOnlyTheWayBackIsOpen) {
  Embodiment e = with_fields({joint(1)});
  e.workspace.max[0] = 0.5;
  Carriage carriage;
  SafetyFilter filter(e, kPeriod, &carriage);
  ASSERT_TRUE(filter.reset(std::vector<float>{0.8F}));
  EXPECT_EQ(send(filter, 1), 0.8F);
  EXPECT_FLOAT_EQ(send(filter, -1), 0.7F) << "at 1 rad/s";
  EXPECT_FLOAT_EQ(send(filter, 1), 0.7F);
  carriage.knows = false;
  Reasons reasons;
  EXPECT_FLOAT_EQ(send(filter, 0, &reasons), 0.7F) << "no kinematics, no motion";
  EXPECT_EQ(reasons, of(Reason::kVelocity) | of(Reason::kWorkspace));
}

TEST(SafetyFilter, RefusesLimitsThatContradictThemselves) {
  const auto refuses = [](const Field& field, double period_s = kPeriod) {
    EXPECT_THROW(SafetyFilter(with_fields({field}), period_s), Error);
  };
  const double inf = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), -1.0, inf}) {
    refuses(joint(bad));
    refuses(joint(1, bad));
    refuses(joint(1, 1, bad));
    refuses(joint(1), bad);
  }
  refuses(joint(1), 0);
  for (const auto& [min, max] : {std::pair{1., 1.},
                                 {1., -1.},
                                 {std::nan(""), 1.},
                                 {-inf, 1.},
                                 {1., 1 + 1e-12},
                                 {-1e300, 1e300}}) {
    Field field = joint(1);
    field.min = min;
    field.max = max;
    refuses(field);
  }
  refuses(joint(2.1, 1));       // 2.1^2 / 2 = 2.2 rad to brake, in 2 rad
  refuses(joint(2, 0, 1));      // 2 sqrt(2 / 1) = 2.8 rad
  refuses(joint(1.9, 1, 1));    // 1.9 (1.9 + 1) / 2 = 2.8 rad
  refuses(joint(1, 1, 1e-20));  // nothing moves
  EXPECT_NO_THROW(SafetyFilter(with_fields({joint(1.9, 1)}), kPeriod));
  EXPECT_NO_THROW(SafetyFilter(with_fields({joint(2.175, 15, 7500)}), kPeriod));
  Field delta = kDeltaField;
  delta.min = 0.1;
  refuses(delta);
  EXPECT_THROW(SafetyFilter(with_fields(std::vector<Field>(65, joint(1))), kPeriod), Error);
  EXPECT_THROW(SafetyFilter(with_fields({}), kPeriod), Error);

  Carriage carriage;
  EXPECT_THROW(SafetyFilter(with_fields({kDeltaField}), kPeriod, &carriage), Error);
  Embodiment e = with_fields({joint(1)});
  e.workspace.max[2] = -1;
  EXPECT_THROW(SafetyFilter(e, kPeriod, &carriage), Error);
  EXPECT_NO_THROW(SafetyFilter(e, kPeriod));
}

TEST(SafetyFilter, NoSequenceLeadsOutsideAnyLimit) {
  const PropertyResult result = check_filter(20'000, 7);
  EXPECT_EQ(result.outside, 0) << result.first_fault;
  EXPECT_EQ(result.unfaithful, 0) << result.first_fault;
  EXPECT_GT(result.passed, 0);
  for (size_t i = 0; i < result.limits.size(); ++i) {
    EXPECT_GE(result.limits[i].share(), 0.05) << kLimitNames[i];
  }
}

}  // namespace
}  // namespace gyre::run
