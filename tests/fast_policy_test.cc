// π0-FAST from folder to robot: a tiny policy learns chunks by heart, is written, opened by an
// engine and gives them again, in LeRobot's format and in openpi's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/data/frame_set.h"
#include "gyre/infer/engine.h"
#include "gyre/io/file.h"
#include "gyre/policy/action_tokens.h"
#include "gyre/policy/adapter.h"
#include "gyre/policy/initial_folder.h"
#include "gyre/train/trainer.h"
#include "tests/source_dir.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
constexpr int kSide = 28, kSteps = 4;

Embodiment pointer() {
  return {.name = "pointer/ee",
          .action_period_s = 0.1,
          .state = {{.name = "x", .unit = "m", .min = -1, .max = 1}},
          .action = {{.name = "dx", .unit = "m", .kind = FieldKind::kDelta, .min = -1, .max = 1},
                     {.name = "gripper", .unit = "1", .min = 0, .max = 1, .gripper = true}},
          .cameras = {{"front", kSide, kSide, "fixed"}},
          .workspace = {}};
}

// The words give the direction; picture and state give the distance.
data::EpisodeRows episode_of(int number) {
  const bool left = number % 2 == 0;
  data::EpisodeRows episode{.embodiment = "pointer/ee",
                            .task_name = "point",
                            .family = "point",
                            .instruction = left ? "Go Left" : "Go Right",
                            .seed = 1,
                            .success = true,
                            .rows = {}};
  for (int i = 0; i < 6; ++i) {
    data::Row step;
    step.index = i;
    Image image = Image::black(kSide, kSide);
    std::fill_n(image.rgb.begin() + static_cast<std::ptrdiff_t>(i) * 12 * kSide, 12 * kSide, 255);
    step.images = {image};
    step.state = {static_cast<float>(i) / 6};
    step.task = episode.instruction;
    step.source = Source::kExpert;
    step.action = {(left ? -0.1F : 0.1F) * static_cast<float>(i + 1), i < 3 ? 0.F : 1.F};
    episode.rows.push_back(step);
  }
  return episode;
}

Request request_of(const data::Row& row) {
  Request request;
  request.embodiment = pointer().name;
  request.frame.state = row.state;
  for (const Image& image : row.images)
    request.frame.pictures.emplace_back(Picture{.image = image});
  Goal goal;
  goal.task = row.task;
  request.goal = std::make_shared<const Goal>(goal);
  return request;
}

// A chunk after tokenising and detokenising.
std::vector<float> there_and_back(const Checkpoint& policy, const data::Row& seen,
                                  std::vector<float> chunk) {
  const auto adapter = make_adapter(policy, policy.trained_on(pointer()));
  const ActionTokens tokens(policy);
  adapter->targets(seen.state, chunk);
  std::vector<int> answer =
      tokens.answer(std::vector<double>(chunk.begin(), chunk.end()), kSteps, 2, 20).tokens;
  answer.erase(answer.begin(), answer.begin() + std::ssize(tokens.opening()));
  answer.pop_back();  // EOS
  const std::vector<double> read = tokens.detokenise(answer, kSteps, 2).value();
  std::vector<float> wide(static_cast<size_t>(kSteps) * policy.config.max_action_dim);
  for (int i = 0; i < kSteps * 2; ++i) {
    wide[i / 2 * policy.config.max_action_dim + i % 2] = static_cast<float>(read[i]);
  }
  return adapter->actions(seen.state, wide);
}

class FastPolicyTest : public testing::TestWithParam<bool> {
 protected:
  FastPolicyTest() {
    fs::remove_all(folder_);
    ModelConfig config = ModelConfig::pi0_fast();
    config.vision = {
        .image_size = kSide, .width = 16, .depth = 1, .heads = 2, .mlp_dim = 32, .patch = 14};
    config.language = {
        .width = 48, .depth = 2, .mlp_dim = 96, .heads = 4, .kv_heads = 1, .head_dim = 12};
    const fs::path vocabulary = source_dir() / "tests/golden/misc/tiny_gemma_like.model";
    config.vocab_size = Tokenizer::open(vocabulary)->vocab_size();
    config.max_prompt_tokens = 96;
    config.horizon = kSteps;
    write_initial_folder(config, {.seed = 3}, folder_ / "base");
    fs::copy_file(vocabulary, folder_ / "base/tokenizer.model");
    if (!openpi()) return;
    const fs::path file = folder_ / "base/config.json";
    nlohmann::json json = nlohmann::json::parse(io::read_text(file));
    for (const char* key : {"type", "chunk_size", "input_features"}) json.erase(key);
    json["action_horizon"] = kSteps;
    json["max_token_len"] = 96;
    io::write_atomically(file, json.dump());
  }
  ~FastPolicyTest() override { fs::remove_all(folder_); }

  bool openpi() const { return GetParam(); }

