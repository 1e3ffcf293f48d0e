// The experts: they solve the tasks, keep the robot's limits, and help where a policy is stuck.
#include "gyre/sim/expert_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "gyre/sim/suite.h"
#include "gyre/sim/testing.h"

namespace gyre::sim {
namespace {

// A task that no expert solves is one that no policy will learn.
TEST(Experts, SolveEveryFamilyOnBothArmsInSpiteOfDisturbances) {
  const std::map<std::string, int> episodes = {
      {"so101/ee", 60}, {"panda/ee", 60}, {"so101/joint", 12}, {"panda/joint", 12}};
  const KitchenArena arena;
  for (const auto& [embodiment, count] : episodes) {
    std::map<std::string, int> solved, tried;
    int failed = 0;
    for (const run::Attempt& attempt : arena.deal("trained", {embodiment}, count, 70)) {
      const auto bench = arena.open(attempt, {.labels = true, .settle = 3, .disturb = true});
      const bool success = make_attempt(*bench).success;
      ++tried[attempt.family];
      solved[attempt.family] += success;
      failed += !success;
    }
    EXPECT_LE(failed, count / 20) << embodiment;
    for (const auto& [family, of_family] : tried) {
      EXPECT_GE(solved[family], of_family - 2) << embodiment << " " << family;
    }
  }
}

TEST(Experts, CansThatWereSetDownComeToRest) {
  for (const char* embodiment : {"so101/ee", "panda/ee"}) {
    int solved = 0;
    for (uint64_t seed = 0; seed < 10; ++seed) {
      const auto bench = open_bench("pick_place/green_can/sink", embodiment, seed);
      solved += make_attempt(*bench).success;
    }
    EXPECT_GE(solved, 9) << embodiment;
  }
}

// Counts commands to the joints beyond their velocity or acceleration limits, by differences at the
// control period.
class LimitMeter : public Robot {
 public:
  struct Count {
    int64_t ticks = 0, beyond = 0;
  };
  LimitMeter(std::unique_ptr<Robot> inner, Count& count)
      : inner_(std::move(inner)),
        count_(count),
        sent_(inner_->embodiment().action.size()),
        velocity_(sent_.size()) {
    inner_->hold(sent_);
  }
  const Embodiment& embodiment() const noexcept override { return inner_->embodiment(); }
  RobotStatus read(RobotState& state) noexcept override { return inner_->read(state); }
  void hold(std::span<float> command) noexcept override { inner_->hold(command); }
  RobotStatus stop() noexcept override { return inner_->stop(); }
  std::span<const float> sent() const noexcept override { return inner_->sent(); }
  WriteResult write(std::span<const float> command) noexcept override {
    const double period = embodiment().tick_s();
    bool beyond = false;
    for (size_t i = 0; i + 1 < command.size(); ++i) {
      const Field& field = embodiment().action[i];
      const double velocity = (static_cast<double>(command[i]) - sent_[i]) / period;
      const double acceleration = (velocity - velocity_[i]) / period;
      beyond |= std::abs(velocity) > 1.001 * field.max_velocity;
      beyond |= std::abs(acceleration) > 1.001 * field.max_acceleration;
      velocity_[i] = velocity;
      sent_[i] = command[i];
    }
    ++count_.ticks;
    count_.beyond += beyond;
    return write_command(*inner_, command);
  }

 private:
  std::unique_ptr<Robot> inner_;
  Count& count_;
  std::vector<float> sent_;
  std::vector<double> velocity_;
};

TEST(Experts, KeepTheLimitsOfTheJoints) {
  for (const char* name : {"so101/ee", "so101/joint", "panda/ee", "panda/joint"}) {
    LimitMeter::Count count;
    const KitchenArena arena([&](std::unique_ptr<Robot> robot, const RobotFolder&) {
      return std::make_unique<LimitMeter>(std::move(robot), count);
    });
    for (const run::Attempt& attempt : arena.deal("trained", {name}, 12, 5)) {
      make_attempt(*arena.open(attempt, {}));
    }
    EXPECT_GT(count.ticks, 150);
    EXPECT_LE(static_cast<double>(count.beyond), 0.005 * static_cast<double>(count.ticks)) << name;
  }
}

TEST(Experts, SpreadTheirMotionOverTheControlPeriods) {
  const auto folder = RobotFolder::load("panda");
  auto fine = std::make_shared<RobotFolder>(*folder);
  fine->control_period_s = 0.02;
  World world(fine, {.objects = {}}, 1);
  SimulatedClock clock;
  SimRobot robot(world, clock, fine->contract("joint", 64));
  const Embodiment contract = fine->contract("ee", 64);
  const TaskPtr task = find_task("open_drawer");
  ExpertAlone expert({world, robot, contract, *task, 1});
  Proposal first, second;
  expert.propose({.action_start = true}, first);
  expert.propose({.tick = 1, .index = 1, .action_start = false}, second);
  ASSERT_TRUE(first.valid);
  EXPECT_EQ(first.action, second.action);
  const double length = std::hypot(first.action[0], first.action[1], first.action[2]);
  EXPECT_GT(length, 0);
  EXPECT_LE(length, 0.018 / 5 + 1e-6) << "a fifth of an action period's motion";
}

// Lets a bench stand still while an expert watches, and says when it takes over and gives back.
TEST(WatchingExpert, TakesOverWhenNothingHappensAndGivesBack) {
  const auto bench = open_bench("pick_place/red_cup/sink", "panda/ee", 5, {.more_time = 3});
  const auto helper = bench->helper({.patience_s = 1, .progress_m = 0.02, .stretch_s = 0.5});
  EXPECT_EQ(helper->source(), Source::kExpert);
  std::vector<float> action(7);
  std::vector<int> changes;
  bool driving = false;
  for (int tick = 0; tick < 60; ++tick) {
    const bool wants = helper->wants_control({.tick = tick, .index = tick});
    if (wants != driving) changes.push_back(tick);
    driving = wants;
    Proposal proposal;
    helper->propose({.tick = tick, .index = tick}, proposal);
    EXPECT_EQ(proposal.valid, wants);
    bench->robot().hold(action);
    write_command(bench->robot(), action);
  }
  ASSERT_GE(changes.size(), 4u);
  EXPECT_NEAR(changes[0], 11, 2) << "after a second without progress";
  EXPECT_NEAR(changes[1] - changes[0], 5, 1) << "for half a second";
  EXPECT_NEAR(changes[3] - changes[2], 10, 1) << "then for twice as long";
}

TEST(WatchingExpert, FinishesATaskThatNobodyElseWorksOn) {
  const auto bench = open_bench("pick_place/red_cup/sink", "panda/ee", 5, {.more_time = 2});
  const auto helper = bench->helper({.patience_s = 1, .progress_m = 0.02, .stretch_s = 10});
  Proposal proposal;
  EventList sink;
  std::vector<float> action(7);
  for (Step step; step.index < bench->time_limit_ticks() && !bench->judge().done(); ++step.index) {
    const run::Tick tick{.tick = step.index, .index = step.index};
    bench->robot().hold(action);
    if (helper->wants_control(tick)) {
      helper->propose(tick, proposal);
      ASSERT_TRUE(proposal.valid);
      action = proposal.action;
    }
    write_command(bench->robot(), action);
    bench->judge().after(step, sink);
  }
  EXPECT_TRUE(bench->judge().success());
}

}  // namespace
}  // namespace gyre::sim
