#include "gyre/sim/arena.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "gyre/core/hash.h"
#include "gyre/core/rng.h"
#include "gyre/core/testing.h"
#include "gyre/sim/suite.h"
#include "gyre/sim/testing.h"

namespace gyre::sim {
namespace {

constexpr const char* kArms[] = {"so101/ee", "so101/joint", "panda/ee", "panda/joint"};

TEST(Arena, DealsRobotsThenFamiliesWithSeedsOfTheirOwn) {
  const KitchenArena arena;
  const auto attempts = arena.deal("trained", {"so101/ee", "panda/ee"}, 12, 9);
  ASSERT_EQ(attempts.size(), 12u);
  std::set<std::string> families;
  for (size_t i = 0; i < attempts.size(); ++i) {
    EXPECT_EQ(attempts[i].embodiment, i % 2 == 0 ? "so101/ee" : "panda/ee");
    EXPECT_EQ(attempts[i].task, attempts[i / 2 * 2].task);
    EXPECT_LT(attempts[i].seed, uint64_t{1} << 53);
    EXPECT_FALSE(attempts[i].long_horizon);
    families.insert(attempts[i].family);
  }
  EXPECT_EQ(families.size(), 6u);
  // Evaluations are compared with those of earlier versions: these attempts stay.
  EXPECT_EQ(attempts[0].task, "close_drawer");
  EXPECT_EQ(attempts[0].seed, 467023321731002);
  EXPECT_EQ(attempts[11].task, "stack/red_block/green_block");
  EXPECT_EQ(attempts[11].seed, 3113480709195107);
  // An attempt does not depend on the number of attempts.
  EXPECT_EQ(arena.deal("trained", {"so101/ee", "panda/ee"}, 3, 9)[2].seed, attempts[2].seed);
  EXPECT_TRUE(arena.deal("long", {"panda/ee"}, 1, 9)[0].long_horizon);
}

TEST(Arena, RefusesWhatItDoesNotHave) {
  const KitchenArena arena;
  EXPECT_NE(message_of([&] { arena.deal("trainde", {"panda/ee"}, 1, 1); }).find("'trained'"),
            std::string::npos);
  EXPECT_NE(message_of([&] { arena.deal("trained", {}, 1, 1); }), "");
  EXPECT_NE(message_of([&] { arena.deal("trained", {"pandda/ee"}, 1, 1); }).find("'panda/ee'"),
            std::string::npos);
  EXPECT_NE(message_of([&] { arena.attempt("open_drawr", "panda/ee", 1); }).find("'open_drawer'"),
            std::string::npos);
  EXPECT_NE(message_of([&] { arena.contract("panda/e", 64); }).find("'panda/ee'"),
            std::string::npos);
}

TEST(Arena, SameSeedSameBitsInAnyThread) {
  for (const char* embodiment : {"so101/ee", "panda/joint"}) {
    const auto hash = [&](uint64_t seed) {
      const auto bench = open_bench("pick_place/green_can/sink", embodiment, seed);
      Sha256 pictures;
      for (Camera* camera : bench->cameras()) {
        pictures.update(std::span<const uint8_t>(camera->newest()->image.rgb));
      }
      return make_attempt(*bench).hash + pictures.hex(16);
    };
    const std::string first = hash(11);
    std::string second;
    std::jthread([&] { second = hash(11); }).join();
    EXPECT_EQ(first, second) << embodiment;
    EXPECT_NE(first, hash(12)) << embodiment;
  }
}

TEST(Bench, DrawsTheInstructionUnlessItIsGiven) {
  const KitchenArena arena;
  run::Attempt attempt = arena.attempt("open_drawer", "panda/ee", 1);
  const auto known = find_task("open_drawer")->instructions();
  std::set<std::string> drawn;
  for (attempt.seed = 0; attempt.seed < 12; ++attempt.seed) {
    const auto bench = arena.open(attempt, {});
    const std::string words = bench->attempt().instruction;
    EXPECT_NE(std::ranges::find(known, words), known.end()) << words;
    EXPECT_EQ(bench->goal()->task, words);
    drawn.insert(words);
  }
  EXPECT_GT(drawn.size(), 1u);
  attempt.instruction = "pull, please";
  EXPECT_EQ(arena.open(attempt, {})->goal()->prompt(), "pull, please");
}

TEST(Bench, TheTimeLimitEndsAnAttemptWithAVerdict) {
  const auto bench = open_bench("open_drawer", "panda/ee", 1, {.more_time = 0.05});
  EXPECT_EQ(bench->time_limit_ticks(), 5);
  const AttemptResult result = make_attempt(*bench);
  EXPECT_EQ(result.steps, 5);
  ASSERT_EQ(result.events.size(), 1u);
  const auto& verdict = std::get<event::Verdict>(result.events[0].body);
  EXPECT_EQ(verdict.outcome, event::Outcome::kFailure);
  EXPECT_EQ(result.events[0].author, Name("judge"));
}

TEST(Bench, LabelsEachPeriodAndSettlesAfterSuccess) {
  const auto plain = open_bench("put_away/red", "panda/ee", 5);
  const AttemptResult without = make_attempt(*plain);
  ASSERT_TRUE(without.success);
  EXPECT_EQ(without.truths[0], nullptr);
  const auto labelled = open_bench("put_away/red", "panda/ee", 5, {.labels = true});
  EXPECT_EQ(make_attempt(*labelled).steps, without.steps) << "labels alone change nothing";
  const auto bench = open_bench("put_away/red", "panda/ee", 5, {.labels = true, .settle = 3});
  const AttemptResult result = make_attempt(*bench);
  EXPECT_TRUE(result.success);
  EXPECT_EQ(result.steps, without.steps + 2) << "success in three periods";
  std::set<std::string> subtasks;
  for (const TruthPtr& truth : result.truths) {
    ASSERT_NE(truth, nullptr);
    EXPECT_EQ(truth->grounding.size(), 2u * 2 * 3);
    subtasks.insert(truth->subtask);
  }
  EXPECT_EQ(static_cast<int>(subtasks.size()), bench->judge().subtasks());
  EXPECT_EQ(bench->judge().subtasks_done(), bench->judge().subtasks());
  ASSERT_EQ(result.events.size(), 1u);
  EXPECT_EQ(std::get<event::Verdict>(result.events[0].body).outcome, event::Outcome::kSuccess);
}

// Hash of everything that random actions make: states, pictures, labels, the clock.
std::string go_on(run::Bench& bench, int ticks) {
  Robot& robot = bench.robot();
  RobotState state;
  state.values.resize(robot.embodiment().state.size());
  std::vector<float> action(robot.embodiment().action.size());
  Rng rng(3);
  Sha256 hash;
  EventList sink;
  for (int i = 0; i < ticks; ++i) {
    robot.read(state);
    hash.update(&state.time_ns, sizeof(state.time_ns));
    hash.update(std::span<const float>(state.values));
    for (Camera* camera : bench.cameras()) {
      const PictureRef picture = camera->newest();
      hash.update(&picture->id, sizeof(picture->id));
      hash.update(std::span<const uint8_t>(picture->image.rgb));
    }
    const TruthPtr truth = bench.judge().before({});
    hash.update(std::span<const float>(truth->grounding));
    robot.hold(action);
    for (size_t k = 0; k + 1 < action.size(); ++k) {
      action[k] += static_cast<float>(rng.uniform(-0.02, 0.02));
    }
    action[2] -= 0.005f;
    action.back() = i % 8 < 4 ? 1.f : 0.f;
    write_command(robot, action);
    bench.judge().after({}, sink);
  }
  return hash.hex(16);
}

TEST(Bench, ARestoredStateGoesOnBitForBit) {
  const run::BenchOptions options = {
      .image_size = 24, .labels = true, .settle = 3, .disturb = true};
  for (const char* name : kArms) {
    const auto bench = open_bench("pick_place/green_can/sink", name, 6, options);
    go_on(*bench, 20);
    bench->cameras()[0]->newest();  // drawn before the state is saved
    const std::string saved = bench->save();
    const std::string first = go_on(*bench, 25);
    EXPECT_NE(go_on(*bench, 25), first);
    bench->restore(saved);
    EXPECT_TRUE(bench->save() == saved) << name;
    EXPECT_EQ(go_on(*bench, 25), first) << name;
    const auto another = open_bench("pick_place/green_can/sink", name, 6, options);
    another->restore(saved);
    EXPECT_EQ(go_on(*another, 25), first) << name;
  }
}

TEST(Bench, TheLampIsPartOfTheState) {
  const auto bench = open_bench("press_button/on", "panda/ee", 2, {.image_size = 64});
  const std::string dark = bench->save();
  const Image before = bench->portrait(64)[0];
  ASSERT_TRUE(make_attempt(*bench).success);
  bench->restore(dark);
  EXPECT_FALSE(bench->judge().success());
  EXPECT_EQ(bench->portrait(64)[0], before);
}

TEST(Bench, RefusesStatesOfOtherScenes) {
  const auto bench = open_bench("open_drawer", "panda/ee", 2);
  const std::string saved = bench->save();
  EXPECT_NE(message_of([&] { bench->restore("nonsense"); }), "");
  EXPECT_NE(message_of([&] { bench->restore(saved.substr(0, saved.size() - 3)); }), "");
  const auto other = open_bench("open_drawer", "panda/ee", 3);
  EXPECT_NE(message_of([&] { other->restore(saved); }).find("another scene"), std::string::npos);
  const auto disturbed = open_bench("open_drawer", "panda/ee", 2, {.disturb = true});
  EXPECT_NE(message_of([&] { disturbed->restore(saved); }), "");
}

TEST(Bench, DisturbancesMoveTheArmAndLeaveTheProposalsClean) {
  const auto calm = open_bench("pick_place/green_can/sink", "panda/ee", 4);
  const auto rough = open_bench("pick_place/green_can/sink", "panda/ee", 4, {.disturb = true});
  const auto expert_of = [](run::Bench& bench) {
    Proposal proposal;
    bench.expert()->propose({}, proposal);
    return proposal.action;
  };
  const std::vector<float> first = expert_of(*calm);
  EXPECT_EQ(expert_of(*rough), first);
  RobotState a, b;
  a.values.resize(10);
  b = a;
  for (run::Bench* bench : {calm.get(), rough.get()}) write_command(bench->robot(), first);
  calm->robot().read(a);
  rough->robot().read(b);
  EXPECT_NE(a.values, b.values);
  for (size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(a.values[axis], b.values[axis], 0.03);
}

TEST(Bench, PortraitsAndScenesAreForPeople) {
  const auto bench = open_bench("open_drawer", "so101/ee", 2, {.image_size = 16});
  const std::vector<Image> pictures = bench->portrait(96);
  ASSERT_EQ(pictures.size(), 2u);
  EXPECT_EQ(pictures[0].width, 96);
  EXPECT_NE(pictures[0], pictures[1]);
  EXPECT_FALSE(bench->scene(true)->shapes.empty());
  EXPECT_TRUE(bench->scene(false)->shapes.empty());
  EXPECT_FALSE(bench->scene(false)->poses.empty());
}

}  // namespace
}  // namespace gyre::sim
