#include "gyre/sim/interfered_robot.h"

#include <gtest/gtest.h>

#include <cmath>

#include "gyre/run/command_source.h"
#include "gyre/sim/bench.h"
#include "gyre/sim/testing.h"

namespace gyre::sim {
namespace {

// The course of the object in an expert's attempt.
struct Course {
  double jump = 0;           // longest way in one control period that ends free, scene units
  bool jumped_held = false;  // it began in the fingers
  bool dropped = false;      // let go of in the air
  AttemptResult result;
};

// Watches the object beside the expert that acts.
class Watched : public run::CommandSource {
 public:
  Watched(KitchenBench& bench, Course& course)
      : bench_(bench), expert_(bench.expert()), course_(course) {}
  Source source() const noexcept override { return Source::kExpert; }
  bool wants_control(const run::Tick&) noexcept override { return true; }
  void propose(const run::Tick& tick, Proposal& proposal) noexcept override {
    const World& world = bench_.world();
    const Vec3 at = world.pose("red can").position;
    const bool held = world.grasped("red can");
    if (tick.index > 0 && !held) {
      const double moved = std::hypot(at[0] - last_[0], at[1] - last_[1]) / world.scale();
      if (moved > course_.jump) {
        course_.jump = moved;
        course_.jumped_held = held_;
      }
    }
    const double lift = (at[2] - world.half_size("red can")[2]) / world.scale();
    course_.dropped |= held_ && !held && lift > 0.03;
    last_ = at;
    held_ = held;
    expert_->propose(tick, proposal);
  }

 private:
  KitchenBench& bench_;
  std::unique_ptr<run::CommandSource> expert_;
  Course& course_;
  Vec3 last_{};
  bool held_ = false;
};

Course interfered_attempt(const std::string& task, const std::string& embodiment, uint64_t seed) {
  const auto bench = open_bench(task, embodiment, seed, {.more_time = 2});
  Course course;
  Watched source(dynamic_cast<KitchenBench&>(*bench), course);
  course.result = make_attempt(*bench, &source);
  return course;
}

constexpr const char* kDisturbedArms[] = {"panda/ee", "so101/ee", "panda/joint"};

TEST(InterferedRobot, AnObjectIsMovedOnceByFiveToTenCentimetresAndTheExpertRecovers) {
  for (const char* arm : kDisturbedArms) {
    const Course calm = interfered_attempt("pick_place/red_can/sink", arm, 3);
    const Course set_aside = interfered_attempt("set_aside/red_can/sink", arm, 3);
    const Course moved_away = interfered_attempt("moved_away/red_can/sink", arm, 3);
    EXPECT_LT(calm.jump, 0.03) << arm;
    EXPECT_GT(set_aside.jump, 0.03) << arm;
    EXPECT_TRUE(set_aside.jumped_held) << arm;
    EXPECT_GT(moved_away.jump, 0.045) << arm;
    EXPECT_LT(moved_away.jump, 0.105) << arm;
    EXPECT_FALSE(moved_away.jumped_held) << arm;
    for (const Course* course : {&set_aside, &moved_away}) {
      EXPECT_TRUE(course->result.success) << arm;
      EXPECT_GT(course->result.steps, calm.result.steps) << arm;
    }
  }
}

TEST(InterferedRobot, AGripperIsForcedOpen) {
  for (const char* arm : kDisturbedArms) {
    const Course calm = interfered_attempt("pick_place/red_can/sink", arm, 3);
    const Course forced = interfered_attempt("forced_open/red_can/sink", arm, 3);
    EXPECT_FALSE(calm.dropped) << arm;
    EXPECT_TRUE(forced.dropped) << arm;
  }
}

TEST(InterferedRobot, TheSameSeedGivesTheSameBitsAndARestoredStateGoesOn) {
  const std::string task = "forced_open/red_can/sink";
  const std::string hash = interfered_attempt(task, "so101/ee", 3).result.hash;
  EXPECT_EQ(interfered_attempt(task, "so101/ee", 3).result.hash, hash);
  EXPECT_NE(interfered_attempt(task, "so101/ee", 4).result.hash, hash);

  const auto bench = open_bench(task, "so101/ee", 3);
  const std::string saved = bench->save();
  const std::string first = make_attempt(*bench).hash;
  bench->restore(saved);
  EXPECT_EQ(make_attempt(*bench).hash, first);
}

TEST(InterferedRobot, RecordedCommandsAreThoseOfTheLoop) {
  const auto bench = open_bench("forced_open/red_can/sink", "panda/ee", 3);
  std::vector<float> hold(bench->robot().embodiment().action.size());
  bench->robot().hold(hold);
  write_command(bench->robot(), hold);
  EXPECT_TRUE(std::ranges::equal(bench->robot().sent(), hold));
}

}  // namespace
}  // namespace gyre::sim
