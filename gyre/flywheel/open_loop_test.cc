#include "gyre/flywheel/open_loop.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

constexpr double kSpeed = 0.1;  // rad/s

Embodiment one_joint() {
  const Field joint{.name = "joint", .unit = "rad", .min = -9, .max = 9};
  return {.name = "one/joint",
          .action_period_s = 0.1,
          .state = {joint},
          .action = {joint},
          .cameras = {},
          .workspace = {}};
}

struct SeenState : infer::Prefix {
  int batch() const override { return 1; }
  infer::Ask ask() const override { return infer::Ask::kActions; }
  const std::string& prompt(int) const override { return words; }
  std::span<const int64_t> reused(int) const override { return {}; }
  std::string words;
  float joint = 0;
};

// Knows that the joint goes on at one speed: its chunks are right, but for `error` by turns above
// and below.
class Prophet : public infer::Engine {
 public:
  explicit Prophet(float error = 0) : error_(error) {
    TrainedEmbodiment& trained = checkpoint_.embodiments["one/joint"];
    trained.contract = one_joint();
    trained.action.min = {0};
    trained.action.max = {0.5};
    trained.action.mean = {0.25};
  }
  const Checkpoint& checkpoint() const override { return checkpoint_; }
  infer::EngineDescription description() const override { return {}; }
  std::unique_ptr<infer::Prefix> encode(std::span<const Request* const> requests, infer::Ask,
                                        const infer::Prefix*) const override {
    EXPECT_EQ(requests[0]->embodiment, "one/joint");
    EXPECT_EQ(requests[0]->goal->prompt(), "go on");
    auto seen = std::make_unique<SeenState>();
    seen->joint = requests[0]->frame.state.at(0);
    return seen;
  }
  std::vector<std::string> think(const infer::Prefix&) const override { return {""}; }
  std::vector<ActionChunk> sample(const infer::Prefix& prefix, std::span<Rng>,
                                  const infer::SampleOptions&) const override {
    ActionChunk chunk{.horizon = 10, .dim = 1};
    const float error = ++samples_ % 2 == 0 ? error_ : -error_;
    for (int i = 1; i <= 10; ++i) {
      chunk.actions.push_back(dynamic_cast<const SeenState&>(prefix).joint + error +
                              static_cast<float>(kSpeed * 0.1 * i));
    }
    return {chunk};
  }

 private:
  Checkpoint checkpoint_;
  float error_;
  mutable int samples_ = 0;
};

data::EpisodeRows steady_motion(int) {
  data::EpisodeRows episode;
  for (int i = 0; i < 50; ++i) {
    data::Row row;
    row.task = "go on";
    row.state = {static_cast<float>(kSpeed * 0.1 * i)};
    row.action = {static_cast<float>(kSpeed * 0.1 * (i + 1))};
    episode.rows.push_back(row);
  }
  return episode;
}

TEST(OpenLoop, ErrorsAreInEachJointsRangeAtTheirLookAhead) {
  const OpenLoopResult result = open_loop(Prophet(), one_joint(), 1, steady_motion);
  ASSERT_EQ(result.errors[0].predictor, "policy");
  ASSERT_EQ(result.errors[1].predictor, "hold still");
  for (size_t a = 0; a < kLookAheads.size(); ++a) {
    EXPECT_NEAR(result.errors[0].error[a], 0, 1e-6);
    EXPECT_NEAR(result.errors[1].error[a], kLookAheads[a] * kSpeed / 0.5, 1e-6);
    EXPECT_GT(result.errors[2].error[a], 0.05);
  }
  EXPECT_EQ(result.series[0].recorded.size(), static_cast<size_t>(result.observations));
  EXPECT_EQ(nlohmann::json(result)["errors"]["policy"].size(), kLookAheads.size());
  EXPECT_NE(open_loop_table(result).find("hold still"), std::string::npos);
}

TEST(OpenLoop, ThePredictionIsTheMeanOfItsDraws) {
  EXPECT_NEAR(open_loop(Prophet(0.05F), one_joint(), 1, steady_motion).errors[0].error[0],
              0.05 / 0.5, 1e-6);
  EXPECT_NEAR(open_loop(Prophet(0.05F), one_joint(), 1, steady_motion, 2).errors[0].error[0], 0,
              1e-6);
}

TEST(OpenLoop, RefusesWhatCannotBeCompared) {
  EXPECT_THROW(open_loop(Prophet(), one_joint(), 0, steady_motion), Error);
  Embodiment other = one_joint();
  other.state[0].max = 1;
  EXPECT_THROW(open_loop(Prophet(), other, 1, steady_motion), Error);
}

}  // namespace
}  // namespace gyre::flywheel