  train::TrainConfig quick(int64_t steps) const {
    train::TrainConfig config;
    config.steps = steps;
    config.batch = 12;
    config.workers = 1;
    config.device = "cpu";
    config.loss = openpi() ? "padded" : "real";
    config.fit_fast = true;
    config.schedule = {.kind = "constant", .peak = 2e-3, .final = 2e-3, .warmup_steps = 20};
    config.ema = 0;
    config.augment = {.shift = 0, .brightness = 0, .contrast = 0, .saturation = 0};
    config.validation.fraction = 0.5;
    config.log_every = 1;
    return config;
  }
  train::TrainResult train(const std::string& name, const train::TrainConfig& config) const {
    data::FrameSet frames(kSide, kSide);
    const int embodiment = frames.add_embodiment(pointer());
    // Each twice: once to learn from, once to be held out.
    for (int i = 0; i < 4; ++i) frames.add(embodiment, episode_of(i / 2));
    return train::train(config, open("base"), {{.frames = &frames, .weight = 1, .targets = {}}},
                        folder_ / name);
  }
  std::vector<nlohmann::json> metrics(const std::string& name) const {
    std::vector<nlohmann::json> lines;
    std::ifstream file(folder_ / name / "metrics.jsonl");
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }
  Checkpoint open(const std::string& name) const {
    return Checkpoint::open(folder_ / name, given_);
  }

  fs::path folder_ = fs::path(testing::TempDir()) / (openpi() ? "fast_openpi" : "fast_lerobot");
  FolderOptions given_{.heads = 4, .vision_heads = 2, .camera_names = {"front", "none", "none"}};
};

TEST_P(FastPolicyTest, LearnsChunksByHeartAndSaysThem) {
  const auto result = train("tuned", quick(400));
  EXPECT_LT(result.loss, 0.1);
  // Of chunks that were said and read back. openpi reads through text, which not every word of this
  // small vocabulary survives.
  if (!openpi()) {
    EXPECT_LT(result.held_out_error.value(), 0.05);
  }

  EXPECT_EQ(open("tuned").kind, openpi() ? FolderKind::kOpenpi : FolderKind::kLeRobot);
  const Embodiment robot = pointer();
  const auto engine = infer::open_engine(folder_ / "tuned", &robot, given_);
  EXPECT_EQ(engine->checkpoint().config.type, "pi0_fast");
  const std::string about = io::read_text(folder_ / "tuned/config.json");
  EXPECT_EQ(about.find("lerobot/fast-action-tokenizer"), std::string::npos);  // another one
  for (int number : {0, 1}) {
    const data::EpisodeRows episode = episode_of(number);
    for (int at : {0, 2}) {
      const data::Row& seen = episode.rows[at];
      const Request request = request_of(seen);
      const Request* const requests[] = {&request};
      std::vector<Rng> rngs{Rng(1)};
      const ActionChunk chunk =
          engine->sample(*engine->encode(requests, infer::Ask::kActions), rngs).front();
      ASSERT_EQ(chunk.horizon, kSteps);
      std::vector<float> recorded;
      for (int h = 0; h < kSteps; ++h) {
        const std::vector<float>& action = episode.rows[at + h].action;
        recorded.insert(recorded.end(), action.begin(), action.end());
      }
      const std::vector<float> expected = there_and_back(engine->checkpoint(), seen, recorded);
      for (size_t i = 0; i < recorded.size(); ++i) {
        EXPECT_NEAR(chunk.actions[i], expected[i], 1e-5) << number << " " << at << " " << i;
        if (!openpi()) {
          EXPECT_NEAR(chunk.actions[i], recorded[i], 0.06) << number << " " << at << " " << i;
        }
      }
    }
  }
}

// LeRobot's mean is over the words of the whole batch, openpi's over those of each chunk.
TEST_P(FastPolicyTest, TwoWorkersLearnWhatOneDoes) {
  train::TrainConfig config = quick(3);
  train("one", config);
  config.workers = 2;
  train("two", config);
  const auto one = metrics("one"), two = metrics("two");
  for (size_t i = 0; i < 3; ++i) {
    for (const char* key : {"words", "gradient_norm"}) {
      const double value = one.at(i).at(key);
      EXPECT_NEAR(value, two.at(i).at(key).get<double>(), 1e-4 * value) << i << key;
    }
  }
  config = quick(3);
  config.loss = openpi() ? "real" : "padded";
  train("other", config);
  EXPECT_NE(metrics("other").at(0).at("words"), one.at(0).at("words"));
}

TEST_P(FastPolicyTest, WithoutItsTokenizerItDoesNotLearn) {
  train::TrainConfig config = quick(1);
  config.fit_fast = false;
  EXPECT_NE(message_of([&] { train("tuned", config); }).find("--fast-tokenizer DIR"),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Both, FastPolicyTest, testing::Values(false, true),
                         [](const auto& info) { return info.param ? "openpi" : "LeRobot"; });

}  // namespace
}  // namespace gyre
