#include "gyre/infer/reference.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/io/file.h"
#include "gyre/model/parameters.h"

namespace gyre::infer {
namespace {

constexpr int kSide = 16;

Embodiment contract() {
  Embodiment robot;
  robot.name = "test/ee";
  robot.state = {{.name = "x", .unit = "m", .min = -1, .max = 1},
                 {.name = "y", .unit = "m", .min = -1, .max = 1}};
  robot.action = {{.name = "dx", .unit = "m", .kind = FieldKind::kDelta, .min = -10, .max = 10},
                  {.name = "dy", .unit = "m", .kind = FieldKind::kDelta, .min = -10, .max = 10},
                  {.name = "gripper", .unit = "1", .min = 0, .max = 10, .gripper = true}};
  robot.cameras = {{.name = "front", .width = kSide, .height = kSide, .mounting = "fixed"},
                   {.name = "wrist", .width = kSide, .height = kSide, .mounting = "hand"}};
  return robot;
}

Stats between(size_t dim, double low, double high) {
  RunningStats stats(dim);
  for (int i = 0; i <= 100; ++i) {
    stats.add(std::vector<float>(dim, static_cast<float>(low + (high - low) * i / 100)));
  }
  auto result = stats.stats();
  result.q01.assign(dim, low);
  result.q99.assign(dim, high);
  return result;
}

// A policy of random weights whose actions lie about `low` to `high`.
class ReferenceTest : public testing::Test {
 protected:
  std::unique_ptr<Engine> make_engine(double low = -1, double high = 1) {
    const auto folder = std::filesystem::path(testing::TempDir()) /
                        ("gyre_reference_" + std::to_string(folders_.size()));
    std::filesystem::create_directories(folder);
    folders_.push_back(folder);
    Checkpoint checkpoint;
    checkpoint.tokenizer = Tokenizer::open(std::filesystem::path(GYRE_SOURCE_DIR) /
                                           "tests/golden/misc/tiny_gemma_like.model");
    auto& config = checkpoint.config;
    config = ModelConfig::nano();
    config.vision.image_size = kSide;
    config.vision.channels = {4, 8, 8};
    config.vocab_size = checkpoint.tokenizer->vocab_size();
    config.max_prompt_tokens = 64;
    checkpoint.embodiments["test/ee"] = {contract(), between(2, -1, 1), between(3, low, high)};
    model::Parameters::initial(config, 4).save(folder / "model.safetensors");
    checkpoint.write(folder);
    return open_engine(folder.string());
  }

  void TearDown() override {
    for (const auto& folder : folders_) std::filesystem::remove_all(folder);
  }

