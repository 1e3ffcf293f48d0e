#include "gyre/train/tuning.h"

#include <gtest/gtest.h>

#include <set>

#include "gyre/core/rng.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/policy/tensor_table.h"
#include "gyre/train/optimizer.h"
#include "gyre/train/replica.h"
#include "tests/source_dir.h"

namespace gyre::train {
namespace {

const std::filesystem::path kGolden = source_dir() / "tests/golden";
constexpr auto kTunings = {Tuning::kFull, Tuning::kFrozenVision, Tuning::kExpert,
                           Tuning::kLora, Tuning::kLoraExpert,   Tuning::kText};

bool is_low_rank(const std::string& name) {
  return name.ends_with(model::kLoraA) || name.ends_with(model::kLoraB);
}
model::TensorFilter trained_by(Tuning tuning, const ModelConfig& config) {
  return [=](const std::string& name) {
    return is_trained(tuning, name, config) || is_low_rank(name);
  };
}

std::vector<float> noise(size_t count, Rng& rng) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(0.5 * rng.normal());
  return values;
}

// Two observations; the last camera of the second saw nothing, its prompt is shorter. The last two
// tokens of the prompts are asked for.
Batch batch_for(const ModelConfig& config) {
  Rng rng(4);
  const size_t cameras = config.cameras, side = config.vision.image_size;
  const size_t chunk = static_cast<size_t>(config.horizon) * config.max_action_dim;
  Batch batch;
  PrefixRows& rows = batch.prefix;
  rows.rows = 2;
  rows.length = 6;
  rows.images = noise(2 * cameras * 3 * side * side, rng);
  rows.image_mask.assign(2 * cameras, 1);
  rows.image_mask.back() = 0;
  for (int i = 0; i < 12; ++i) rows.tokens.push_back(rng.below(config.vocab_size));
  rows.token_mask.assign(12, 1);
  rows.token_mask.back() = 0;
  batch.state = noise(2 * static_cast<size_t>(config.max_state_dim), rng);
  batch.actions = noise(2 * chunk, rng);
  batch.given = {0, 2};
  batch.weight.assign(2 * chunk, 1.F / static_cast<float>(chunk));
  batch.noise = noise(2 * chunk, rng);
  batch.time = {0.3F, 0.8F};
  batch.text = rows;
  batch.text.answer = {0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0};
  batch.text.share = {0, 0, 0, 0, 0.5F, 0.5F, 0, 0, 0, 0.5F, 0.5F, 0};
  return batch;
}

TrainConfig one_sample() {
  TrainConfig config;
  config.flow_samples = 1;
  config.grounding_weight = 0;
  return config;
}

double largest(const torch::Tensor& tensor) { return tensor.abs().max().item<double>(); }

class TuningTest : public testing::TestWithParam<const char*> {
 protected:
  Checkpoint checkpoint_ = Checkpoint::open(kGolden / GetParam());
  const ModelConfig& config_ = checkpoint_.config;
  model::Parameters weights_ = model::Parameters::load(config_, *checkpoint_.tensors);
  Batch batch_ = batch_for(config_);

