#include "gyre/infer/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/infer/testing.h"
#include "gyre/io/file.h"
#include "gyre/model/parameters.h"
#include "tests/source_dir.h"

namespace gyre::infer {
namespace {

using ::testing::HasSubstr;

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
class ReferenceTest : public ::testing::Test {
 protected:
  std::unique_ptr<Engine> make_engine(double low = -1, double high = 1) {
    const auto folder = std::filesystem::path(::testing::TempDir()) /
                        ("gyre_reference_" + std::to_string(folders_.size()));
    std::filesystem::create_directories(folder);
    folders_.push_back(folder);
    Checkpoint checkpoint;
    checkpoint.tokenizer =
        Tokenizer::open(source_dir() / "tests/golden/misc/tiny_gemma_like.model");
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

Request request_of(int seed) { return some_request(contract(), seed); }

TEST_F(ReferenceTest, AChunkIsTheSameBitsInAnyCompany) {
  const auto engine = make_engine();
  const std::vector<Request> all{request_of(1), request_of(2), request_of(3)};
  std::vector<Rng> rngs{Rng(11), Rng(12), Rng(13)};
  const auto chunks = engine->sample(*engine->encode(pointers(all), Ask::kActions), rngs);
  const auto texts = engine->think(*engine->encode(pointers(all), Ask::kSubtask));
  ASSERT_EQ(chunks.size(), 3u);
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(chunk_of(*engine, all[i], 11 + i).actions, chunks[i].actions);
    EXPECT_EQ(think(*engine, all[i]), texts[i]);
    EXPECT_EQ(chunks[i].id, all[i].id);
    EXPECT_EQ(chunks[i].observation_time_ns, all[i].frame.time_ns);
    EXPECT_EQ(chunks[i].policy_hash, engine->checkpoint().policy_hash);
  }
  EXPECT_NE(chunk_of(*engine, all[0], 12).actions, chunks[0].actions);
}

TEST_F(ReferenceTest, ActionsAreInTheRobotsUnits) {
  const auto chunk = chunk_of(*make_engine(-1, 1), request_of(1), 5);
  const auto scaled = chunk_of(*make_engine(0, 10), request_of(1), 5);
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
class AdoptedTest : public ReferenceTest, public ::testing::WithParamInterface<std::string> {
 protected:
  ActionChunk chunk(double low, double high, Request request) {
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
    const auto file = std::filesystem::path(::testing::TempDir()) / "gyre_adopted.json";
    io::write_atomically(file, nlohmann::json{{"norm_stats",
                                               {{"state", features(kJoints, -1, 1)},
                                                {"actions", features(kJoints, low, high)}}}}
                                   .dump());
    const std::filesystem::path root = source_dir();
    FolderOptions given;
    given.stats = file;
    given.tokenizer = root / "assets/vocabulary/nano.model";
    const auto engine = open_engine(root / "tests/golden" / GetParam(), &robot, given);
    std::filesystem::remove(file);
    request.embodiment = robot.name;
    return chunk_of(*engine, request, 5);
  }
};

TEST_P(AdoptedTest, ActsInTheUnitsOfTheRobotThatItAdopted) {
  Request seen = request_of(1);
  seen.frame.state.resize(kJoints, 0.25F);
  const ActionChunk small = chunk(-1, 1, seen), large = chunk(0, 10, seen);
  ASSERT_EQ(small.dim, kJoints);
  ASSERT_EQ(small.actions.size(), static_cast<size_t>(kJoints) * small.horizon);
  for (size_t i = 0; i < small.actions.size(); ++i) {
    EXPECT_NEAR(large.actions[i], (small.actions[i] + 1) * 5, 1e-4);
  }
  Request elsewhere = seen;
  elsewhere.frame.state[1] = -0.75F;
  EXPECT_NE(chunk(-1, 1, elsewhere).actions, small.actions);
}

INSTANTIATE_TEST_SUITE_P(All, AdoptedTest, ::testing::Values("pi0", "pi05"),
                         [](const auto& info) { return info.param; });

TEST_F(ReferenceTest, WordsAndStateMatter) {
  const auto engine = make_engine();
  const auto before = chunk_of(*engine, request_of(1), 5);
  Request other = request_of(1);
  Goal goal = *other.goal;
  goal.subtask = "press the button";
  other.goal = std::make_shared<const Goal>(goal);
  EXPECT_NE(chunk_of(*engine, other, 5).actions, before.actions);
  EXPECT_EQ(encode(*engine, other, Ask::kActions)->prompt(0), "Task: press the button;\nAction: ");
  EXPECT_EQ(encode(*engine, other, Ask::kSubtask)->prompt(0),
            "Task: put the red cup into the sink;\nSubtask: ")
      << "thinking asks about the task";
  other = request_of(1);
  other.frame.state[0] += 0.5f;
  EXPECT_NE(chunk_of(*engine, other, 5).actions, before.actions);
}

TEST_F(ReferenceTest, RefusesWhatItCannotRead) {
  const auto engine = make_engine();
  const auto refusal = [&](const auto& change) {
    Request request = request_of(1);
    change(request);
    return message_of([&] { encode(*engine, request, Ask::kActions); });
  };
  EXPECT_THAT(refusal([](Request& r) { r.frame.state[1] = NAN; }), HasSubstr("state y"));
  EXPECT_THAT(refusal([](Request& r) { r.frame.state.push_back(0); }), HasSubstr("3 numbers"));
  EXPECT_THAT(refusal([](Request& r) {
                r.frame.pictures[1] = PictureRef(Picture{.image = Image::black(8, 16)});
              }),
              HasSubstr("camera wrist"));
  EXPECT_THAT(refusal([](Request& r) { r.frame.pictures[1] = {}; }), HasSubstr("no picture yet"));
  EXPECT_THAT(refusal([](Request& r) { r.frame.pictures.pop_back(); }), HasSubstr("1 pictures"));
  EXPECT_THAT(refusal([](Request& r) { r.embodiment = "so101/ee"; }), HasSubstr("test/ee"));
  EXPECT_THAT(refusal([](Request& r) { r.goal = nullptr; }), HasSubstr("has no goal"));

  const auto other = make_engine();
  const auto prefix = encode(*engine, request_of(1), Ask::kActions);
  EXPECT_THAT(message_of([&] { sample(*other, *prefix, 1); }), HasSubstr("another engine"));
}

}  // namespace
}  // namespace gyre::infer
