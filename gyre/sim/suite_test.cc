#include "gyre/sim/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "gyre/core/testing.h"

namespace gyre::sim {
namespace {

// The start of a task's scene.
World start_of(const Task& task, const std::string& robot_name, uint64_t seed) {
  const auto robot = RobotFolder::load(robot_name);
  Rng rng = Rng::stream(seed, "layout");
  return World(robot, task.layout(robot->scene_scale, rng), seed);
}

TEST(Suites, UnknownNamesAreRefusedWithTheNearest) {
  EXPECT_NE(message_of([] { find_task("open_drawr"); }).find("'open_drawer'"), std::string::npos);
  EXPECT_NE(message_of([] { suite("trainde"); }).find("'trained'"), std::string::npos);
}

TEST(Suites, KeepWhatIsHeldOutApart) {
  std::set<std::string> trained;
  for (const TaskPtr& task : suite("trained")) {
    trained.insert(task->name());
    for (const std::string& text : task->instructions()) {
      EXPECT_EQ(text.find("purple"), std::string::npos);
      EXPECT_EQ(text.find("plate"), std::string::npos);
    }
  }
  EXPECT_TRUE(trained.contains("pick_place/red_cup/sink"));
  for (const TaskPtr& task : suite("heldout")) EXPECT_FALSE(trained.contains(task->name()));
  const auto is_put = [](const std::string& name) { return name.starts_with("pick_place/"); };
  EXPECT_EQ(suite("heldout").size(), 9u);
  EXPECT_EQ(std::ranges::count_if(trained, is_put), 4 * 4 * 3 - 9);
}

TEST(Suites, LongTasksAreMadeOfTrainedOnes) {
  std::set<std::string> known;
  for (const TaskPtr& atomic : suite("trained")) known.insert(atomic->instructions().front());
  for (const TaskPtr& task : suite("long")) {
    for (uint64_t seed = 0; seed < 8; ++seed) {
      const World world = start_of(*task, "so101", seed);
      for (const std::string& words : task->subtasks(world)) {
        EXPECT_TRUE(known.contains(words)) << words;
      }
    }
  }
}

TEST(Suites, DealReachesEveryTask) {
  const auto tasks = suite("trained");
  std::set<std::string> dealt;
  for (int64_t i = 0; i < 6 * 40; ++i) dealt.insert(deal(tasks, i)->name());
  EXPECT_EQ(dealt.size(), tasks.size());
}

TEST(Tasks, NoneIsDoneAtTheStart) {
  for (const std::string& name : suite_names()) {
    for (const TaskPtr& task : suite(name)) {
      const World world = start_of(*task, "panda", 5);
      EXPECT_FALSE(task->success(world)) << task->name();
      EXPECT_EQ(task->current_subtask(world), 0) << task->name();
      EXPECT_GE(task->instructions().size(), 4u);
      EXPECT_EQ(task->named_things(world).size(), 2u);
      if (task->long_horizon()) {
        const size_t subtasks = task->subtasks(world).size();
        EXPECT_TRUE(subtasks >= 3 && subtasks <= 6) << task->name();
      }
    }
  }
}

TEST(Suites, DisturbedAreTheTrainedPutTasksOnceForEachKind) {
  std::map<std::string, int> families;
  for (const TaskPtr& task : suite("disturbed")) {
    ++families[task->family()];
    EXPECT_NE(task->disturbance(), Disturbance::kNone);
    const std::string rest = task->name().substr(task->family().size());
    EXPECT_EQ(task->instructions(), find_task("pick_place" + rest)->instructions());
  }
  EXPECT_EQ(families, (std::map<std::string, int>{
                          {"forced_open", 39}, {"moved_away", 39}, {"set_aside", 39}}));
  EXPECT_EQ(find_task("set_aside/red_cup/sink")->disturbance(), Disturbance::kSetAside);
}

}  // namespace
}  // namespace gyre::sim
