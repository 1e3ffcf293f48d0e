#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/model/chunking.h"
#include "gyre/model/fused.h"
#include "gyre/model/policy.h"
#include "gyre/policy/tensor_names.h"

namespace gyre::model {
namespace {

using torch::Tensor;

// Every part of nano, as small as it goes.
ModelConfig tiny() {
  ModelConfig config;
  config.type = "nano";
  config.vision = {.kind = VisionKind::kKeypoints,
                   .image_size = 16,
                   .channels = {4, 5, 6},
                   .keypoints = 4,
                   .tokens = 2,
                   .grounding = 2};
  config.language = {
      .width = 12, .depth = 2, .mlp_dim = 16, .heads = 4, .kv_heads = 2, .head_dim = 6};
  config.expert = {.width = 8, .depth = 2, .mlp_dim = 14, .heads = 4, .kv_heads = 2, .head_dim = 6};
  config.vocab_size = 30;
  config.max_prompt_tokens = 12;
  config.max_state_dim = 5;
  config.max_action_dim = 3;
  config.horizon = 4;
  config.cameras = 2;
  config.state_input = StateInput::kSuffixToken;
  config.time_input = TimeInput::kAdaRms;
  return config;
}

// Prompts of 7 and 5 tokens; with `answers`, of which the last 3 and 2 are an answer.
PrefixInput some_input(const ModelConfig& config, torch::Dtype dtype, bool answers = false) {
  torch::manual_seed(7);
  PrefixInput input;
  input.images = torch::rand({2, config.cameras, 3, 16, 16}, dtype) * 2 - 1;
  input.image_mask = torch::ones({2, config.cameras}, torch::kBool);
  input.tokens = torch::randint(3, config.vocab_size, {2, 8});
  const auto index = torch::arange(8);
  input.token_mask = index < torch::tensor({{7}, {5}});
  if (answers) input.answer = input.token_mask & (index >= torch::tensor({{4}, {3}}));
  return input;
}

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(Policy, GradientsAreThoseOfFiniteDifferences) {
  const auto config = tiny();
  auto parameters = Parameters::initial(config, 3).to(torch::kCPU, torch::kFloat64);
  parameters.flatten();
  const Policy policy(config, parameters);
  const auto input = some_input(config, torch::kFloat64, true);
  const auto options = torch::dtype(torch::kFloat64);
  const auto state = torch::randn({2, 5}, options), x_t = torch::randn({2, 3, 4, 3}, options);
  auto t = torch::rand({2, 3, 4}, options);
  t[1].slice(1, 0, 2).zero_();  // a time that several actions share
  const auto loss = [&] {
    const auto prefix = policy.embed_prefix(input);
    const auto encoded = policy.encode(prefix, true);
    const auto logits = policy.text_logits(policy.prompt_hidden(encoded.hidden));
    return policy.velocity(encoded.cache, state, x_t, t).square().mean() +
           prefix.grounding.square().mean() +
           torch::log_softmax(logits, -1).select(-1, 3).masked_select(input.token_mask).mean();
  };
  loss().backward();

  const torch::NoGradGuard no_gradients;
  const double step = 1e-6;
  for (const auto& [name, tensor] : parameters.all()) {
    const auto direction = torch::randn(tensor.sizes(), options);
    const double analytic = (tensor.grad() * direction).sum().item<double>();
    tensor.add_(direction, step);
    const double up = loss().item<double>();
    tensor.add_(direction, -2 * step);
    const double down = loss().item<double>();
    tensor.add_(direction, step);
    const double numeric = (up - down) / (2 * step);
    EXPECT_NEAR(analytic, numeric, 1e-6 + 1e-5 * std::abs(numeric)) << name;
    EXPECT_NE(analytic, 0) << name;
  }
}

TEST(Fused, AgreesWithTheFormula) {
  torch::manual_seed(1);
  const auto leaf = [](Tensor x) { return x.requires_grad_(); };
  const auto x = leaf(torch::randn({3, 20, 5, 7})), film = leaf(torch::randn({3, 40}));
  const auto gate = leaf(torch::randn({11, 19}) * 4), up = leaf(torch::randn({11, 19}));
  const auto as64 = [&](const Tensor& y) { return leaf(y.detach().to(torch::kFloat64)); };
  const auto x64 = as64(x), film64 = as64(film), gate64 = as64(gate), up64 = as64(up);

  const auto fused = film_relu(x, film), exact = film_relu(x64, film64);
  EXPECT_LT(difference(fused, exact), 1e-5);
  fused.square().sum().backward();
  exact.square().sum().backward();
  EXPECT_LT(difference(x.grad(), x64.grad()), 1e-4);
  EXPECT_LT(difference(film.grad(), film64.grad()), 1e-3);

  const auto product = gelu_product(gate, up), exact_product = gelu_product(gate64, up64);
  EXPECT_LT(difference(product, exact_product), 1e-5);
  product.square().sum().backward();
  exact_product.square().sum().backward();
  EXPECT_LT(difference(gate.grad(), gate64.grad()), 1e-3);
  EXPECT_LT(difference(up.grad(), up64.grad()), 1e-3);

  const auto rows = leaf(torch::randn({2, 6, 21})), scale = leaf(torch::randn({4, 21}));
  const auto shift = leaf(torch::randn({4, 21}));
  const auto rows64 = as64(rows), scale64 = as64(scale), shift64 = as64(shift);
  const auto normal = rms_modulate(rows, scale, shift);
  const auto exact_normal = rms_modulate(rows64, scale64, shift64);
  EXPECT_LT(difference(normal, exact_normal), 1e-5);
  normal.pow(3).sum().backward();
  exact_normal.pow(3).sum().backward();
  EXPECT_LT(difference(rows.grad(), rows64.grad()), 1e-3);
  EXPECT_LT(difference(scale.grad(), scale64.grad()), 1e-3);
  EXPECT_LT(difference(shift.grad(), shift64.grad()), 1e-3);
}

TEST(Policy, ATimePerActionIsThatOfAllWhereTheyAreEqual) {
  for (const TimeInput input : {TimeInput::kAdaRms, TimeInput::kConcatMlp}) {
    auto config = tiny();
    config.time_input = input;
    const Policy policy(config, Parameters::initial(config, 3));
    const auto cache =
        policy.encode(policy.embed_prefix(some_input(config, torch::kFloat32))).cache;
    const auto state = torch::randn({2, 5}), x_t = torch::randn({2, 3, 4, 3});
    const auto t = torch::rand({2, 3}), each = t.unsqueeze(2).repeat({1, 1, 4});
    const auto shared = policy.velocity(cache, state, x_t, t);
    EXPECT_LT(difference(policy.velocity(cache, state, x_t, each), shared), 1e-6);
    each.select(2, 0).zero_();
    EXPECT_GT(difference(policy.velocity(cache, state, x_t, each), shared), 1e-3);
  }
}

TEST(Policy, GivenActionsStandAndTheRestFollowsFromThem) {
  const auto config = tiny();
  const Policy policy(config, Parameters::initial(config, 3));
  const auto cache = policy.encode(policy.embed_prefix(some_input(config, torch::kFloat32))).cache;
  const auto state = torch::randn({2, 5}), noise = torch::randn({2, 4, 3});
  auto previous = torch::randn({2, 3, 3});
  const auto chunk = [&](int64_t first, int64_t second) {
    return sample_continued(policy, cache, state, noise, 5, previous,
                            torch::tensor({first, second}));
  };
  EXPECT_TRUE(chunk(0, 0).equal(policy.sample(cache, state, noise, 5)));
  for (const int64_t given : {1, 2, 3}) {
    const auto before = chunk(given, 0);
    EXPECT_TRUE(before[0].slice(0, 0, given).equal(previous[0].slice(0, 0, given)));
    EXPECT_LT(difference(before[1], chunk(0, 0)[1]), 1e-6) << "each row for itself";
    const auto was = previous[0][given - 1].clone();
    previous[0][given - 1] += 0.5;
    EXPECT_GT(difference(chunk(given, 0)[0].slice(0, given), before[0].slice(0, given)), 1e-4);
    previous[0][given - 1] = was;
    previous[0][2] += given < 3 ? 0.5 : 0;  // what is not given changes nothing
    EXPECT_TRUE(chunk(given, 0).equal(before));
  }
  EXPECT_TRUE(chunk(4, 4).equal(chunk(3, 3))) << "no more is given than there is";
}

TEST(Policy, PaddingChangesNothing) {
  const auto config = tiny();
  const Policy policy(config, Parameters::initial(config, 3));
  auto input = some_input(config, torch::kFloat32);
  const auto state = torch::randn({2, 5}), noise = torch::randn({2, 4, 3});
  const auto chunk = [&] {
    return policy.sample(policy.encode(policy.embed_prefix(input)).cache, state, noise, 5);
  };
  const auto before = chunk();
  input.tokens = torch::constant_pad_nd(input.tokens, {0, 4}, 9);
  input.token_mask = torch::constant_pad_nd(input.token_mask, {0, 4}, 0);
  EXPECT_LT(difference(chunk(), before), 1e-5);
  input.tokens[0][0] = 29;
  EXPECT_GT(difference(chunk(), before), 1e-3);
}

TEST(Policy, AnUntiedTextHeadScoresAndDoesNotEmbed) {
  auto config = tiny();
  config.tied_embedding = false;
  const auto parameters = Parameters::initial(config, 3);
  const Policy policy(config, parameters);
  const auto hidden = torch::ones({1, config.language.width});
  const auto scores = policy.text_logits(hidden);
  parameters.at(kWordEmbedding).zero_();
  EXPECT_TRUE(policy.text_logits(hidden).equal(scores));
  parameters.at(kTextHead).zero_();
  EXPECT_FALSE(policy.text_logits(hidden).equal(scores));
}

TEST(Policy, OrderOfWordsReachesTheKeypoints) {
  const auto config = tiny();
  const Policy policy(config, Parameters::initial(config, 3));
  auto input = some_input(config, torch::kFloat32);
  const auto before = policy.embed_prefix(input).grounding;
  input.tokens = input.tokens.flip(1);
  input.token_mask.fill_(true);
  const auto all = policy.embed_prefix(input).grounding;
  input.tokens = input.tokens.flip(1);
  EXPECT_GT(difference(policy.embed_prefix(input).grounding, all), 1e-4);
}

// An answer's tokens see what stands before them, and nothing but they sees them.
TEST(Policy, AnswersAreCausal) {
  const auto config = tiny();
  const Policy policy(config, Parameters::initial(config, 3));
  auto input = some_input(config, torch::kFloat32, true);
  const auto state = torch::randn({2, 5}), noise = torch::randn({2, 4, 3});
  const auto hidden = [&] {
    return policy.prompt_hidden(policy.encode(policy.embed_prefix(input), true).hidden);
  };
  const auto chunk = [&] {
    return policy.sample(policy.encode(policy.embed_prefix(input)).cache, state, noise, 2);
  };
  const auto before = hidden(), chunk_before = chunk();
  input.tokens[0][5] = (input.tokens[0][5] + 1) % config.vocab_size;  // prompt 0..3, answer 4..6
  const auto after = hidden();
  EXPECT_LT(difference(after[0].slice(0, 0, 5), before[0].slice(0, 0, 5)), 1e-6);
  EXPECT_GT(difference(after[0].slice(0, 5, 7), before[0].slice(0, 5, 7)), 1e-4);
  EXPECT_LT(difference(chunk(), chunk_before), 1e-6);
}

TEST(Policy, CachedTextIsThatOfTheWholeSequence) {
  const auto config = tiny();
  const Policy policy(config, Parameters::initial(config, 3));
  const auto input = some_input(config, torch::kFloat32);
  const int count = 4;
  const auto texts = policy.continue_text(input, {.max_tokens = count});
  ASSERT_EQ(texts.size(), 2u);
  for (int row = 0; row < 2; ++row) {
    ASSERT_EQ(texts[row].size(), static_cast<size_t>(count));
    const int prompt = static_cast<int>(input.token_mask[row].sum().item<int64_t>());
    PrefixInput whole;
    whole.images = input.images.slice(0, row, row + 1);
    whole.image_mask = input.image_mask.slice(0, row, row + 1);
    whole.tokens =
        torch::cat({input.tokens[row].slice(0, 0, prompt),
                    torch::tensor(std::vector<int64_t>(texts[row].begin(), texts[row].end()))})
            .unsqueeze(0);
    whole.token_mask = torch::ones_like(whole.tokens, torch::kBool);
    whole.answer = (torch::arange(prompt + count) >= prompt).unsqueeze(0);
    const auto hidden = policy.encode(policy.embed_prefix(whole), true).hidden;
    const auto best = policy.text_logits(policy.prompt_hidden(hidden)).argmax(-1)[0];
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(best[prompt - 1 + i].item<int64_t>(), texts[row][i]) << row << " " << i;
    }
  }
  const auto stopped = policy.continue_text(input, {.max_tokens = count, .stop = texts[0][1]});
  EXPECT_LE(stopped[0].size(), 1u);
}

// π0-FAST, as small as it goes: patches of pictures, a language stream, no expert.
ModelConfig tiny_fast() {
  ModelConfig config = ModelConfig::pi0_fast();
  config.vision = {
      .image_size = 16, .width = 12, .depth = 2, .heads = 3, .mlp_dim = 10, .patch = 8};
  config.language = tiny().language;
  config.vocab_size = 30;
  config.cameras = 2;
  config.tied_embedding = false;  // else the last word is the likeliest for ever
  return config;
}

TEST(FastPolicy, HasNoExpert) {
  const auto parameters = Parameters::initial(tiny_fast(), 3);
  for (const auto& [name, tensor] : parameters.all()) {
    EXPECT_TRUE(name.starts_with("paligemma_with_expert.paligemma.")) << name;
  }
}

TEST(FastPolicy, GradientsAreThoseOfFiniteDifferences) {
  const auto config = tiny_fast();
  auto parameters = Parameters::initial(config, 3).to(torch::kCPU, torch::kFloat64);
  parameters.flatten();
  const Policy policy(config, parameters);
  const auto input = some_input(config, torch::kFloat64, true);
  const auto options = torch::dtype(torch::kFloat64);
  const auto asked = input.answer.slice(1, 1);
  const auto loss = [&] {  // of the answer's tokens, each from the one before
    const auto hidden = policy.encode(policy.embed_prefix(input), true).hidden;
    const auto before = policy.prompt_hidden(hidden).slice(1, 0, -1).index({asked});
    const auto scores = torch::log_softmax(policy.text_logits(before), -1);
    return -scores.gather(-1, input.tokens.slice(1, 1).index({asked}).unsqueeze(-1)).mean();
  };
  loss().backward();

  const torch::NoGradGuard no_gradients;
  const double step = 1e-6;
  for (const auto& [name, tensor] : parameters.all()) {
    const auto direction = torch::randn(tensor.sizes(), options);
    const double analytic = (tensor.grad() * direction).sum().item<double>();
    tensor.add_(direction, step);
    const double up = loss().item<double>();
    tensor.add_(direction, -2 * step);
    const double down = loss().item<double>();
    tensor.add_(direction, step);
    const double numeric = (up - down) / (2 * step);
    EXPECT_NEAR(analytic, numeric, 1e-6 + 1e-5 * std::abs(numeric)) << name;
    // A key's bias moves all of a query's scores alike.
    if (!name.ends_with("k_proj.bias")) {
      EXPECT_NE(analytic, 0) << name;
    }
  }
}

// The likeliest token at each place when the whole sequence is one pass, with the answer `skipped`
// positions after the prompt.
std::vector<int64_t> whole_pass(const Policy& policy, const PrefixInput& input, int row,
                                const std::vector<int>& text, int skipped) {
  const auto valid = input.token_mask[row];
  const auto prompt = input.tokens[row].masked_select(valid);
  PrefixInput whole;
  whole.images = input.images.slice(0, row, row + 1);
  whole.image_mask = input.image_mask.slice(0, row, row + 1);
  whole.tokens = torch::cat({prompt, torch::tensor(std::vector<int64_t>(text.begin(), text.end()))})
                     .unsqueeze(0);
  whole.token_mask = torch::ones_like(whole.tokens, torch::kBool);
  whole.answer = (torch::arange(whole.tokens.size(1)) >= prompt.size(0)).unsqueeze(0);
  auto prefix = policy.embed_prefix(whole);
  prefix.positions.slice(1, prefix.positions.size(1) - std::ssize(text)).add_(skipped);
  const auto hidden = policy.prompt_hidden(policy.encode(prefix, true).hidden);
  const auto best = policy.text_logits(hidden).argmax(-1)[0].slice(0, prompt.size(0) - 1);
  return {best.data_ptr<int64_t>(), best.data_ptr<int64_t>() + best.numel()};
}

// With LeRobot's positions and with openpi's, which leave one out; prompts padded on the right
// (LeRobot) say the same as on the left (openpi).
TEST(FastPolicy, CachedDecodingIsThatOfTheWholeSequence) {
  const auto config = tiny_fast();
  const Policy policy(config, Parameters::initial(config, 3));
  const auto input = some_input(config, torch::kFloat32);
  std::vector<std::vector<std::vector<int>>> said;
  for (const int skipped : {0, 1}) {
    const Decoding decoding{.max_tokens = 12, .skipped_positions = skipped};
    said.push_back(policy.continue_text(input, decoding));
    for (int row = 0; row < 2; ++row) {
      const std::vector<int>& text = said.back()[row];
      ASSERT_EQ(text.size(), 12u);
      const auto best = whole_pass(policy, input, row, text, skipped);
      for (size_t i = 0; i < text.size(); ++i) EXPECT_EQ(best[i], text[i]) << row << " " << i;
    }
    PrefixInput left = input;
    for (int row = 0; row < 2; ++row) {
      const int64_t shift = 8 - input.token_mask[row].sum().item<int64_t>();
      left.tokens = left.tokens.clone();
      left.token_mask = left.token_mask.clone();
      left.tokens[row] = input.tokens[row].roll(shift, 0);
      left.token_mask[row] = input.token_mask[row].roll(shift, 0);
    }
    EXPECT_EQ(policy.continue_text(left, decoding), said.back());
  }
  EXPECT_NE(said[0], said[1]);
}

TEST(FastPolicy, TemperatureDrawsByTheSeed) {
  const auto config = tiny_fast();
  const Policy policy(config, Parameters::initial(config, 3));
  const auto input = some_input(config, torch::kFloat32);
  const auto said = [&](double temperature, uint64_t seed) {
    Rng rng(seed);
    return policy.continue_text(input, {.max_tokens = 8, .temperature = temperature, .rng = &rng});
  };
  EXPECT_EQ(said(1, 4), said(1, 4));
  EXPECT_NE(said(1, 4), said(1, 5));
  EXPECT_EQ(said(1e-6, 4), said(0, 5));  // so cold that the likeliest always wins
}

TEST(Parameters, SameSeedSameWeights) {
  const auto a = Parameters::initial(tiny(), 5), b = Parameters::initial(tiny(), 5);
  const auto c = Parameters::initial(tiny(), 6);
  for (size_t i = 0; i < a.all().size(); ++i) {
    EXPECT_TRUE(a.all()[i].second.equal(b.all()[i].second)) << a.all()[i].first;
  }
  EXPECT_FALSE(a.at("action_in_proj.weight").equal(c.at("action_in_proj.weight")));
  EXPECT_THROW(a.at("action_in_proj"), Error);
}

TEST(Parameters, FlatBuffersAreTheTensors) {
  const auto config = tiny();
  auto parameters = Parameters::initial(config, 5);
  const Policy policy(config, parameters);
  auto flat = parameters.flatten();
  ASSERT_EQ(flat.value.numel(), parameters.count());
  const auto input = some_input(config, torch::kFloat32);
  const auto loss = [&] { return policy.embed_prefix(input).embeddings.square().mean(); };
  const auto before = loss();
  before.backward();
  EXPECT_GT(flat.gradient.abs().max().item<float>(), 0);
  EXPECT_EQ(
      parameters.at("keypoint_stem.map.bias").grad().data_ptr(),
      flat.gradient.data_ptr<float>() + (parameters.at("keypoint_stem.map.bias").data_ptr<float>() -
                                         flat.value.data_ptr<float>()));
  flat.value.sub_(flat.gradient, 0.01);
  EXPECT_LT(loss().item<float>(), before.item<float>());
}

TEST(Parameters, SavedIsLoaded) {
  const auto file = std::filesystem::path(testing::TempDir()) / "gyre_parameters.safetensors";
  const auto saved = Parameters::initial(tiny(), 5);
  saved.save(file);
  const auto loaded = Parameters::load(tiny(), StoredTensors::open(file));
  ASSERT_EQ(loaded.all().size(), saved.all().size());
  for (const auto& [name, tensor] : saved.all()) {
    EXPECT_TRUE(loaded.at(name).equal(tensor)) << name;
  }

  auto wider = tiny();
  wider.expert.mlp_dim = 15;
  const std::string message =
      message_of([&] { Parameters::load(wider, StoredTensors::open(file)); });
  EXPECT_NE(message.find("mlp.gate_proj.weight"), std::string::npos) << message;
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  EXPECT_THROW(Parameters::load(tiny(), StoredTensors::open(file)), Error);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace gyre::model
