#include "gyre/flywheel/rollout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "gyre/core/error.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/evaluate.h"
#include "gyre/flywheel/open_loop.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/demonstrate.h"

namespace gyre::flywheel {
namespace {

class FakePrefix : public infer::Prefix {
 public:
  explicit FakePrefix(Observation o) : observation(std::move(o)) {}
  int batch() const override { return 1; }
  Observation observation;
};

// Moves the hand by small random steps, gripper open; never gets anything done.
class Fidget : public infer::Engine {
 public:
  Fidget() {
    for (const std::string& name : sim::embodiment_names()) {
      checkpoint_.embodiments[name].contract = sim::find_embodiment(name);
    }
  }
  const Checkpoint& checkpoint() const override { return checkpoint_; }
  std::unique_ptr<infer::Prefix> encode(std::span<const Observation> observations,
                                        const std::string&, const infer::Prefix*) const override {
    return std::make_unique<FakePrefix>(observations[0]);
  }
  std::vector<std::string> think(const infer::Prefix&) const override { return {"wait"}; }
  std::vector<ActionChunk> sample(const infer::Prefix&, std::span<Rng> rngs,
                                  const infer::SampleOptions&) const override {
    ActionChunk chunk{.horizon = 10, .dim = 7};
    for (int i = 0; i < 10; ++i) {
      for (int d = 0; d < 6; ++d) {
        chunk.actions.push_back(static_cast<float>(0.002 * rngs[0].normal()));
      }
      chunk.actions.push_back(1);
    }
    return {chunk};
  }

