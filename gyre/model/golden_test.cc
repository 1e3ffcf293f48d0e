#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "gyre/io/safetensors.h"
#include "gyre/model/chunking.h"
#include "gyre/model/policy.h"

// The tiny π0 and π0.5 of tests/golden, computed by the reference implementations (its README says
// which): every array that the graph produces, within the bounds that the design sets.
namespace gyre::model {
namespace {

using torch::Tensor;
using Arrays = std::map<std::string, Tensor>;

struct Golden {
  ModelConfig config;
  Parameters parameters;
  Arrays in, out, gradients;
  nlohmann::json run_info;
  int real_dims = 14;
};

Arrays read_arrays(const std::filesystem::path& file);
Golden read_golden(const std::string& type);

// Largest difference where `valid` (any broadcastable mask; undefined: everywhere).
double worst(const Tensor& ours, const Tensor& theirs, const Tensor& valid = {}) {
  auto difference = (ours.detach().to(torch::kFloat64) - theirs.to(torch::kFloat64)).abs();
  if (valid.defined()) difference = difference.masked_fill(valid.logical_not(), 0);
  return difference.max().item<double>();
}

class GoldenTest : public testing::TestWithParam<std::string> {
 protected:
  GoldenTest() : golden_(read_golden(GetParam())), policy_(golden_.config, golden_.parameters) {}

  const Tensor& in(const std::string& name) const { return golden_.in.at(name); }
  const Tensor& out(const std::string& name) const { return golden_.out.at(name); }
  bool is_pi05() const { return GetParam() == "pi05"; }
  PrefixInput input() const {
    return {in("images"), in("image_masks"), in("tokens"), in("token_mask"), {}};
  }
  KvCache cache() const { return policy_.encode(policy_.embed_prefix(input())).cache; }
  Tensor train_x_t() const {
    const auto t = in("time").view({-1, 1, 1});
    return t * in("noise") + (1 - t) * in("actions");
  }