  model::Parameters with_low_rank(Tuning tuning) const {
    model::Parameters weights = weights_.clone();
    for (const LowRank& layer : low_rank_layers(tuning, config_)) {
      weights.add_lora(layer.layer, layer.rank, layer.zero_b, 7);
    }
    return weights;
  }
  Replica replica(Tuning tuning, bool recompute = false) const {
    return {config_,         with_low_rank(tuning),       torch::kCPU,
            torch::kFloat32, trained_by(tuning, config_), recompute};
  }
};
INSTANTIATE_TEST_SUITE_P(Golden, TuningTest, testing::Values("pi0", "pi05"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(TuningTest, TrainsWhatItSaysAndNothingElse) {
  for (const Tuning tuning : kTunings) {
    Replica trainee = replica(tuning);
    trainee.learn(batch_, one_sample(), 2, 2);
    int64_t trained = 0;
    for (const auto& [name, tensor] : trainee.parameters().all()) {
      EXPECT_EQ(tensor.requires_grad(), trained_by(tuning, config_)(name)) << name;
      if (tensor.requires_grad()) trained += tensor.numel();
    }
    EXPECT_EQ(trainee.gradient().numel(), trained);
    EXPECT_GT(largest(trainee.gradient()), 0);
  }
}

TEST_P(TuningTest, PartsByName) {
  const std::string tower = "paligemma_with_expert.paligemma.model.vision_tower.x";
  const std::string words = "paligemma_with_expert.paligemma.model.language_model.norm.weight";
  const std::string projector = "paligemma_with_expert.paligemma.model.multi_modal_projector.x";
  const std::string expert = "paligemma_with_expert.gemma_expert.model.norm.dense.weight";
  const std::string action = "action_in_proj.weight";
  const auto trained = [&](Tuning tuning) {
    std::string parts;
    for (const auto& [name, letter] :
         {std::pair{tower, 't'}, {words, 'w'}, {projector, 'p'}, {expert, 'e'}, {action, 'a'}}) {
      if (is_trained(tuning, name, config_)) parts += letter;
    }
    return parts;
  };
  EXPECT_EQ(trained(Tuning::kFull), "twpea");
  EXPECT_EQ(trained(Tuning::kFrozenVision), "wpea");
  EXPECT_EQ(trained(Tuning::kExpert), "ea");
  EXPECT_EQ(trained(Tuning::kLora), "tpa");
  EXPECT_EQ(trained(Tuning::kLoraExpert), "");
  EXPECT_EQ(trained(Tuning::kText), "w");
}

TEST_P(TuningTest, WhatWordsAloneNeedChangesNoAction) {
  model::Parameters changed = weights_.clone();
  {
    const torch::NoGradGuard no_gradients;
    for (const auto& [name, tensor] : changed.all()) {
      if (is_trained(Tuning::kText, name, config_)) torch::Tensor(tensor).add_(0.1);
    }
  }
  const Replica before(config_, weights_, torch::kCPU, torch::kFloat32);
  const Replica after(config_, changed, torch::kCPU, torch::kFloat32);
  EXPECT_EQ(after.chunk_error(batch_), before.chunk_error(batch_));
  const auto text_loss = [&](const model::Parameters& weights) {
    return Replica(config_, weights, torch::kCPU, torch::kFloat32)
        .learn(batch_, one_sample(), 2, 2)
        .text;
  };
  EXPECT_NE(text_loss(changed), text_loss(weights_));
}

// openpi: queries, keys, values, outputs and the three of the MLP, of both streams. LeRobot: the
// expert's queries and values, and the projections of this kind of policy.
TEST_P(TuningTest, LowRankLayers) {
  const auto depth = static_cast<size_t>(config_.language.depth);
  const auto openpi = low_rank_layers(Tuning::kLora, config_);
  EXPECT_EQ(openpi.size(), 2 * 7 * depth);
  for (const LowRank& layer : openpi) {
    EXPECT_EQ(layer.rank, layer.layer.find("gemma_expert") == std::string::npos ? 16 : 32);
  }
  std::set<std::string> projections;
  size_t of_expert = 0;
  for (const LowRank& layer : low_rank_layers(Tuning::kLoraExpert, config_)) {
    EXPECT_EQ(layer.rank, 16);
    if (layer.layer.find("gemma_expert") != std::string::npos) {
      ++of_expert;
    } else {
      projections.insert(layer.layer);
    }
  }
  EXPECT_EQ(of_expert, 2 * depth);
  const std::set<std::string> of_pi0 = {"state_proj", "action_in_proj", "action_out_proj",
                                        "action_time_mlp_in", "action_time_mlp_out"};
  const std::set<std::string> of_pi05 = {"action_in_proj", "action_out_proj", "time_mlp_in",
                                         "time_mlp_out"};
  EXPECT_EQ(projections, std::string(GetParam()) == "pi0" ? of_pi0 : of_pi05);
  EXPECT_TRUE(low_rank_layers(Tuning::kFull, config_).empty());
}

TEST_P(TuningTest, MergedCorrectionsComputeTheSame) {
  const torch::NoGradGuard no_gradients;
  const model::Parameters weights = with_low_rank(Tuning::kLora);
  const model::Parameters merged = weights.merged();
  EXPECT_EQ(merged.all().size(), weights_.all().size());
  const auto error = [&](const model::Parameters& parameters) {
    return Replica(config_, parameters, torch::kCPU, torch::kFloat32).chunk_error(batch_);
  };
  EXPECT_NEAR(error(weights), error(merged), 1e-4);
  EXPECT_GT(std::abs(error(weights_) - error(merged)), 1e-4);
}

TEST_P(TuningTest, RecomputedLayersGiveTheSameGradients) {
  for (const Tuning tuning : kTunings) {
    Replica kept = replica(tuning), again = replica(tuning, true);
    const Losses losses = kept.learn(batch_, one_sample(), 2, 2);
    EXPECT_EQ(again.learn(batch_, one_sample(), 2, 2).flow, losses.flow);
    // Sums are taken in another order.
    EXPECT_LT(largest(kept.gradient() - again.gradient()), 1e-6 * largest(kept.gradient()));
  }
}

// Knowledge insulation: what the expert learns does not reach the backbone, what the text head
// learns does.
TEST_P(TuningTest, InsulatedFlowLeavesTheBackboneAlone) {
  TrainConfig config = one_sample();
  const auto gradients = [&](bool insulate, bool text, bool actions = false) {
    config.insulate = insulate;
    Replica trainee = replica(Tuning::kFull);
    Batch batch = batch_;
    if (actions) {  // said after the prompt
      batch.prefix.answer = batch.text.answer;
      batch.prefix.share = batch.text.share;
    }
    if (!text) batch.text = {};
    trainee.learn(batch, config, 2, 2);
    double backbone = 0, expert = 0;
    for (const auto& [name, tensor] : trainee.parameters().all()) {
      double& part = is_trained(Tuning::kExpert, name, config_) ? expert : backbone;
      part = std::max(part, largest(tensor.grad()));
    }
    return std::pair{backbone, expert};
  };
  const auto [joint_backbone, joint_expert] = gradients(false, false);
  const auto [insulated_backbone, insulated_expert] = gradients(true, false);
  EXPECT_GT(joint_backbone, 0);
  EXPECT_EQ(insulated_backbone, 0);  // exactly, in every parameter
  EXPECT_EQ(insulated_expert, joint_expert);
  EXPECT_GT(gradients(true, true).first, 0);
  EXPECT_GT(gradients(true, false, true).first, 0);
}

// The words of the actions stand in the prefix, and the expert does not see them.
TEST_P(TuningTest, TheExpertDoesNotSeeTheActionsInWords) {
  Batch batch = batch_;
  batch.prefix.answer = batch.text.answer;
  batch.prefix.share = batch.text.share;
  batch.text = {};
  TrainConfig config = one_sample();
  config.insulate = true;
  const auto learnt = [&](double fast_weight) {
    config.fast_weight = fast_weight;
    Replica trainee = replica(Tuning::kFull);
    const Losses losses = trainee.learn(batch, config, 2, 0);
    std::map<std::string, torch::Tensor> expert;
    for (const auto& [name, tensor] : trainee.parameters().all()) {
      if (is_trained(Tuning::kExpert, name, config_)) expert[name] = tensor.grad().clone();
    }
    return std::pair(losses, expert);
  };
  const auto [losses, expert] = learnt(0.1);
  EXPECT_GT(losses.words, 0);
  for (size_t i : {4, 5, 9, 10})
    batch.prefix.tokens[i] = (batch.prefix.tokens[i] + 1) % config_.vocab_size;
  const auto [others, same_expert] = learnt(5);
  EXPECT_NE(others.words, losses.words);
  EXPECT_EQ(others.flow, losses.flow);
  for (const auto& [name, gradient] : expert) EXPECT_TRUE(gradient.equal(same_expert.at(name)));
}

// The real widths of π0.5, one layer deep, one camera, few words: a step of each option.
TEST(FullWidth, OneStepMovesWhatIsTrained) {
  ModelConfig config = ModelConfig::pi05();
  config.vision.depth = config.language.depth = config.expert.depth = 1;
  config.vocab_size = 300;
  config.cameras = 1;
  config.horizon = 5;
  const Batch batch = batch_for(config);
  const model::Parameters initial = model::Parameters::initial(config, 3);
  const std::string backbone =
      "paligemma_with_expert.paligemma.model.language_model.layers.0.mlp.up_proj.weight";
  for (const Tuning tuning : kTunings) {
    model::Parameters weights = initial;
    for (const LowRank& layer : low_rank_layers(tuning, config)) {
      weights.add_lora(layer.layer, layer.rank, layer.zero_b, 7);
    }
    Replica trainee(config, weights, torch::kCPU, torch::kFloat32, trained_by(tuning, config),
                    true);
    trainee.learn(batch, one_sample(), 2, 2);
    const torch::Tensor before = trainee.value().detach();
    Optimizer optimizer(before.clone(), before.clone());
    const double norm = optimizer.step({}, trainee.gradient().clone(), 0, 1e-4, 0);
    EXPECT_TRUE(std::isfinite(norm));
    EXPECT_GT(norm, 0);
    EXPECT_GT(largest(optimizer.value - before), 1e-6);
    // Frozen weights are there once: the worker's are the run's own.
    const bool shared =
        trainee.parameters().at(backbone).data_ptr() == weights.at(backbone).data_ptr();
    EXPECT_EQ(shared, !is_trained(tuning, backbone, config));
  }
}

}  // namespace
}  // namespace gyre::train
