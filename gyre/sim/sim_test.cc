// The simulated robots: contracts, determinism, kinematics, grasps, tasks and suites.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <thread>

#include "gyre/core/hash.h"
#include "gyre/core/testing.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/demonstrate.h"
#include "gyre/sim/kitchen.h"
#include "gyre/sim/sim_robot.h"
#include "gyre/sim/suite.h"

namespace gyre::sim {
namespace {

std::string bits_of(const Episode& episode) {
  Sha256 hash;
  hash.update(episode.hash());
  for (const Step& step : episode.steps) {
    for (const Image& image : step.observation.images) {
      hash.update(std::span<const uint8_t>(image.rgb));
    }
    hash.update(std::span<const float>(step.grounding));
  }
  return hash.hex(16);
}

TEST(Embodiments, AreValidAndDiffer) {
  std::set<std::string> hashes;
  for (const std::string& name : embodiment_names()) {
    const Embodiment embodiment = find_embodiment(name);
    EXPECT_NO_THROW(embodiment.validate());
    hashes.insert(embodiment.contract_hash());
  }
  EXPECT_EQ(hashes.size(), 4u);
  EXPECT_NE(find_embodiment("panda/ee", 96).contract_hash(),
            find_embodiment("panda/ee", 64).contract_hash());
}

TEST(Embodiments, UnknownNamesAreRefusedWithTheNearest) {
  EXPECT_NE(message_of([] { find_embodiment("pandda/ee"); }).find("'panda/ee'"), std::string::npos);
  EXPECT_NE(message_of([] { find_task("open_drawr"); }).find("'open_drawer'"), std::string::npos);
  EXPECT_NE(message_of([] { suite("trainde"); }).find("'trained'"), std::string::npos);
}

TEST(Simulation, SameSeedSameBitsInAnyThread) {
  for (const char* embodiment : {"so101/ee", "panda/joint"}) {
    const TaskPtr task = find_task("pick_place/green_can/sink");
    const std::string first = bits_of(demonstrate(*task, embodiment, 11));
    std::string second, other;
    std::jthread thread([&] { second = bits_of(demonstrate(*task, embodiment, 11)); });
    other = bits_of(demonstrate(*task, embodiment, 12));
    thread.join();
    EXPECT_EQ(first, second) << embodiment;
    EXPECT_NE(first, other) << embodiment;
  }
}

TEST(Simulation, NumberOfWorkersChangesNothing) {
  const auto hashes = [](int workers) {
    std::vector<std::string> list;
    demonstrate_all(suite("trained"), {"so101/ee", "panda/ee"}, 6, 40, workers, {.render = false},
                    [&](Episode&& episode) {
                      list.push_back(episode.hash());
                      return true;
                    });
    return list;
  };
  EXPECT_EQ(hashes(1), hashes(3));
}

TEST(SimRobot, ReachesCommandedPosesAndReportsWhatItCannot) {
  for (const char* name : {"so101/ee", "panda/ee"}) {
    SimRobot robot(find_embodiment(name), {}, 1);
    const double s = robot.world().scale();
    const Vec3 goal = {0.45 * s, 0.1 * s, 0.08 * s};
    for (int i = 0; i < 30; ++i) {
      const Vec3 at = robot.world().gripper_pose().position;
      std::vector<float> action(7, 0);
      for (int axis = 0; axis < 3; ++axis) {
        action[axis] = static_cast<float>(0.6 * (goal[axis] - at[axis]));
      }
      ASSERT_TRUE(robot.command(action).ok);
    }
    const Vec3 at = robot.world().gripper_pose().position;
    for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(at[axis], goal[axis], 0.004) << name;

    std::vector<float> broken = robot.hold_action();
    broken[0] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_FALSE(robot.command(broken).ok);
    EXPECT_FALSE(robot.command(std::vector<float>(3, 0)).ok);
  }
}

TEST(SimRobot, HoldActionHolds) {
  for (const std::string& name : embodiment_names()) {
    SimRobot robot(find_embodiment(name), {}, 2);
    const Vec3 before = robot.world().gripper_pose().position;
    for (int i = 0; i < 10; ++i) robot.command(robot.hold_action());
    const Vec3 after = robot.world().gripper_pose().position;
    for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(after[axis], before[axis], 0.004) << name;
  }
}

TEST(SimRobot, StateAndPicturesFitTheContract) {
  for (const std::string& name : embodiment_names()) {
    const Embodiment embodiment = find_embodiment(name, 48);
    SimRobot robot(embodiment, {}, 3);
    const Observation observation = robot.observe();
    ASSERT_EQ(observation.state.size(), embodiment.state.size());
    for (size_t i = 0; i < embodiment.state.size(); ++i) {
      EXPECT_GE(observation.state[i], embodiment.state[i].min - 1e-3) << name << " " << i;
      EXPECT_LE(observation.state[i], embodiment.state[i].max + 1e-3) << name << " " << i;
    }
    ASSERT_EQ(observation.images.size(), 2u);
    for (const Image& image : observation.images) {
      EXPECT_EQ(image.width, 48);
      const std::set<uint8_t> values(image.rgb.begin(), image.rgb.end());
      EXPECT_GT(values.size(), 20u) << "an empty picture";
    }
  }
}

TEST(World, NamesTheThingThatIsNotThere) {
  SimRobot robot(find_embodiment("panda/ee"), {}, 4);
  const World& world = robot.world();
  for (const auto& ask : std::vector<std::function<void()>>{
           [&] { world.pose("green cup"); }, [&] { world.velocity("green cup"); },
           [&] { world.touched("green cup"); }, [&] { world.grasped("green cup"); },
           [&] { robot.world().push("green cup", {}); }}) {
    EXPECT_NE(message_of(ask).find("green cup"), std::string::npos);
  }
}

TEST(World, ProjectionMeetsThePicture) {
  SceneLayout layout;
  layout.objects.push_back({Shape::kBlock, "red", {0.45, 0.05, 0}, 0});
  SimRobot robot(find_embodiment("panda/ee"), layout, 4);
  double x = 0, y = 0;
  ASSERT_TRUE(robot.world().project("front", robot.world().pose("red block").position, x, y));
  const Image image = robot.world().render("front", 128, 128);
  const int column = static_cast<int>((x + 1) / 2 * 128), row = static_cast<int>((y + 1) / 2 * 128);
  const uint8_t* pixel = &image.rgb[static_cast<size_t>(3) * (row * 128 + column)];
  EXPECT_GT(pixel[0], 2 * pixel[1]);
  EXPECT_GT(pixel[0], 2 * pixel[2]);
}

TEST(Tasks, NoneIsDoneAtTheStart) {
  for (const std::string& name : suite_names()) {
    for (const TaskPtr& task : suite(name)) {
      const Embodiment embodiment = find_embodiment("panda/ee");
      SimRobot robot(embodiment, layout_for(*task, embodiment, 5), 5);
      EXPECT_FALSE(task->success(robot.world())) << task->name();
      EXPECT_EQ(task->current_subtask(robot.world()), 0) << task->name();
      EXPECT_GE(task->instructions().size(), 4u);
      EXPECT_EQ(task->named_things(robot.world()).size(), 2u);
      if (task->long_horizon()) {
        const size_t subtasks = task->subtasks(robot.world()).size();
        EXPECT_TRUE(subtasks >= 3 && subtasks <= 6) << task->name();
      }
    }
  }
}

// What no expert can do, no policy will learn.
TEST(Tasks, ExpertsSolveEveryFamilyOnBothArms) {
  const std::map<std::string, int> episodes = {
      {"so101/ee", 60}, {"panda/ee", 60}, {"so101/joint", 12}, {"panda/joint", 12}};
  for (const auto& [embodiment, count] : episodes) {
    std::map<std::string, int> solved, tried;
    int failed = 0;
    demonstrate_all(suite("trained"), {embodiment}, count, 70, 2, {.render = false},
                    [&](Episode&& episode) {
                      ++tried[episode.family];
                      solved[episode.family] += *episode.success;
                      failed += !*episode.success;
                      return true;
                    });
    EXPECT_LE(failed, count / 20) << embodiment;
    for (const auto& [family, of_family] : tried) {
      EXPECT_GE(solved[family], of_family - 2) << embodiment << " " << family;
    }
  }
}

TEST(Tasks, CansThatWereSetDownComeToRest) {
  const TaskPtr task = find_task("pick_place/green_can/sink");
  for (const char* embodiment : {"so101/ee", "panda/ee"}) {
    int solved = 0;
    for (uint64_t seed = 0; seed < 10; ++seed) {
      const Episode episode =
          demonstrate(*task, embodiment, seed, {.disturb = false, .render = false});
      solved += *episode.success;
    }
    EXPECT_GE(solved, 9) << embodiment;
  }
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
  EXPECT_EQ(std::count_if(trained.begin(), trained.end(), is_put), 4 * 4 * 3 - 9);
  // Long tasks are made of trained ones.
  for (const TaskPtr& task : suite("long")) {
    const Embodiment embodiment = find_embodiment("so101/ee");
    for (uint64_t seed = 0; seed < 8; ++seed) {
      SimRobot robot(embodiment, layout_for(*task, embodiment, seed), seed);
      for (const std::string& words : task->subtasks(robot.world())) {
        bool known = false;
        for (const TaskPtr& atomic : suite("trained")) {
          known |= atomic->instructions().front() == words;
        }
        EXPECT_TRUE(known) << words;
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

}  // namespace
}  // namespace gyre::sim