  Golden golden_;
  Policy policy_;
};

TEST_P(GoldenTest, Vision) {
  const auto& tower = *policy_.siglip();
  auto x = tower.embed(in("images").select(1, 0));
  EXPECT_LT(worst(x, out("vision.cam0.embeddings")), 2e-5);
  for (int i = 0; i < golden_.config.vision.depth; ++i) {
    x = tower.layer(i, x);
    EXPECT_LT(worst(x, out("vision.cam0.layer" + std::to_string(i))), 2e-4);
  }
  EXPECT_LT(worst(tower.normal(x), out("vision.cam0.post_layernorm")), 2e-4);
  for (int camera = 0; camera < golden_.config.cameras; ++camera) {
    EXPECT_LT(worst(tower.tokens(in("images").select(1, camera)),
                    out("image_features.cam" + std::to_string(camera))),
              2e-5);
  }
}

TEST_P(GoldenTest, Prefix) {
  const auto prefix = policy_.embed_prefix(input());
  EXPECT_LT(worst(prefix.embeddings, out("prefix_embs")), 2e-5);
  EXPECT_TRUE(prefix.valid.equal(out("prefix_pad_mask")));
  EXPECT_TRUE(prefix.positions.equal(out("prefix_position_ids")));
  EXPECT_TRUE(prefix.allowed.equal(out("prefix_att_2d")));

  const auto encoded = policy_.encode(prefix, true);
  const auto valid = prefix.valid.unsqueeze(-1);
  EXPECT_LT(worst(encoded.hidden, out("prefix_hidden_final"), valid), 2e-4);
  for (int i = 0; i < golden_.config.language.depth; ++i) {
    const auto name = "kv_cache.layer" + std::to_string(i);
    EXPECT_LT(worst(encoded.cache.keys[i], out(name + ".key"), valid.unsqueeze(1)), 2e-4);
    EXPECT_LT(worst(encoded.cache.values[i], out(name + ".value"), valid.unsqueeze(1)), 2e-4);
  }
}

TEST_P(GoldenTest, Suffix) {
  const auto& config = golden_.config;
  EXPECT_LT(worst(position_embedding(in("posemb_t"), config.expert.width, config.time_min_period,
                                     config.time_max_period),
                  out("posemb_f32")),
            1e-6);
  const auto suffix =
      policy_.embed_suffix(in("state"), in("x_t_fixed").unsqueeze(1), in("t_fixed").unsqueeze(1));
  EXPECT_LT(worst(suffix.embeddings.squeeze(1), out("suffix_embs")), 2e-5);
  if (is_pi05()) {
    EXPECT_LT(worst(suffix.condition.squeeze(1).squeeze(1), out("adarms_cond")), 2e-5);
  }
  EXPECT_LT(worst(policy_.velocity(cache(), in("state"), in("x_t_fixed"), in("t_fixed")),
                  out("v_t_fixed")),
            5e-5);
}

TEST_P(GoldenTest, Samples) {
  const auto prefix = cache();
  for (int steps : {1, 4, 10}) {
    EXPECT_LT(worst(policy_.sample(prefix, in("state"), in("noise"), steps),
                    out("sample_actions_" + std::to_string(steps))),
              2e-4);
  }
  const auto &x = out("sample_trajectory_x_t"), &v = out("sample_trajectory_v_t");
  for (int i = 0; i < x.size(0); ++i) {
    EXPECT_LT(worst(policy_.velocity(prefix, in("state"), x[i], out("sample_times")[i]), v[i]),
              5e-5);
  }
}

// openpi's layout of the same weights: no prefix, the tied pair stored once.
TEST_P(GoldenTest, BothLayoutsAreTheSameWeights) {
  const auto folder = std::filesystem::path(GYRE_SOURCE_DIR) / "tests/golden" / GetParam();
  const auto other = Parameters::load(golden_.config, folder / "model_openpi_layout.safetensors");
  for (const auto& [name, tensor] : golden_.parameters.all()) {
    EXPECT_TRUE(other.at(name).equal(tensor)) << name;
  }
}

TEST_P(GoldenTest, LossAndGradients) {
  auto parameters = golden_.parameters.clone();
  parameters.flatten();
  const Policy policy(golden_.config, parameters);
  const auto prefix = policy.encode(policy.embed_prefix(input())).cache;
  const auto hidden =
      policy.action_hidden(prefix, in("state"), train_x_t().unsqueeze(1), in("time").unsqueeze(1));
  EXPECT_LT(worst(hidden.squeeze(1), out("train_suffix_out")), 2e-4);
  const auto velocity = policy.velocity(prefix, in("state"), train_x_t(), in("time"));
  EXPECT_LT(worst(velocity, out("train_v_t")), 5e-5);
  const auto loss = (velocity - (in("noise") - in("actions"))).square();
  EXPECT_LT(worst(loss, out("train_loss_per_element")), 2e-4);

  const auto real = loss.slice(2, 0, golden_.real_dims).mean();
  EXPECT_LT(worst(real.view({1}), out("train_loss_mean_real_dims")), 2e-4);
  size_t compared = 0;
  const auto compare = [&](const std::string& which) {
    for (const auto& [name, tensor] : parameters.all()) {
      // LeRobot's embedding is a parameter beside the text head, which gets no gradient here.
      const std::string theirs =
          name.ends_with("paligemma.lm_head.weight")
              ? "paligemma_with_expert.paligemma.model.language_model.embed_tokens.weight"
              : name;
      const auto found = golden_.gradients.find(which + "/model." + theirs);
      if (found == golden_.gradients.end()) continue;
      const double bound = 1e-4 * found->second.abs().max().item<double>() + 1e-6;
      EXPECT_LT(worst(tensor.grad(), found->second), bound) << which << " " << name;
      ++compared;
    }
    for (const auto& [name, tensor] : parameters.all()) tensor.grad().zero_();
  };
  real.backward({}, /*retain_graph=*/true);
  compare("real_dims");
  loss.mean().backward();
  compare("all_dims");
  EXPECT_EQ(compared, golden_.gradients.size());
}

// Several samples of one prefix are the same as each alone; a time for each action is that of
// trained real-time chunking.
TEST_P(GoldenTest, SamplesShareAPrefix) {
  const auto prefix = cache();
  const auto both =
      policy_.velocity(prefix, in("state"), torch::stack({in("x_t_fixed"), train_x_t()}, 1),
                       torch::stack({in("t_fixed"), in("time")}, 1));
  EXPECT_LT(worst(both.select(1, 0), out("v_t_fixed")), 5e-5);
  EXPECT_LT(worst(both.select(1, 1), out("train_v_t")), 5e-5);
}

// Rounded to bfloat16 chunks differ; what is judged is that the right tensors are rounded.
TEST_P(GoldenTest, Bfloat16) {
  const auto folder = std::filesystem::path(GYRE_SOURCE_DIR) / "tests/golden" / GetParam();
  const auto openpi = read_arrays(folder / "outputs_openpi_bf16.safetensors");
  const std::map<Bfloat16Map, Tensor> wanted = {
      {Bfloat16Map::kLeRobot, out("bf16.sample_actions_10")},
      {Bfloat16Map::kOpenpi, openpi.at("sample_actions_10")}};
  for (const auto& [map, chunk] : wanted) {
    const Policy rounded(golden_.config, golden_.parameters.in_bfloat16(map));
    const auto prefix = rounded.encode(rounded.embed_prefix(input())).cache;
    EXPECT_EQ(prefix.keys.front().scalar_type(), torch::kBFloat16);
    EXPECT_LT(worst(rounded.sample(prefix, in("state"), in("noise"), 10), chunk), 0.15);
  }
  std::set<std::string> theirs;
  for (const std::string name : golden_.run_info.at("bf16_parameters")) {
    theirs.insert(name.substr(std::string("model.").size()));
  }
  const auto rounded = golden_.parameters.in_bfloat16(Bfloat16Map::kLeRobot);
  for (const auto& [name, tensor] : rounded.all()) {
    EXPECT_EQ(tensor.scalar_type() == torch::kBFloat16, theirs.contains(name)) << name;
  }
}

// Trained real-time chunking (a time for each action) is π0.5's alone.
class GoldenPi05Test : public GoldenTest {};

TEST_P(GoldenPi05Test, FrozenActions) {
  const auto frozen = in("rtc_train_prefix_mask");
  const auto t = in("time").unsqueeze(1).masked_fill(frozen, 0);
  const auto x_t = t.unsqueeze(-1) * in("noise") + (1 - t.unsqueeze(-1)) * in("actions");
  const auto loss =
      (policy_.velocity(cache(), in("state"), x_t, t) - (in("noise") - in("actions"))).square();
  EXPECT_LT(worst(loss, out("rtc_trained.train_loss_per_element")), 2e-4);
}

TEST_P(GoldenPi05Test, ContinuedChunk) {
  EXPECT_LT(worst(sample_continued(policy_, cache(), in("state"), in("noise"), 10,
                                   in("rtc_prev_chunk"), 3),
                  out("rtc_trained.d3.actions_10")),
            2e-4);
}

TEST_P(GoldenPi05Test, VisualMemory) {
  for (int every : {1, 2}) {
    EXPECT_LT(
        worst(policy_.siglip()->tokens_with_memory(in("mem.video"), in("mem.frame_mask"), every),
              out("mem.features_every" + std::to_string(every))),
        2e-5);
  }
}

TEST_P(GoldenTest, GuidedChunks) {
  const std::map<std::string, PrefixSchedule> schedules = {{"ZEROS", PrefixSchedule::kZeros},
                                                           {"ONES", PrefixSchedule::kOnes},
                                                           {"LINEAR", PrefixSchedule::kLinear},
                                                           {"EXP", PrefixSchedule::kExp}};
  const auto prefix = cache();
  const nlohmann::json& rtc = golden_.run_info.at("rtc");
  const auto sampled = [&](const GuidedChunking& chunking) {
    return sample_guided(policy_, prefix, in("state"), in("noise"), 10, in("rtc_prev_chunk"),
                         chunking);
  };
  const int left = static_cast<int>(in("rtc_prev_chunk").size(1));
  for (const auto& [name, schedule] : schedules) {
    const GuidedChunking chunking{.delay = rtc.at("inference_delay"),
                                  .execution_horizon = rtc.at("execution_horizon"),
                                  .max_weight = rtc.at("max_guidance_weight"),
                                  .schedule = schedule};
    const auto weights =
        prefix_weights(schedule, chunking.delay, std::min(chunking.execution_horizon, left),
                       golden_.config.horizon);
    EXPECT_LT(worst(torch::tensor(weights), out("rtc_guided." + name + ".weights")), 1e-6) << name;
    EXPECT_LT(worst(sampled(chunking), out("rtc_guided." + name + ".actions_10")), 2e-4) << name;
  }
  EXPECT_LT(worst(sampled({.delay = 0, .execution_horizon = 10, .max_weight = 5}),
                  out("rtc_guided.LINEAR_d0_h10_w5.actions_10")),
            2e-4);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenPi05Test, testing::Values("pi05"),
                         [](const auto& info) { return info.param; });
INSTANTIATE_TEST_SUITE_P(All, GoldenTest, testing::Values("pi0", "pi05"),
                         [](const auto& info) { return info.param; });

Arrays read_arrays(const std::filesystem::path& file) {
  static const std::map<io::Dtype, torch::Dtype> types{{io::Dtype::kF32, torch::kFloat32},
                                                       {io::Dtype::kI64, torch::kInt64},
                                                       {io::Dtype::kBool, torch::kBool},
                                                       {io::Dtype::kU8, torch::kUInt8}};
  Arrays arrays;
  const auto stored = io::SafeTensors::open(file);
  for (const auto& [name, view] : stored.tensors()) {
    auto tensor = torch::empty(view.shape, types.at(view.dtype));
    std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
    arrays[name] = tensor;
  }
  return arrays;
}

GemmaConfig gemma(const nlohmann::json& dims) {
  return {.width = dims["width"],
          .depth = dims["depth"],
          .mlp_dim = dims["mlp_dim"],
          .heads = dims["num_heads"],
          .kv_heads = dims["num_kv_heads"],
          .head_dim = dims["head_dim"]};
}

Golden read_golden(const std::string& type) {
  const auto folder = std::filesystem::path(GYRE_SOURCE_DIR) / "tests/golden" / type;
  const auto json = nlohmann::json::parse(std::ifstream(folder / "config.json"));
  const auto& dims = json.at("tiny_dims");
  const auto& vision = dims.at("vision");
  Golden golden;
  auto& config = golden.config;
  config = type == "pi0" ? ModelConfig::pi0() : ModelConfig::pi05();
  config.vision.image_size = vision["image_size"];
  config.vision.patch = vision["patch_size"];
  config.vision.width = vision["hidden_size"];
  config.vision.depth = vision["num_hidden_layers"];
  config.vision.heads = vision["num_attention_heads"];
  config.vision.mlp_dim = vision["intermediate_size"];
  config.language = gemma(dims.at("text"));
  config.expert = gemma(dims.at("expert"));
  config.vocab_size = dims.at("text")["vocab_size"];
  config.horizon = json.at("chunk_size");
  golden.parameters = Parameters::load(config, folder / "model.safetensors");
  golden.run_info = nlohmann::json::parse(std::ifstream(folder / "run_info.json"));
  golden.in = read_arrays(folder / "inputs.safetensors");
  golden.out = read_arrays(folder / "outputs.safetensors");
  golden.gradients = read_arrays(folder / "grads.safetensors");
  return golden;
}

}  // namespace
}  // namespace gyre::model
