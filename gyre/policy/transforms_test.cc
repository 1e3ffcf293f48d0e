// Pictures and prompts, prepared as openpi and LeRobot prepare them: tests/golden/misc.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/safetensors.h"
#include "gyre/policy/action_transform.h"
#include "gyre/policy/image_transform.h"
#include "gyre/policy/pi_prompt.h"
#include "gyre/policy/testing.h"

namespace gyre {
namespace {

io::SafeTensors arrays(const std::string& project) {
  return io::SafeTensors::open(kMisc / (project + "_misc.safetensors"));
}
nlohmann::json texts(const std::string& project) {
  return nlohmann::json::parse(io::read_text(kMisc / (project + "_misc.json")));
}

Image image_of(const io::TensorView& view) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(view.bytes.data());
  return {static_cast<int>(view.shape[1]),
          static_cast<int>(view.shape[0]),
          {bytes, bytes + view.bytes.size()}};
}

TEST(ImageTransform, AsOpenpiToTheBit) {
  const io::SafeTensors file = arrays("openpi");
  for (int i = 0; i < 4; ++i) {
    const std::string name = "resize_pil." + std::to_string(i);
    const Image wanted = image_of(file.at(name + ".out"));
    EXPECT_EQ(resize_with_pad(image_of(file.at(name + ".in")), wanted.width, wanted.height), wanted)
        << name;
  }
}

TEST(ImageTransform, AsLeRobot) {
  const io::SafeTensors file = arrays("lerobot");
  for (int i = 0; i < 3; ++i) {
    const std::string name = "resize_torch." + std::to_string(i);
    const std::vector<int64_t>&in = file.at(name + ".in").shape,
          &out = file.at(name + ".out").shape;
    const std::vector<float> wanted = file.at(name + ".out").to_floats();
    const std::vector<float> ours = resize_with_pad(
        file.at(name + ".in").to_floats(), 3, static_cast<int>(in[3]), static_cast<int>(in[2]),
        static_cast<int>(out[3]), static_cast<int>(out[2]));
    ASSERT_EQ(ours.size(), wanted.size());
    for (size_t k = 0; k < ours.size(); ++k) ASSERT_NEAR(ours[k], wanted[k], 2e-5) << name;
  }
}

void expect_relative(const io::SafeTensors& file, const std::string& name, size_t batch,
                     const std::vector<bool>& mask) {
  std::vector<int> relative_to;
  for (size_t i = 0; i < mask.size(); ++i)
    relative_to.push_back(mask[i] ? static_cast<int>(i) : -1);
  std::vector<float> chunks = file.at(name + ".actions").to_floats();
  const std::vector<float> state = file.at(name + ".state").to_floats();
  const std::vector<float> out = file.at(name + ".out").to_floats();
  const std::vector<float> back = file.at(name + ".back").to_floats();
  const size_t size = chunks.size() / batch, width = state.size() / batch;
  for (size_t b = 0; b < batch; ++b) {
    const auto chunk = std::span(chunks).subspan(b * size, size);
    const auto robot = std::span(state).subspan(b * width, width);
    make_relative(relative_to, robot, chunk);
    for (size_t i = 0; i < size; ++i) ASSERT_NEAR(chunk[i], out[b * size + i], 1e-6) << name;
    make_absolute(relative_to, robot, chunk);
    for (size_t i = 0; i < size; ++i) ASSERT_NEAR(chunk[i], back[b * size + i], 1e-6) << name;
  }
}

TEST(RelativeActions, AsBothProjects) {
  expect_relative(arrays("lerobot"), "relative", 2,
                  texts("lerobot").at("relative_mask").get<std::vector<bool>>());
  std::vector<bool> delta(14, true);  // two arms of six joints and a gripper
  delta[6] = delta[13] = false;
  expect_relative(arrays("openpi"), "delta", 1, delta);
}

TEST(ActionTransform, ComesBack) {
  TrainedEmbodiment trained;
  trained.contract.state = {{.name = "a"}, {.name = "grip", .gripper = true}, {.name = "b"}};
  trained.contract.action = {{.name = "b"}, {.name = "grip", .gripper = true}, {.name = "c"}};
  EXPECT_EQ(relative_fields(trained.contract), (std::vector<int>{2, -1, -1}));
  trained.action.q01 = {0, 0, 0};
  trained.action.q99 = {10, 1, 4};
  const std::vector<float> state = {5, 0.5F, 7};
  for (const bool relative : {false, true}) {
    if (relative) {
      trained.relative_to = relative_fields(trained.contract);
      trained.relative_action.q01 = {-1, 0, 0, -2, 0, 0};  // of both actions of the chunk
      trained.relative_action.q99 = {1, 1, 4, 2, 1, 4};
      trained.relative_action.mean.resize(6);
    }
    const ActionTransform transform(trained);
    std::vector<float> chunk = {7.5F, 1, 2, 6.5F, 0, 4};
    transform.encode(state, chunk);
    EXPECT_FLOAT_EQ(chunk[0], 0.5F);
    EXPECT_FLOAT_EQ(chunk[3], relative ? -0.25F : 0.3F);
    EXPECT_FLOAT_EQ(chunk[5], 1);
    transform.decode(state, chunk);
    EXPECT_FLOAT_EQ(chunk[0], 7.5F);
    EXPECT_FLOAT_EQ(chunk[4], 0);
  }
}

TEST(ImageTransform, PlanesAndRefusal) {
  const Image image{2, 1, {0, 51, 255, 255, 0, 102}};
  const std::vector<float> wanted = {-1, 1, -0.6f, -1, 1, -0.2f};
  const std::vector<float> planes = to_planes(image);
  ASSERT_EQ(planes.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(planes[i], wanted[i], 1e-6);
  EXPECT_THROW(resize_with_pad(Image{}, 8, 8), Error);
  EXPECT_THROW(resize_with_pad(image, 0, 8), Error);
}

TEST(PiPrompt, StateBinsExactly) {
  const io::SafeTensors file = arrays("lerobot");
  const io::TensorView& wanted = file.at("discretise.bin");
  const std::vector<int> bins = state_bins(file.at("discretise.x").to_floats());
  ASSERT_EQ(bins.size() * sizeof(int), wanted.bytes.size());
  EXPECT_EQ(std::memcmp(bins.data(), wanted.bytes.data(), wanted.bytes.size()), 0);
  EXPECT_THROW(state_bins(std::vector{0.f, std::numeric_limits<float>::quiet_NaN()}), Error);
}

TEST(PiPrompt, TextAsLeRobot) {
  const nlohmann::json golden = texts("lerobot");
  const auto states = golden.at("pi05_prompt_states").get<std::vector<std::vector<float>>>();
  ASSERT_FALSE(golden.at("pi05_prompts").empty());
  for (const nlohmann::json& each : golden.at("pi05_prompts")) {
    for (size_t i = 0; i < states.size(); ++i) {
      EXPECT_EQ(pi05_prompt(each.at("task").get<std::string>(), states[i]),
                each.at("prompts")[i].get<std::string>());
    }
  }
  const auto tokenizer = Tokenizer::open(kMisc / "tiny_gemma_like.model");
  for (const nlohmann::json& each : golden.at("pi0_newline")) {
    const PromptTokens tokens =
        pi0_tokens(*tokenizer, Dialect::kLeRobot, each.at("task").get<std::string>(), 100);
    EXPECT_EQ(tokenizer->decode({tokens.ids.begin() + 1, tokens.ids.begin() + tokens.valid}),
              each.at("out").get<std::string>());
  }
}

TEST(PiPrompt, TokensAsOpenpi) {
  const nlohmann::json golden = texts("openpi");
  const auto tokenizer = Tokenizer::open(kMisc / "tiny_gemma_like.model");
  const auto state = golden.at("openpi_state").get<std::vector<float>>();
  for (const nlohmann::json& each : golden.at("pi0_tokenize")) {
    const auto text = each.at("text").get<std::string>();
    const PromptTokens tokens = pi0_tokens(*tokenizer, Dialect::kOpenpi, text, 48);
    EXPECT_EQ(tokens.ids, each.at("ids").get<std::vector<int>>()) << text;
    const auto mask = each.at("mask").get<std::vector<bool>>();
    EXPECT_EQ(tokens.valid, std::count(mask.begin(), mask.end(), true)) << text;
  }
  for (const nlohmann::json& each : golden.at("pi05_tokenize")) {
    const auto text = each.at("text").get<std::string>();
    const PromptTokens tokens = pi05_tokens(*tokenizer, text, state, 200);
    EXPECT_EQ(tokens.ids, each.at("ids").get<std::vector<int>>()) << text;
    EXPECT_EQ(tokens.valid, each.at("n_valid").get<int>()) << text;
  }
  for (const nlohmann::json& each : golden.at("truncate16")) {
    const PromptTokens tokens =
        pi05_tokens(*tokenizer, each.at("text").get<std::string>(), state, 16);
    EXPECT_EQ(tokens.ids, each.at("ids").get<std::vector<int>>());
    EXPECT_TRUE(tokens.truncated);
  }
}

}  // namespace
}  // namespace gyre
