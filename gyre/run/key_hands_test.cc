#include "gyre/run/key_hands.h"

#include <gtest/gtest.h>

namespace gyre::run {
namespace {

constexpr int64_t kMillisecond = 1'000'000;

class KeyHandsTest : public testing::Test {
 protected:
  KeyHandsTest() { clock_.set(1'000 * kMillisecond); }
  void pass(int64_t ms) { clock_.set(clock_.now_ns() + ms * kMillisecond); }
  HandInput now() {
    HandInput input;
    EXPECT_TRUE(hands_.read(input));
    return input;
  }
  SimulatedClock clock_;
  KeyHands hands_{clock_};
};

TEST_F(KeyHandsTest, APressIsOneBoundedStep) {
  EXPECT_FALSE(now().held);
  EXPECT_TRUE(hands_.press('w'));
  EXPECT_TRUE(now().held);
  EXPECT_DOUBLE_EQ(now().left_y, 0.5);
  pass(99);
  EXPECT_TRUE(now().held);
  pass(1);
  EXPECT_EQ(now(), HandInput());
}

TEST_F(KeyHandsTest, AHeldKeyDrivesFromItsSecondRepeatOn) {
  hands_.press('d');
  pass(500);  // the system waits before it repeats
  hands_.press('d');
  pass(33);
  hands_.press('d');
  EXPECT_DOUBLE_EQ(now().left_x, 0.5);  // the first repeat
  pass(33);
  hands_.press('d');
  EXPECT_DOUBLE_EQ(now().left_x, 1);
  for (int i = 0; i < 30; ++i) {
    pass(33);
    EXPECT_TRUE(now().held);
    hands_.press('d');
  }
  pass(120);
  EXPECT_FALSE(now().held);
}

TEST_F(KeyHandsTest, AnotherKeyBeginsAnew) {
  for (int i = 0; i < 4; ++i) {
    hands_.press('r');
    pass(30);
  }
  EXPECT_DOUBLE_EQ(now().right_y, 1);
  hands_.press('c');
  EXPECT_DOUBLE_EQ(now().right_y, 0);
  EXPECT_DOUBLE_EQ(now().gripper, -0.5);
}

TEST_F(KeyHandsTest, OtherKeysMoveNothingAndLettingGoEndsAStep) {
  EXPECT_FALSE(hands_.press('q'));
  EXPECT_FALSE(hands_.press(' '));
  EXPECT_FALSE(now().held);
  hands_.press('i');
  hands_.let_go();
  EXPECT_FALSE(now().held);
}

}  // namespace
}  // namespace gyre::run
