#include "gyre/sim/bench_wall.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "gyre/core/allocation_counter.h"
#include "gyre/core/testing.h"
#include "gyre/robot/testing.h"
#include "gyre/run/control_loop.h"
#include "gyre/run/teleop_source.h"
#include "gyre/sim/testing.h"

namespace gyre::sim {
namespace {

const WallBench::Options kSmall = {.image_size = 16};

run::Attempt drawer(const std::string& embodiment, uint64_t seed = 1) {
  return KitchenArena().attempt("open_drawer", embodiment, seed);
}

RobotState state_of(const Embodiment& contract) {
  RobotState state;
  state.values.resize(contract.state.size());
  return state;
}

// Reads the robot until `good` holds or ten seconds have passed.
template <class Good>
bool comes_to(Robot& robot, RobotState& state, const Good& good) {
  for (int i = 0; i < 10'000; ++i) {
    robot.read(state);
    if (good()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

TEST(WallBench, HasTheContractOfTheLockStepKitchenButForTheControlPeriod) {
  for (const char* name : {"so101/ee", "so101/joint", "panda/ee"}) {
    WallBench bench(drawer(name), {});
    const auto lock_step = open_bench("open_drawer", name, 1);
    EXPECT_EQ(bench.robot().embodiment().contract_hash(),
              lock_step->robot().embodiment().contract_hash());
    EXPECT_EQ(bench.robot().embodiment().ticks_per_action(), 10);
    EXPECT_EQ(bench.goal()->task, lock_step->goal()->task) << "the seed draws the words";
    EXPECT_EQ(bench.cameras().size(), lock_step->cameras().size());
  }
}

TEST(WallBench, BeginsWhereTheLockStepKitchenBegins) {
  WallBench bench(drawer("so101/joint"), kSmall);
  const auto lock_step = open_bench("open_drawer", "so101/joint", 1);
  RobotState wall = state_of(bench.robot().embodiment()), other = wall;
  bench.robot().read(wall);
  lock_step->robot().read(other);
  for (size_t i = 0; i < wall.values.size(); ++i) {
    EXPECT_NEAR(wall.values[i], other.values[i], 0.01) << i;
  }
}

TEST(WallBench, CommandsMoveTheArmAndPicturesCome) {
  WallBench bench(drawer("so101/joint"), kSmall);
  Robot& robot = bench.robot();
  RobotState state = state_of(robot.embodiment());
  robot.read(state);
  const float begin = state.values[0];
  std::vector<float> command(robot.embodiment().action.size());
  robot.hold(command);
  const float wanted = command[0] + 0.2F;
  const int64_t first = bench.cameras()[0]->newest()->id;
  EXPECT_TRUE(comes_to(robot, state,
                       [&] {
                         command[0] = wanted;
                         write_command(robot, command);
                         return std::abs(state.values[0] - wanted) < 0.03 &&
                                bench.cameras()[0]->newest()->id > first;
                       }))
      << begin << " .. " << state.values[0];
  EXPECT_LE(bench.cameras()[0]->newest()->time_ns, bench.clock().now_ns());
  EXPECT_EQ(bench.kitchen().lost_pictures(), 0);
}

// The servos' own watchdog, without any loop: they brake, and the robot says where it holds.
TEST(WallBench, AnArmThatNobodyCommandsHolds) {
  WallBench bench(drawer("so101/joint"), kSmall);
  Robot& robot = bench.robot();
  RobotState state = state_of(robot.embodiment());
  robot.read(state);
  std::vector<float> command(robot.embodiment().action.size()), hold(command.size());
  robot.hold(command);
  for (int i = 0; i < 20; ++i) {
    command[0] += 0.01F;
    write_command(robot, command);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_TRUE(comes_to(robot, state, [&] {
    robot.hold(hold);
    return hold[0] != robot.sent()[0];
  })) << "the servos' target is their own now";
  EXPECT_NEAR(hold[0], command[0], 0.3);
}

TEST(WallBench, RefusesACommandThatIsNone) {
  WallBench bench(drawer("so101/joint"), kSmall);
  std::vector<float> command(2);
  EXPECT_EQ(write_command(bench.robot(), command).reasons, Reasons(Reason::kWidth))
      << "the filter holds";
  WallKitchen kitchen(RobotFolder::load("so101"), find_embodiment("so101/joint", 16),
                      {find_task("open_drawer"), 1});
  WallRobot bare(kitchen, find_embodiment("so101/joint", 16));
  EXPECT_EQ(bare.write(command).status, RobotStatus::kFault);
  EXPECT_NE(bare.fault(), "");
}

TEST(WallBench, TheNextSceneBeginsAfresh) {
  WallBench bench(drawer("so101/ee", 1), kSmall);
  Robot& robot = bench.robot();
  RobotState home = state_of(robot.embodiment()), state = home;
  robot.read(home);
  std::vector<float> command(robot.embodiment().action.size());
  robot.hold(command);
  command[2] = 0.003F;
  EXPECT_TRUE(comes_to(robot, state, [&] {
    write_command(robot, command);
    return std::abs(state.values[2] - home.values[2]) > 0.02;
  }));
  const int64_t picture = bench.cameras()[0]->newest()->id;
  run::Attempt next = drawer("so101/ee", 2);
  next.instruction = "pull, please";
  bench.restart(next);
  robot.read(state);
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(state.values[i], home.values[i], 0.01) << i;
  EXPECT_GT(bench.cameras()[0]->newest()->id, picture);
  EXPECT_EQ(bench.goal()->task, "pull, please");
  EXPECT_EQ(bench.attempt().seed, 2U);
  next.embodiment = "panda/ee";
  EXPECT_NE(message_of([&] { bench.restart(next); }).find("so101/ee"), std::string::npos);
}

TEST(WallBench, TheJudgeCountsThePolicysTimeInTheSceneAlone) {
  WallBench bench(drawer("so101/ee"), {.image_size = 16, .more_time = 0.001});
  EventList events;
  Step step;
  const int64_t limit = bench.time_limit_ticks();
  for (const Mode mode : {Mode::kPaused, Mode::kHuman}) {
    step.mode = mode;
    for (int64_t i = 0; i < 2 * limit; ++i, ++step.index) bench.judge().after(step, events);
    EXPECT_TRUE(events.events.empty()) << "a person and a pause have all the time they want";
  }
  step.mode = Mode::kPolicy;
  for (int64_t i = 0; i < limit; ++i, ++step.index) bench.judge().after(step, events);
  ASSERT_EQ(events.events.size(), 1U);
  EXPECT_EQ(std::get<event::Verdict>(events.events[0].body).outcome, event::Outcome::kFailure);
  EXPECT_TRUE(bench.judge().done());

  bench.restart(drawer("so101/ee", 2));
  EXPECT_FALSE(bench.judge().done());
  for (int64_t i = 0; i < 2 * limit; ++i, ++step.index) bench.judge().after(step, events);
  EXPECT_FALSE(bench.judge().done()) << "these steps are late ones of the first scene";
  for (step.index = 0; step.index < limit; ++step.index) bench.judge().after(step, events);
  EXPECT_TRUE(bench.judge().done());
}

TEST(WallBench, TheTrueStateCanBeWatched) {
  std::atomic<int> periods{0};
  WallBench bench(drawer("so101/ee"),
                  {.image_size = 16, .watch = [&](const Task& task, const World& world) {
                     periods += task.name() == "open_drawer" && world.drawer_opening() < 0.01;
                   }});
  while (periods < 3) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST(WallBench, RefusesPeriodsThatDoNotFit) {
  EXPECT_NE(message_of([] {
              WallBench(drawer("so101/ee"), {.control_period_s = 0.03});
            }).find("whole part"),
            std::string::npos);
  EXPECT_NE(message_of([] { WallBench(drawer("so101/ee"), {.control_period_s = 0.0005}); }), "");
  for (const double period : {0.001, 0.002, 0.005}) {
    WallBench bench(drawer("so101/ee"), {.image_size = 16, .control_period_s = period});
    EXPECT_EQ(bench.robot().embodiment().tick_s(), period);
  }
}

#ifdef GYRE_COUNTS_ALLOCATIONS
class AllocationWatch : public run::Monitor {
 public:
  void after(const Step& step, run::EventSink&) override {
    if (step.index == 30) warm = thread_allocations;
    if (step.index > 30) most = std::max(most, thread_allocations - warm);
  }
  int64_t warm = 0, most = 0;
};

class Reader : public run::TapeSink {
 public:
  std::string_view name() const override { return "reader"; }
  void take(const Record&) override {}
};

TEST(WallBench, TheControlThreadAllocatesNothing) {
  WallBench bench(drawer("so101/ee"), {.image_size = 16, .control_period_s = 0.002});
  const Embodiment& contract = bench.robot().embodiment();
  Reader reader;
  run::Tape tape(contract, run::Tape::WhenFull::kDrop);
  tape.add(reader);
  run::ControlLoop loop(bench.robot(), bench.cameras(), bench.clock(), tape, nullptr,
                        {.real_time = true});
  run::TeleopSource person(contract, bench.clock(), 60, tape);
  loop.add_source(person);
  AllocationWatch watch;
  loop.add_monitor(watch);
  std::vector<float> action(contract.action.size());
  action[0] = 0.01F;
  person.beat(action);
  auto header = std::make_shared<Header>();
  header->contract = contract;
  const run::Outcome outcome = loop.run(header, bench.goal(), 1, 300, [] { return false; });
  tape.close();
  EXPECT_EQ(outcome.ticks, 300);
  EXPECT_EQ(watch.most, 0);
}
#endif

}  // namespace
}  // namespace gyre::sim
