#include "gyre/run/leader_pilot.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/robot/testing.h"
#include "gyre/run/testing.h"

namespace gyre::run {
namespace {

using Joints = std::array<float, 6>;
constexpr Joints kPose = {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.25F};

struct PlayedLeader : LeaderArm {
  std::string name() const override { return "played leader"; }
  double period_s() const override { return 0.005; }
  RobotStatus read(std::span<float> joints) noexcept override {
    std::ranges::copy(at, joints.begin());
    return status;
  }
  Joints at = kPose;
  RobotStatus status = RobotStatus::kOk;
};

// Drives from the first beat on, until somebody holds it.
struct FollowingOperator : Operator {
  void order(event::Order, std::string_view) override {}
  void judge(event::Outcome, std::string_view, std::string_view) override {}
  bool say(const std::string&, std::string_view) override { return true; }
  bool beat(std::span<const float> action) override {
    beats.emplace_back(action.begin(), action.end());
    now.mode = action.empty() ? Mode::kPaused : Mode::kHuman;
    if (!action.empty()) now.sent.assign(action.begin(), action.end());
    return true;
  }
  void let_go() override {}
  LoopStatus status() const override { return now; }
  LoopStatus now{.tick = 1, .mode = Mode::kFallback, .sent = {kPose.begin(), kPose.end()}};
  std::vector<std::vector<float>> beats;
};

class LeaderPilotTest : public testing::Test {
 protected:
  explicit LeaderPilotTest(const char* contract = "so101/joint") {
    auto arm = std::make_unique<PlayedLeader>();
    leader_ = arm.get();
    const auto folder = RobotFolder::load("so101");
    pilot_ =
        std::make_unique<LeaderPilot>(std::move(arm), folder, find_embodiment(contract), robot_,
                                      [this](const std::string& line) { notes_.push_back(line); });
    pilot_->engage(true);
  }
  void turn(int times = 1) {
    for (int i = 0; i < times; ++i) pilot_->turn();
  }
  PlayedLeader* leader_ = nullptr;
  FollowingOperator robot_;
  std::vector<std::string> notes_;
  std::unique_ptr<LeaderPilot> pilot_;
};

TEST_F(LeaderPilotTest, TheRobotKeepsItsPoseUntilEachJointIsNear) {
  leader_->at[2] += 0.5F;
  turn(3);
  EXPECT_TRUE(robot_.beats.empty());
  EXPECT_EQ(pilot_->words(), "leader: elbow_flex is 0.50 away");
  leader_->at[2] = kPose[2] + 0.05F;
  leader_->at[5] += 0.3F;
  turn();
  EXPECT_EQ(pilot_->words(), "leader: gripper is 0.30 away");
  leader_->at[5] = kPose[5];
  turn();
  EXPECT_EQ(robot_.beats.size(), 1U);
  EXPECT_EQ(pilot_->words(), "leader: followed");
}

TEST_F(LeaderPilotTest, TakesOverWithoutAJumpAndThenFollowsExactly) {
  leader_->at[2] += 0.09F;
  turn();
  ASSERT_EQ(robot_.beats.size(), 1U);
  float last = kPose[2], most = 0;
  for (int i = 0; i < 250; ++i) {
    turn();
    most = std::max(most, std::abs(robot_.beats.back()[2] - last));
    last = robot_.beats.back()[2];
  }
  EXPECT_LT(most, 0.001F);  // 0.09 rad over one second
  leader_->at[2] = 0.8F;    // however fast the hand: the safety filter bounds the robot
  turn();
  EXPECT_FLOAT_EQ(robot_.beats.back()[2], 0.8F);
}

TEST_F(LeaderPilotTest, LetsGoWhenTheLeaderIsLostAndWaitsForItsReturn) {
  turn(2);
  leader_->status = RobotStatus::kFault;
  turn(3);
  ASSERT_EQ(robot_.beats.size(), 3U);
  EXPECT_TRUE(robot_.beats.back().empty());  // held still at once, then silence
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_EQ(pilot_->words(), "leader: lost");
  leader_->status = RobotStatus::kOk;
  leader_->at[0] += 1;  // it was moved meanwhile
  turn(3);
  EXPECT_EQ(robot_.beats.size(), 3U);
  EXPECT_EQ(notes_.size(), 2U);
  leader_->at[0] -= 1;
  turn();
  EXPECT_EQ(robot_.beats.size(), 4U);
}

TEST_F(LeaderPilotTest, AnAnswerThatIsMissingIsNoBeat) {
  turn();
  leader_->status = RobotStatus::kStale;
  turn(5);
  EXPECT_EQ(robot_.beats.size(), 1U);
}

TEST_F(LeaderPilotTest, AStopDisengagesItForGood) {
  turn(2);
  robot_.now.mode = Mode::kStopped;
  turn(2);
  EXPECT_FALSE(pilot_->engaged());
  robot_.now.mode = Mode::kPaused;  // a person has cleared the stop
  turn(3);
  EXPECT_EQ(robot_.beats.size(), 3U);
  EXPECT_TRUE(robot_.beats.back().empty());
  pilot_->engage(true);
  turn();
  EXPECT_EQ(robot_.beats.size(), 4U);
}

TEST_F(LeaderPilotTest, TakesNoRobotFromAPolicyOrAPerson) {
  for (const Mode mode : {Mode::kPolicy, Mode::kHuman, Mode::kStopped}) {
    robot_.now.mode = mode;
    pilot_->engage(true);
    turn(2);
    EXPECT_TRUE(robot_.beats.empty());
  }
}

TEST_F(LeaderPilotTest, WaitsAgainForARobotThatWasPutElsewhere) {
  pilot_->robot_restarts();
  turn(2);
  ++robot_.now.episode;
  turn();
  robot_.now.sent[0] += 1;  // the new episode's start pose
  ++robot_.now.tick;
  turn();
  EXPECT_TRUE(robot_.beats.back().empty());
}

TEST_F(LeaderPilotTest, StaysInTheContractsRanges) {
  turn();
  leader_->at[0] = 3;
  turn(300);
  EXPECT_FLOAT_EQ(robot_.beats.back()[0],
                  static_cast<float>(find_embodiment("so101/joint").action[0].max));
}

// The robot's own `ee` contract, by forward kinematics.
class LeaderPilotOfTheHand : public LeaderPilotTest {
 protected:
  LeaderPilotOfTheHand()
      : LeaderPilotTest("so101/ee"),
        hand_(std::make_unique<PerfectJoints>(find_embodiment("so101/joint"),
                                              std::vector<float>(kHome.begin(), kHome.end())),
              RobotFolder::load("so101")) {
    leader_->at = kHome;
    look();
    robot_.now.sent.assign(7, 0.0F);
    robot_.now.sent.back() = kHome.back();
  }
  void look() {
    RobotState state;
    state.values.resize(10);
    hand_.read(state);
    robot_.now.state = state.values;
  }
  // One action period: the robot carries the newest action out.
  void act() {
    turn();
    if (robot_.beats.empty() || robot_.beats.back().empty()) return;
    write_command(hand_, robot_.beats.back());
    look();
  }
  static constexpr Joints kHome = {0, -0.3F, 0.6F, 0.9F, 0, 0.5F};
  CartesianRobot hand_;
};

TEST_F(LeaderPilotOfTheHand, ComesWhereTheLeadersHandIs) {
  act();
  ASSERT_EQ(robot_.beats.size(), 1U);
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(robot_.beats[0][i], 0, 1e-3) << i;
  for (int i = 0; i < 100; ++i) {
    leader_->at[0] = 0.004F * static_cast<float>(i);
    leader_->at[1] = -0.3F + 0.002F * static_cast<float>(i);
    act();
  }
  for (int i = 0; i < 200; ++i) act();
  CartesianRobot there(
      std::make_unique<PerfectJoints>(find_embodiment("so101/joint"),
                                      std::vector<float>(leader_->at.begin(), leader_->at.end())),
      RobotFolder::load("so101"));
  RobotState wanted;
  wanted.values.resize(10);
  there.read(wanted);
  for (size_t i = 0; i < 10; ++i) EXPECT_NEAR(robot_.now.state[i], wanted.values[i], 5e-3) << i;
}

TEST_F(LeaderPilotOfTheHand, WaitsForAHandThatIsFar) {
  leader_->at[0] = 0.6F;
  act();
  EXPECT_TRUE(robot_.beats.empty());
  EXPECT_EQ(pilot_->words().substr(0, 12), "leader: hand");
}

TEST(LeaderMotion, RefusesAnotherRobotsContract) {
  EXPECT_THROW(LeaderMotion(RobotFolder::load("so101"), find_embodiment("panda/joint")), Error);
}

}  // namespace
}  // namespace gyre::run