  std::vector<std::filesystem::path> folders_;
};

Observation observe(int seed) {
  Observation observation;
  observation.time_ns = 1000 + seed;
  Rng rng(seed);
  for (int camera = 0; camera < 2; ++camera) {
    auto image = Image::black(kSide, kSide);
    for (auto& value : image.rgb) value = static_cast<uint8_t>(rng.below(256));
    observation.images.push_back(image);
  }
  observation.state = {static_cast<float>(rng.uniform(-1, 1)),
                       static_cast<float>(rng.uniform(-1, 1))};
  observation.task = seed % 2 ? "put the red cup into the sink" : "open the drawer";
  return observation;
}

ActionChunk chunk_of(const Engine& engine, const Observation& observation, uint64_t seed) {
  std::vector<Rng> rngs{Rng(seed)};
  return engine.sample(*engine.encode(std::span(&observation, 1), "test/ee"), rngs).front();
}

TEST_F(ReferenceTest, AChunkIsTheSameBitsInAnyCompany) {
  const auto engine = make_engine();
  const std::vector<Observation> all{observe(1), observe(2), observe(3)};
  std::vector<Rng> rngs{Rng(11), Rng(12), Rng(13)};
  const auto prefix = engine->encode(all, "test/ee");
  const auto chunks = engine->sample(*prefix, rngs);
  const auto texts = engine->think(*prefix);
  ASSERT_EQ(chunks.size(), 3u);
  for (size_t i = 0; i < all.size(); ++i) {
    const auto alone = chunk_of(*engine, all[i], 11 + i);
    EXPECT_EQ(alone.actions, chunks[i].actions);
    EXPECT_EQ(engine->think(*engine->encode(std::span(&all[i], 1), "test/ee")).front(), texts[i]);
    EXPECT_EQ(chunks[i].observation_time_ns, all[i].time_ns);
    EXPECT_EQ(chunks[i].policy_hash, engine->checkpoint().weights_hash);
  }
  EXPECT_NE(chunk_of(*engine, all[0], 12).actions, chunks[0].actions);
}

TEST_F(ReferenceTest, ActionsAreInTheRobotsUnits) {
  const auto chunk = chunk_of(*make_engine(-1, 1), observe(1), 5);
  const auto scaled = chunk_of(*make_engine(0, 10), observe(1), 5);
  ASSERT_EQ(chunk.horizon, 10);
  ASSERT_EQ(chunk.dim, 3);
  ASSERT_EQ(chunk.actions.size(), 30u);
  EXPECT_EQ(chunk.period_s, 0.1);
  for (size_t i = 0; i < chunk.actions.size(); ++i) {
    EXPECT_NEAR(scaled.actions[i], (chunk.actions[i] + 1) * 5, 1e-4);
  }
}

constexpr int kJoints = 14;  // as the golden folders' config.json says

// Folders of other projects, with the contract of a robot and a normaliser from elsewhere.
class AdoptedTest : public ReferenceTest, public testing::WithParamInterface<std::string> {
 protected:
  ActionChunk chunk(double low, double high, const Observation& observation) {
    Embodiment robot = contract();
    robot.cameras[0].name = "base_0_rgb";
    robot.cameras[1].name = "left_wrist_0_rgb";
    const Field joint{.name = "j", .unit = "rad", .min = -10, .max = 10};
    robot.state.assign(kJoints, joint);
    for (int i = 0; i < kJoints; ++i) robot.state[i].name += std::to_string(i);
    robot.action = robot.state;
    const auto features = [](size_t dim, double from, double to) {
      const std::vector<double> mid(dim, (from + to) / 2), half(dim, (to - from) / 2);
      return nlohmann::json{{"mean", mid},
                            {"std", half},
                            {"q01", std::vector<double>(dim, from)},
                            {"q99", std::vector<double>(dim, to)}};
    };
    const auto file = std::filesystem::path(testing::TempDir()) / "gyre_adopted.json";
    io::write_atomically(file, nlohmann::json{{"norm_stats",
                                               {{"state", features(kJoints, -1, 1)},
                                                {"actions", features(kJoints, low, high)}}}}
                                   .dump());
    const std::filesystem::path root = GYRE_SOURCE_DIR;
    FolderOptions given;
    given.stats = file;
    given.tokenizer = root / "assets/vocabulary/nano.model";
    const auto engine = open_engine(root / "tests/golden" / GetParam(), &robot, given);
    std::filesystem::remove(file);
    return chunk_of(*engine, observation, 5);
  }
};

TEST_P(AdoptedTest, ActsInTheUnitsOfTheRobotThatItAdopted) {
  Observation seen = observe(1);
  seen.state.resize(kJoints, 0.25F);
  const ActionChunk small = chunk(-1, 1, seen), large = chunk(0, 10, seen);
  ASSERT_EQ(small.dim, kJoints);
  ASSERT_EQ(small.actions.size(), static_cast<size_t>(kJoints) * small.horizon);
  for (size_t i = 0; i < small.actions.size(); ++i) {
    EXPECT_NEAR(large.actions[i], (small.actions[i] + 1) * 5, 1e-4);
  }
  Observation elsewhere = seen;
  elsewhere.state[1] = -0.75F;
  EXPECT_NE(chunk(-1, 1, elsewhere).actions, small.actions);
}

INSTANTIATE_TEST_SUITE_P(All, AdoptedTest, testing::Values("pi0", "pi05"),
                         [](const auto& info) { return info.param; });

TEST_F(ReferenceTest, WordsAndStateMatter) {
  const auto engine = make_engine();
  const auto before = chunk_of(*engine, observe(1), 5);
  auto other = observe(1);
  other.subtask = "press the button";
  EXPECT_NE(chunk_of(*engine, other, 5).actions, before.actions);
  other = observe(1);
  other.state[0] += 0.5f;
  EXPECT_NE(chunk_of(*engine, other, 5).actions, before.actions);
}

std::string refusal(const Engine& engine, const Observation& observation,
                    const std::string& embodiment = "test/ee") {
  return message_of([&] { engine.encode(std::span(&observation, 1), embodiment); });
}

TEST_F(ReferenceTest, RefusesWhatItCannotRead) {
  const auto engine = make_engine();
  auto observation = observe(1);
  observation.state[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(refusal(*engine, observation).find("state y"), std::string::npos);
  observation = observe(1);
  observation.state.push_back(0);
  EXPECT_NE(refusal(*engine, observation).find("3 numbers"), std::string::npos);
  observation = observe(1);
  observation.images[1] = Image::black(8, 16);
  EXPECT_NE(refusal(*engine, observation).find("camera wrist"), std::string::npos);
  observation = observe(1);
  observation.images.pop_back();
  EXPECT_NE(refusal(*engine, observation).find("1 pictures"), std::string::npos);
  EXPECT_NE(refusal(*engine, observe(1), "so101/ee").find("test/ee"), std::string::npos);

  const auto other = make_engine();
  const auto fine = observe(1);
  std::vector<Rng> rngs{Rng(1)};
  EXPECT_THROW(other->sample(*engine->encode(std::span(&fine, 1), "test/ee"), rngs), Error);
}

}  // namespace
}  // namespace gyre::infer