 private:
  Checkpoint checkpoint_;
};

TEST(Rollout, TheLoopAddsNothingToAnExpertsMotion) {
  const TaskPtr task = sim::find_task("open_drawer");
  const auto result = rollout(nullptr, {.embodiment = "panda/joint", .task = task, .seed = 5},
                              {.record = true, .helper = expert_alone()});
  const data::EpisodeRows demonstration = sim::demonstrate(*task, "panda/joint", 5, {.disturb = false});
  EXPECT_TRUE(*result.episode.success);
  EXPECT_EQ(result.hash, demonstration.hash());
  EXPECT_EQ(result.episode.instruction, demonstration.instruction);
  EXPECT_EQ(result.episode.rows.front().grounding, demonstration.rows.front().grounding);
}

TEST(Rollout, AttemptsAreDealtEvenlyAndPairUpBySeed) {
  const auto attempts = deal(sim::suite("trained"), {"so101/ee", "panda/ee"}, 24, 3);
  std::map<std::string, int> robots, families;
  std::set<uint64_t> seeds;
  for (const Attempt& attempt : attempts) {
    ++robots[attempt.embodiment];
    ++families[attempt.task->family()];
    seeds.insert(attempt.seed);
  }
  EXPECT_EQ(robots["so101/ee"], 12);
  ASSERT_EQ(families.size(), 6U);
  for (const auto& [name, count] : families) EXPECT_EQ(count, 4) << name;
  EXPECT_EQ(seeds.size(), 24U);
  const auto longer = deal(sim::suite("trained"), {"so101/ee", "panda/ee"}, 48, 3);
  EXPECT_EQ(longer[23].seed, attempts[23].seed) << "more episodes leave the first ones as they are";
  EXPECT_THROW(deal({}, {"so101/ee"}, 1, 1), Error);
}

TEST(Evaluate, TheNumberOfWorkersChangesNothing) {
  const Fidget engine;
  std::vector<TaskPtr> tasks = {sim::find_task("open_drawer"),
                                sim::find_task("push/red_block/left"),
                                sim::find_task("put_away/red")};
  EvaluateConfig config{.episodes = 6, .seed = 9, .workers = 1};
  const Evaluation alone = evaluate(engine, tasks, config);
  config.workers = 3;
  EXPECT_EQ(nlohmann::json(evaluate(engine, tasks, config)), nlohmann::json(alone));
  const EvaluateConfig one{.episodes = 1, .seed = 10, .embodiments = {"so101/ee"}};
  EXPECT_NE(evaluate(engine, {tasks[0]}, one).episodes[0].hash, alone.episodes[0].hash);

  const nlohmann::json json = alone;
  EXPECT_EQ(json["embodiments"]["so101/ee"]["episodes"], 2) << "long tasks are not counted there";
  EXPECT_EQ(json["tasks"]["put_away"]["long"], true);
  EXPECT_FALSE(json["tasks"]["push"].contains("long"));
  EXPECT_EQ(json["episodes"].size(), 6U);
  EXPECT_EQ(json["episodes"][0]["hash"].get<std::string>().size(), 16U);
  EXPECT_EQ(alone.outcomes().size(), 4U);
  EXPECT_EQ(json.get<Evaluation>().hash(), alone.hash());
}

TEST(Evaluate, RefusesARobotThatThePolicyDoesNotKnow) {
  class Knows : public Fidget {
   public:
    Knows() { small_.embodiments["so101/ee"].contract = sim::find_embodiment("so101/ee"); }
    const Checkpoint& checkpoint() const override { return small_; }

   private:
    Checkpoint small_;
  } const engine;
  EXPECT_THROW(
      evaluate(engine, sim::suite("trained"), {.episodes = 2, .embodiments = {"panda/ee"}}), Error);
}

TEST(Collect, TheHelperStepsInWhenNothingComesOfItAndGivesBack) {
  const Fidget engine;
  const auto attempts = deal({sim::find_task("pick_place/red_cup/rack")}, {"panda/ee"}, 1, 4);
  std::vector<data::EpisodeRows> episodes;
  EXPECT_TRUE(collect(engine, attempts, {.help = {.patience_s = 1, .stretch_s = 0.5}},
                      [&](data::EpisodeRows&& episode) { episodes.push_back(std::move(episode)); }));
  ASSERT_EQ(episodes.size(), 1U);
  EXPECT_TRUE(*episodes[0].success);
  int begins = 0, ends = 0;
  const std::vector<data::Row>& steps = episodes[0].steps;
  for (size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(steps[i].intervention, steps[i].source == Source::kExpert);
    EXPECT_EQ(steps[i].subtask, "put the red cup onto the rack");
    EXPECT_EQ(steps[i].grounding.size(), 12U);
    if (i == 0) continue;
    begins += steps[i].intervention && !steps[i - 1].intervention ? 1 : 0;
    ends += !steps[i].intervention && steps[i - 1].intervention ? 1 : 0;
  }
  EXPECT_FALSE(steps.front().intervention) << "the policy is given its chance";
  EXPECT_GE(begins, 1);
  EXPECT_GE(ends, 1);
}

TEST(Collect, TheHelperStepsInWhenTheWrongThingIsGrasped) {
  const TaskPtr task = sim::find_task("pick_place/red_cup/rack");
  const Embodiment robot_kind = sim::find_embodiment("panda/ee");
  bool tried = false;
  for (uint64_t seed = 1; seed < 20 && !tried; ++seed) {
    sim::SimRobot robot(robot_kind, sim::layout_for(*task, robot_kind, seed), seed);
    TaskPtr wrong;  // with another thing that stands there
    for (const TaskPtr& other : sim::suite("trained")) {
      const std::string thing = other->named_things(robot.world())[0];
      if (other->family() == "pick_place" && thing != "red cup" && robot.world().has(thing)) {
        wrong = other;
      }
    }
    if (!wrong) continue;
    tried = true;
    const Attempt attempt{.embodiment = "panda/ee", .task = task, .seed = seed, .instruction = ""};
    const auto helper = watching_expert({.patience_s = 1e9})(robot, attempt);
    const auto expert = wrong->expert(Rng(seed));
    const std::string thing = wrong->named_things(robot.world())[0];
    bool wanted = false;
    for (int tick = 0; tick < 100 && !wanted; ++tick) {
      wanted = helper->wants_control(data::Row{});
      EXPECT_EQ(wanted, robot.world().grasped(thing));
      robot.command(robot.action_for(expert->move(robot.world())));
    }
    EXPECT_TRUE(wanted);
  }
  EXPECT_TRUE(tried);
}

// Knows that the joint goes on at one speed: its chunks are right.
class Prophet : public Fidget {
 public:
  static constexpr double kSpeed = 0.1;  // rad/s
  Prophet() {
    TrainedEmbodiment& trained = prophecy_.embodiments["one/joint"];
    trained.contract = contract();
    trained.action.min = {0};
    trained.action.max = {0.5};
    trained.action.mean = {0.25};
  }
  static Embodiment contract() {
    const Field joint{.name = "joint", .unit = "rad", .min = -9, .max = 9};
    return {.name = "one/joint", .action_period_s = 0.1, .state = {joint}, .action = {joint}};
  }
  const Checkpoint& checkpoint() const override { return prophecy_; }
  std::vector<ActionChunk> sample(const infer::Prefix& prefix, std::span<Rng>,
                                  const infer::SampleOptions&) const override {
    const Observation& o = dynamic_cast<const FakePrefix&>(prefix).observation;
    ActionChunk chunk{.horizon = 10, .dim = 1};
    for (int i = 1; i <= 10; ++i) {
      chunk.actions.push_back(static_cast<float>(o.state[0] + kSpeed * 0.1 * i));
    }
    return {chunk};
  }

 private:
  Checkpoint prophecy_;
};

TEST(OpenLoop, ErrorsAreInEachJointsRangeAtTheirLookAhead) {
  data::EpisodeRows episode;
  for (int i = 0; i < 50; ++i) {
    data::Row step;
    step.state = {static_cast<float>(Prophet::kSpeed * 0.1 * i)};
    step.action = {static_cast<float>(Prophet::kSpeed * 0.1 * (i + 1))};
    episode.rows.push_back(step);
  }
  const OpenLoopResult result =
      open_loop(Prophet(), Prophet::contract(), 1, [&](int) { return episode; });
  ASSERT_EQ(result.errors[0].predictor, "policy");
  ASSERT_EQ(result.errors[1].predictor, "hold still");
  for (size_t a = 0; a < kLookAheads.size(); ++a) {
    EXPECT_NEAR(result.errors[0].error[a], 0, 1e-6);
    EXPECT_NEAR(result.errors[1].error[a], kLookAheads[a] * Prophet::kSpeed / 0.5, 1e-6);
    EXPECT_GT(result.errors[2].error[a], 0.05);
  }
  EXPECT_EQ(result.series[0].recorded.size(), static_cast<size_t>(result.observations));
  EXPECT_THROW(open_loop(Prophet(), Prophet::contract(), 0, [&](int) { return episode; }), Error);
}

}  // namespace
}  // namespace gyre::flywheel
