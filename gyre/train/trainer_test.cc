#include "gyre/train/trainer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/testing.h"
#include "gyre/data/frame_set.h"
#include "gyre/io/file.h"
#include "gyre/io/safetensors.h"
#include "gyre/policy/initial_folder.h"
#include "gyre/policy/pi_prompt.h"
#include "gyre/train/batch_maker.h"
#include "tests/source_dir.h"

namespace gyre::train {
namespace {

namespace fs = std::filesystem;
constexpr int kSide = 16;
constexpr const char* kWords[] = {"left", "right", "up", "down"};

// A square that the action names the place of.
Embodiment pointer() {
  Embodiment e{
      .name = "pointer/ee",
      .action_period_s = 0.1,
      .state = {{.name = "x", .unit = "m", .min = -1, .max = 1}},
      .action = {{.name = "dx", .unit = "m", .kind = FieldKind::kDelta, .min = -1, .max = 1},
                 {.name = "gripper", .unit = "1", .min = 0, .max = 1, .gripper = true}},
      .cameras = {{"front", kSide, kSide, "fixed"}},
      .workspace = {}};
  return e;
}

data::EpisodeRows episode_of(int number, int steps) {
  data::EpisodeRows episode{.embodiment = "pointer/ee",
                            .task_name = "point",
                            .family = "point",
                            .instruction = std::string("go ") + kWords[number % 4],
                            .seed = static_cast<uint64_t>(number),
                            .success = true,
                            .rows = {}};
  for (int i = 0; i < steps; ++i) {
    const int column = i;
    data::Row step;
    step.index = i;
    Image image = Image::black(kSide, kSide);
    for (int y = 6; y < 9; ++y) {
      for (int x = column; x < column + 3; ++x) image.rgb[3 * (y * kSide + x)] = 255;
    }
    step.images = {image};
    step.state = {static_cast<float>(column) / kSide};
    step.task = episode.instruction;
    step.subtask = kWords[number % 4];
    step.source = gyre::Source::kExpert;
    const float sign = number % 2 == 0 ? -1.f : 1.f;
    step.action = {sign * 0.2f, column < kSide / 2 ? 0.f : 1.f};
    const float at = 2 * (static_cast<float>(column) + 1.5f) / kSide - 1;
    step.grounding = {at, 0, 1, 0, 0, 0};
    episode.rows.push_back(step);
  }
  return episode;
}

class TrainerTest : public testing::Test {
 protected:
  TrainerTest() : frames_(kSide, kSide) {
    folder_ =
        fs::path(testing::TempDir()) /
        (std::string("trainer_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    const int embodiment = frames_.add_embodiment(pointer());
    for (int i = 0; i < 4; ++i) frames_.add(embodiment, episode_of(i, 12));
  }
  ~TrainerTest() override { fs::remove_all(folder_); }

  static Checkpoint scratch() {
    Checkpoint start;
    ModelConfig& model = start.config;
    model.type = "nano";
    model.vision = {.kind = VisionKind::kKeypoints,
                    .image_size = kSide,
                    .channels = {8, 8},
                    .keypoints = 8,
                    .tokens = 2,
                    .grounding = 1};
    model.language = {
        .width = 32, .depth = 2, .mlp_dim = 64, .heads = 2, .kv_heads = 1, .head_dim = 16};
    model.expert = model.language;
    start.tokenizer = Tokenizer::open(source_dir() / "assets/vocabulary/nano.model");
    model.vocab_size = start.tokenizer->vocab_size();
    model.max_prompt_tokens = 32;
    model.max_state_dim = 2;
    model.max_action_dim = 3;
    model.horizon = 4;
    model.cameras = 1;
    model.state_input = StateInput::kSuffixToken;
    return start;
  }

  static TrainConfig quick(int64_t steps) {
    TrainConfig config;
    config.steps = steps;
    config.batch = 8;
    config.workers = 1;
    config.device = "cpu";
    config.schedule.warmup_steps = 5;
    config.augment = {.shift = 0, .brightness = 0, .contrast = 0, .saturation = 0};
    config.instruction_chance = 1;
    config.validation.fraction = 0;
    return config;
  }

  std::vector<Source> sources() const { return {{.frames = &frames_, .weight = 1, .targets = {}}}; }

  std::vector<nlohmann::json> metrics(const std::string& run) const {
    std::vector<nlohmann::json> lines;
    std::ifstream file(folder_ / run / "metrics.jsonl");
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  data::FrameSet frames_;
  fs::path folder_;
};

// Each of the four episodes is there twice, once to learn from and once to
// sample chunks for.
TEST_F(TrainerTest, OverfitsFourEpisodes) {
  data::FrameSet twice(kSide, kSide);
  const int embodiment = twice.add_embodiment(pointer());
  for (int i = 0; i < 8; ++i) twice.add(embodiment, episode_of(i / 2, 12));
  TrainConfig config = quick(900);
  config.batch = 16;
  config.schedule.peak = 3e-3;
  config.instruction_chance = 0.5;
  config.validation.fraction = 0.5;
  config.log_every = 100;
  const auto result = train(config, scratch(), {{&twice, 1, {}}}, folder_ / "run");
  EXPECT_LT(result.held_out_error.value(), 0.06);
  const auto lines = metrics("run");
  const auto& last = lines[lines.size() - 2];  // the last line is the validation's
  EXPECT_LT(last.at("flow").get<double>(), 0.4 * lines.front().at("flow").get<double>());
  EXPECT_LT(last.at("grounding").get<double>(), 0.01);
  EXPECT_LT(last.at("text").get<double>(), 0.01);
}

TEST_F(TrainerTest, TheSameSeedGivesTheSameBitsAndAnotherSeedOthers) {
  TrainConfig config = quick(4);
  config.workers = 2;
  const auto weights = [&](const std::string& name) {
    train(config, scratch(), sources(), folder_ / name);
    return io::read_bytes(folder_ / name / "model.safetensors");
  };
  const auto first = weights("first");
  EXPECT_EQ(weights("second"), first);
  config.seed = 2;
  EXPECT_NE(weights("third"), first);
}

TEST_F(TrainerTest, ResumedRunHasTheSameBits) {
  TrainConfig config = quick(12);
  config.schedule.kind = "constant";
  train(config, scratch(), sources(), folder_ / "whole");
  config.steps = 5;
  train(config, scratch(), sources(), folder_ / "parts");
  config.steps = 12;
  EXPECT_THROW(train(config, scratch(), sources(), folder_ / "parts"), Error);
  const auto result = train(config, scratch(), sources(), folder_ / "parts", IfExists::kResume);
  EXPECT_EQ(result.steps, 12);
  EXPECT_EQ(io::read_bytes(folder_ / "whole/model.safetensors"),
            io::read_bytes(folder_ / "parts/model.safetensors"));
}

// A learning rate that throws the weights far away in its first step.
TEST_F(TrainerTest, ARunThatDivergesEndsWithAnErrorAndItsLastGoodState) {
  TrainConfig config = quick(3);
  config.schedule = {.kind = "constant", .peak = 1e-3, .final = 1e-3, .warmup_steps = 0};
  config.log_every = 1;
  train(config, scratch(), sources(), folder_ / "run");
  const auto good = io::read_bytes(folder_ / "run/model.safetensors");

  config.steps = 40;
  config.schedule.peak = config.schedule.final = 1e30;
  const auto diverge = [&] {
    return message_of(
        [&] { train(config, scratch(), sources(), folder_ / "run", IfExists::kResume); });
  };
  EXPECT_THAT(diverge(), testing::AllOf(testing::HasSubstr("20 steps in a row"),
                                        testing::HasSubstr("schedule.peak")));
  EXPECT_EQ(io::read_bytes(folder_ / "run/model.safetensors"), good);
  for (const auto& line : metrics("run")) {
    for (const auto& [name, value] : line.items()) EXPECT_TRUE(value.is_number()) << line;
  }
  EXPECT_EQ(metrics("run").back().at("skipped_steps"), 1);

  // Unchanged, it ends: each run goes on behind the last one's rows.
  int reruns = 1;
  while (!diverge().empty()) ASSERT_LT(++reruns, 4);
  EXPECT_EQ(io::read_bytes(folder_ / "run/model.safetensors"), good);
  // With another rate, it learns.
  config.steps = 60;
  config.schedule.peak = config.schedule.final = 1e-3;
  const auto result = train(config, scratch(), sources(), folder_ / "run", IfExists::kResume);
  EXPECT_TRUE(std::isfinite(result.loss));
  EXPECT_EQ(result.skipped_steps, 0);
  EXPECT_NE(io::read_bytes(folder_ / "run/model.safetensors"), good);
}

// There is no earlier save to go back to.
TEST_F(TrainerTest, AFirstRunThatDivergesLeavesItsBeginning) {
  TrainConfig config = quick(40);
  config.schedule = {.kind = "constant", .peak = 1e30, .final = 1e30, .warmup_steps = 0};
  EXPECT_THROW(train(config, scratch(), sources(), folder_ / "run"), Error);
  config.schedule.peak = config.schedule.final = 1e-3;
  const auto result = train(config, scratch(), sources(), folder_ / "run", IfExists::kResume);
  EXPECT_EQ(result.steps, 40);
  EXPECT_TRUE(std::isfinite(result.loss));
}

TEST_F(TrainerTest, ThePolicySaysWhichDataItLearntFrom) {
  train(quick(1), scratch(), sources(), folder_ / "first");
  Checkpoint first = Checkpoint::open(folder_ / "first");
  EXPECT_EQ(first.about.at("policy_hash"), first.policy_hash);
  ASSERT_EQ(first.about.at("data").size(), 1);
  const auto& data = first.about.at("data").at(0);
  EXPECT_EQ(data.at("name"), "pointer/ee");
  EXPECT_EQ(data.at("hash"), frames_.content_hash(0));
  EXPECT_EQ(data.at("episodes"), 4);
  EXPECT_EQ(data.at("frames"), 48);
  // A new dataset is added to the list; one that is in the list is not added again.
  Source named = sources().front();
  named.origins = {{.name = "shelf", .hash = "abc", .episodes = 4, .frames = 48}};
  first.about["parent"] = first.about["turn"] = "of the start alone";
  train(quick(1), first, {sources().front(), named}, folder_ / "second");
  const Checkpoint second = Checkpoint::open(folder_ / "second");
  ASSERT_EQ(second.about.at("data").size(), 2);
  EXPECT_EQ(second.about.at("data").at(0), data);
  EXPECT_EQ(second.about.at("data").at(1).at("hash"), "abc");
  EXPECT_EQ(second.about.at("training").at("parent"), first.policy_hash);
  EXPECT_EQ(second.about.at("policy_hash"), second.policy_hash);
  EXPECT_FALSE(second.about.contains("parent") || second.about.contains("turn"));
}

TEST_F(TrainerTest, TwoWorkersLearnWhatOneDoes) {
  TrainConfig config = quick(3);
  config.log_every = 1;
  train(config, scratch(), sources(), folder_ / "one");
  config.workers = 2;
  train(config, scratch(), sources(), folder_ / "two");
  const auto one = metrics("one"), two = metrics("two");
  for (size_t i = 0; i < one.size(); ++i) {
    for (const char* name : {"flow", "grounding", "text", "gradient_norm"}) {
      const double value = one[i].at(name);
      EXPECT_NEAR(value, two[i].at(name).get<double>(), 1e-4 * value) << i << name;
    }
  }
}

TEST_F(TrainerTest, InsulationTeachesTheBackboneToSayTheActions) {
  TrainConfig config = quick(60);
  config.insulate = true;
  config.fast_weight = 1;
  config.schedule.kind = "constant";
  config.schedule.peak = 3e-3;
  config.log_every = 10;
  train(config, scratch(), sources(), folder_ / "run");
  const auto lines = metrics("run");
  EXPECT_LT(lines.back().at("words").get<double>(), 0.5 * lines.front().at("words").get<double>());
  EXPECT_GT(lines.back().at("flow").get<double>(), 0);
  // The tokenizer that was fitted on the data goes with the policy, and on with the run.
  const auto words = io::read_text(folder_ / "run" / kFastFolder / "tokenizer.json");
  EXPECT_TRUE(Checkpoint::open(folder_ / "run").fast_tokenizer);
  config.steps = 61;
  train(config, scratch(), sources(), folder_ / "run", IfExists::kResume);
  EXPECT_EQ(io::read_text(folder_ / "run" / kFastFolder / "tokenizer.json"), words);
  config.fast_weight = 0;
  train(config, scratch(), sources(), folder_ / "silent");
  EXPECT_FALSE(metrics("silent").back().contains("words"));
}

TEST_F(TrainerTest, CheckpointGoesOnWithItsStatistics) {
  train(quick(2), scratch(), sources(), folder_ / "first");
  Checkpoint first = Checkpoint::open(folder_ / "first");
  const Stats kept = first.embodiments.at("pointer/ee").action;
  data::FrameSet other(kSide, kSide);
  data::EpisodeRows loud = episode_of(1, 8);
  for (data::Row& step : loud.rows) step.action[0] = 0.9f;
  other.add(other.add_embodiment(pointer()), loud);
  train(quick(2), std::move(first), {{&frames_, 0.5, {}}, {&other, 0.5, {}}}, folder_ / "second");
  EXPECT_EQ(Checkpoint::open(folder_ / "second").embodiments.at("pointer/ee").action, kept);
}

TEST_F(TrainerTest, OnlyTargetsAreLearntFrom) {
  std::vector<float> targets(frames_.size(), 0);
  for (size_t i = 0; i < 3; ++i) targets[i] = 1;  // the first three steps of the first episode
  const Mixture mixture({{&frames_, 1, targets}}, {.fraction = 0}, 1);
  Checkpoint checkpoint = scratch();
  checkpoint.embodiments["pointer/ee"] = mixture.statistics(0, false, 0);
  const TrainConfig config = quick(1);
  const BatchMaker maker(checkpoint, mixture, config);
  const Batch batch = maker.training(0, 0, 32, 0, 0);
  const int row_size = 4 * 3;
  bool saw_last = false;
  for (int row = 0; row < 32; ++row) {
    float sum = 0;
    for (int i = 0; i < row_size; ++i) sum += batch.weight[row * row_size + i];
    EXPECT_NEAR(sum, 1, 1e-5);
    EXPECT_EQ(batch.weight[row * row_size + 3 * 3],
              0);  // the fourth step is never one
    saw_last = saw_last || batch.weight[row * row_size + 3] == 0;
  }
  EXPECT_TRUE(saw_last);
  EXPECT_THROW(Mixture({{&frames_, 1, std::vector<float>(frames_.size(), 0)}}, {}, 1), Error);
}

TEST_F(TrainerTest, GivenActionsAreThoseBeforeTheFirstThatIsLearnt) {
  const Mixture mixture(sources(), {.fraction = 0}, 1);
  Checkpoint checkpoint = scratch();
  checkpoint.embodiments["pointer/ee"] = mixture.statistics(0, false, 0);
  TrainConfig config = quick(1);
  constexpr int kRows = 400;
  const size_t step = 3, size = 4 * step, noise = config.flow_samples * size;
  const Batch plain = BatchMaker(checkpoint, mixture, config).training(0, 0, kRows, 0, 0);
  EXPECT_EQ(plain.given, std::vector<int64_t>(kRows, 0));
  checkpoint.config.max_delay = 3;
  const Batch given = BatchMaker(checkpoint, mixture, config).training(0, 0, kRows, 0, 0);
  config.continuing.noise = 0.1;
  const Batch noisy = BatchMaker(checkpoint, mixture, config).training(0, 0, kRows, 0, 0);
  EXPECT_EQ(noisy.given, given.given);
  EXPECT_EQ(given.noise, plain.noise);
  EXPECT_EQ(given.time, plain.time);
  ASSERT_EQ(noise * kRows, given.noise.size());
  std::vector<int> counts(4);
  const auto row_of = [&](const std::vector<float>& values, int row) {
    return std::vector<float>(values.begin() + row * size, values.begin() + (row + 1) * size);
  };
  for (int row = 0; row < kRows; ++row) {
    const auto first = static_cast<size_t>(given.given[row]);
    ++counts[first];
    const auto actions = row_of(given.actions, row), weight = row_of(given.weight, row);
    const auto old = row_of(plain.actions, row), changed = row_of(noisy.actions, row);
    EXPECT_NEAR(std::accumulate(weight.begin(), weight.end(), 0.F), 1, 1e-5);
    for (size_t h = 0; h < 4; ++h) {
      EXPECT_EQ(weight[h * step] > 0, h >= first);
      EXPECT_EQ(changed[h * step] != actions[h * step], h < first) << "noise where it is given";
      if (h < first) continue;
      EXPECT_EQ(actions[h * step], old[(h - first) * step]) << "the same first action to learn";
    }
    if (first == 0) {
      EXPECT_EQ(given.state[2 * row], plain.state[2 * row]);
    }
  }
  EXPECT_NEAR(counts[0] / static_cast<double>(kRows), 0.4, 0.12) << "more at an episode's start";
  for (int delay = 1; delay <= 3; ++delay) EXPECT_GT(counts[delay], 0.1 * kRows) << delay;
}

// Frames that nobody should learn from may well be given.
TEST_F(TrainerTest, GivenActionsNeedNotBeTargets) {
  std::vector<float> targets(frames_.size(), 0);
  targets[5] = targets[6] = 1;
  const Mixture mixture({{&frames_, 1, targets}}, {.fraction = 0}, 1);
  Checkpoint checkpoint = scratch();
  checkpoint.embodiments["pointer/ee"] = mixture.statistics(0, false, 0);
  checkpoint.config.max_delay = 2;
  TrainConfig config = quick(1);
  config.continuing.undelayed = 0;
  const Batch batch = BatchMaker(checkpoint, mixture, config).training(0, 0, 32, 0, 0);
  for (int row = 0; row < 32; ++row) {
    const auto given = static_cast<size_t>(batch.given[row]);
    EXPECT_GT(given, 0);
    for (size_t h = 0; h < 4; ++h) {
      const bool learnt = batch.weight[row * 12 + h * 3] > 0;
      if (h < given || h > given + 1) {
        EXPECT_FALSE(learnt);
      }
      if (h == given) {
        EXPECT_TRUE(learnt);
      }
    }
  }
}

// Nothing but the actions that are given says which way an episode goes.
TEST_F(TrainerTest, LearnsToGoOnFromTheGivenActions) {
  data::FrameSet frames(kSide, kSide);
  const int embodiment = frames.add_embodiment(pointer());
  for (int i = 0; i < 8; ++i) {
    data::EpisodeRows episode = episode_of(0, 12);
    for (data::Row& step : episode.rows) {
      step.action = {(i / 2) % 2 == 0 ? -0.2f : 0.2f, 0};
      step.images = {Image::black(kSide, kSide)};
      step.state = {0};
    }
    frames.add(embodiment, episode);
  }
  TrainConfig config = quick(300);
  config.schedule.peak = 3e-3;
  config.validation.fraction = 0.5;
  config.text_weight = config.grounding_weight = 0;
  config.continuing.max_delay = 2;
  const auto result = train(config, scratch(), {{&frames, 1, {}}}, folder_ / "run");
  ASSERT_EQ(result.continued_errors.size(), 2u);
  for (const auto& [delay, error] : result.continued_errors) {
    EXPECT_LT(error, 0.5 * *result.held_out_error) << delay;
    EXPECT_EQ(metrics("run").back().at(fmt::format("held_out_error_delay_{}", delay)), error);
  }
  Checkpoint first = Checkpoint::open(folder_ / "run");
  EXPECT_EQ(first.config.max_delay, 2);
  // Learning on keeps it, unless it is told otherwise; the chunk may grow.
  config = quick(1);
  first.config.horizon = 6;
  train(config, first, sources(), folder_ / "second");
  EXPECT_EQ(Checkpoint::open(folder_ / "second").config.max_delay, 2);
  EXPECT_EQ(Checkpoint::open(folder_ / "second").config.horizon, 6);
  config.continuing.max_delay = 0;
  train(config, first, sources(), folder_ / "third");
  EXPECT_EQ(Checkpoint::open(folder_ / "third").config.max_delay, 0);
  config.continuing.max_delay = 6;
  EXPECT_THAT(message_of([&] { train(config, first, sources(), folder_ / "fourth"); }),
              testing::HasSubstr("'max_delay'"));
}

TEST_F(TrainerTest, NoiseOnTheStateHasTheDeviationThatWasAskedFor) {
  const Mixture mixture(sources(), {.fraction = 0}, 1);
  Checkpoint checkpoint = scratch();
  checkpoint.embodiments["pointer/ee"] = mixture.statistics(0, false, 0);
  TrainConfig config = quick(1);
  constexpr int kRows = 400;
  const Batch clean = BatchMaker(checkpoint, mixture, config).training(0, 0, kRows, 0, 0);
  config.state_noise = 0.1;
  const Batch noisy = BatchMaker(checkpoint, mixture, config).training(0, 0, kRows, 0, 0);
  ASSERT_EQ(clean.state.size(), noisy.state.size());
  double square = 0;
  int changed = 0;
  for (size_t i = 0; i < clean.state.size(); ++i) {
    if (clean.state[i] == noisy.state[i]) continue;
    square += std::pow(clean.state[i] - noisy.state[i], 2);
    ++changed;
  }
  EXPECT_EQ(changed % kRows, 0) << "the robot's own fields alone";
  EXPECT_NEAR(std::sqrt(square / changed), 0.1, 0.01);
}

TEST_F(TrainerTest, BeyondTheEndThereIsNoMotionAndTheGripperStays) {
  const Mixture mixture(sources(), {.fraction = 0}, 1);
  Checkpoint checkpoint = scratch();
  checkpoint.embodiments["pointer/ee"] = mixture.statistics(0, false, 0);
  std::vector<float> targets(frames_.size(), 0);
  targets[11] = 1;  // the last step of the first episode
  const Mixture last({{&frames_, 1, targets}}, {.fraction = 0}, 1);
  const TrainConfig config = quick(1);
  const Batch batch = BatchMaker(checkpoint, last, config).training(0, 0, 1, 0, 0);
  const TrainedEmbodiment& trained = checkpoint.embodiments.at("pointer/ee");
  const Normalizer normalizer(NormKind::kQuantile, trained.action, 2);
  const std::vector<float> raw = {0, 1};
  std::vector<float> rest(2);
  normalizer.normalize(raw, rest);
  for (int h = 1; h < 4; ++h) {
    EXPECT_FLOAT_EQ(batch.actions[h * 3], rest[0]);
    EXPECT_FLOAT_EQ(batch.actions[h * 3 + 1], rest[1]);
    EXPECT_GT(batch.weight[h * 3], 0);
  }
}

TEST(FlowTime, IsBetaOfThreeHalves) {
  Rng rng(5);
  double mean = 0, below_half = 0;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const double t = draw_flow_time(rng);
    ASSERT_GT(t, 0);
    ASSERT_LE(t, 1);
    mean += t / kDraws;
    below_half += (t < 0.5) / static_cast<double>(kDraws);
  }
  EXPECT_NEAR(mean, 0.6 * 0.999 + 0.001, 0.01);  // a / (a + b)
  EXPECT_NEAR(below_half, std::pow(0.4995, 1.5),
              0.015);  // the distribution function
}

// A LeRobot folder of π0.5's graph, without a normaliser, that knows none of the robots.
class FineTuneTest : public TrainerTest {
 protected:
  static constexpr int kTowerSide = 56;

  FineTuneTest() : padded_(kTowerSide, kTowerSide) {
    const int embodiment = padded_.add_embodiment(pointer());
    for (int i = 0; i < 4; ++i) padded_.add(embodiment, episode_of(i, 12));
    const fs::path golden = source_dir() / "tests/golden";
    ModelConfig config = Checkpoint::open(golden / "pi05").config;
    const fs::path words = golden / "misc/tiny_gemma_like.model";
    config.vocab_size = Tokenizer::open(words)->vocab_size();
    config.max_prompt_tokens = 64;
    write_initial_folder(config, {.seed = 1}, folder_ / "base");
    fs::copy_file(words, folder_ / "base/tokenizer.model");
  }

  Checkpoint base() const { return open("base"); }
  Checkpoint open(const std::string& name) const {
    return Checkpoint::open(
        folder_ / name, {.heads = 8, .vision_heads = 4, .camera_names = {"front", "none", "none"}});
  }
  TrainResult tune(const std::string& name, const TrainConfig& config) const {
    return train(config, base(), {{.frames = &padded_, .weight = 1, .targets = {}}},
                 folder_ / name);
  }

  data::FrameSet padded_;
};

TEST_F(FineTuneTest, LeavesAFolderOfLeRobotWithTheNormaliserOfTheData) {
  TrainConfig config = quick(30);
  config.text_weight = 0;
  const TrainResult short_run = tune("tuned", config);
  EXPECT_GT(short_run.loss, 0);
  const Checkpoint tuned = open("tuned");
  EXPECT_EQ(tuned.kind, FolderKind::kLeRobot);
  EXPECT_EQ(tuned.config, base().config);
  EXPECT_THAT(tuned.warnings, testing::IsEmpty());
  ASSERT_TRUE(tuned.processors->action);
  EXPECT_NEAR(tuned.processors->action->q01.at(0), -0.2, 0.03);
  EXPECT_NE(sha256_file(tuned.weights_path()), sha256_file(base().weights_path()));
  const auto about = nlohmann::json::parse(io::read_text(folder_ / "tuned/gyre_training.json"));
  EXPECT_EQ(about.at("training").at("steps"), 30);
  // Going on from there keeps its normaliser.
  Checkpoint again = open("tuned");
  again.adopt(pointer());
  EXPECT_EQ(again.trained_on(pointer()).action.q01, tuned.processors->action->q01);
}

TEST_F(FineTuneTest, TheDelayStandsUnderLeRobotsName) {
  TrainConfig config = quick(1);
  config.text_weight = 0;
  config.continuing.max_delay = 2;
  tune("tuned", config);
  EXPECT_EQ(open("tuned").config.max_delay, 2);
  const auto json = nlohmann::json::parse(io::read_text(folder_ / "tuned/config.json"));
  EXPECT_EQ(json.at("rtc_training_max_delay"), 2);
}

TEST_F(FineTuneTest, ThePromptHoldsTheStateAndTheOtherCamerasAreMasked) {
  const Mixture mixture({{&padded_, 1, {}}}, {.fraction = 0}, 1);
  Checkpoint start = base();
  start.embodiments["pointer/ee"] = mixture.statistics(0, false, start.config.horizon);
  TrainConfig config = quick(1);
  config.loss = "padded";
  const BatchMaker maker(start, mixture, config);
  const Batch batch = maker.training(0, 0, 2, 0, 0);
  EXPECT_EQ(batch.prefix.image_mask, (std::vector<uint8_t>{1, 0, 0, 1, 0, 0}));
  std::vector<int> words;
  for (int i = 0; i < batch.prefix.length; ++i) {
    if (batch.prefix.token_mask[i] != 0) words.push_back(static_cast<int>(batch.prefix.tokens[i]));
  }
  const std::string prompt = start.tokenizer->decode({words.begin() + 1, words.end()});
  EXPECT_THAT(prompt, testing::StartsWith("Task: go "));
  EXPECT_THAT(prompt, testing::HasSubstr(
                          ", State: " + std::to_string(state_bins({&batch.state[0], 1})[0]) + ";"));
  // Every field of the policy counts, the padding too.
  const size_t chunk = static_cast<size_t>(start.config.horizon) * start.config.max_action_dim;
  for (size_t i = 0; i < chunk; ++i) EXPECT_FLOAT_EQ(batch.weight[i], 1.F / chunk);
}

TEST_F(FineTuneTest, LowRankCorrectionsEndUpInTheWeights) {
  TrainConfig config = quick(3);
  config.text_weight = 0;
  config.tune = "lora-expert";
  config.recompute = true;
  tune("tuned", config);
  const auto before = io::SafeTensors::open(base().weights_path());
  const auto after = io::SafeTensors::open(open("tuned").weights_path());
  const auto same = [&](const std::string& name) {
    return before.at(name).to_floats() == after.at(name).to_floats();
  };
  const std::string streams = "model.paligemma_with_expert.";
  EXPECT_FALSE(same(streams + "gemma_expert.model.layers.0.self_attn.q_proj.weight"));
  EXPECT_FALSE(same("model.action_in_proj.weight"));
  EXPECT_TRUE(same(streams + "gemma_expert.model.layers.0.mlp.up_proj.weight"));
  EXPECT_TRUE(same(streams + "paligemma.model.language_model.layers.0.self_attn.q_proj.weight"));
  for (const auto& [name, view] : after.tensors()) {
    EXPECT_EQ(name.find("lora"), std::string::npos) << name;
  }
}

// The weights that words alone need: the subtask is learnt, the chunks stay as they are.
TEST_F(TrainerTest, WordsAloneAreLearntWithoutAChangeOfActions) {
  data::FrameSet twice(kSide, kSide);
  const int embodiment = twice.add_embodiment(pointer());
  for (int i = 0; i < 8; ++i) twice.add(embodiment, episode_of(i / 2, 12));
  TrainConfig config = quick(20);
  config.text_weight = 0;
  config.validation.fraction = 0.5;
  const auto start = train(config, scratch(), {{&twice, 1, {}}}, folder_ / "start");
  EXPECT_FALSE(start.held_out_thoughts);
  config.steps = 300;
  config.tune = "text";
  config.text_weight = config.text_fraction = 1;
  config.schedule.peak = 3e-3;
  const auto words =
      train(config, Checkpoint::open(folder_ / "start"), {{&twice, 1, {}}}, folder_ / "words");
  EXPECT_EQ(words.held_out_error, start.held_out_error);
  EXPECT_GT(words.held_out_thoughts.value(), 0.9);
  const auto lines = metrics("words");
  EXPECT_FALSE(lines.front().contains("flow"));
  EXPECT_TRUE(lines.back().contains("held_out_thoughts"));
  config.text_weight = 0;
  EXPECT_THROW(train(config, scratch(), sources(), folder_ / "nothing"), Error);
}

}  // namespace
}  // namespace gyre::train
