// Memory of one fine-tuning step of π0.5 at its real widths, with a chosen number of layers.
//
//   memory_bench FOLDER VISION_LAYERS LAYERS WORDS TUNE RECOMPUTE PRECISION
//
// makes FOLDER with random weights if it is not there, takes a first step of one observation (three
// cameras, 200 tokens, 50 actions), and prints the most that was resident during the step, in MiB.
// Source of the table in docs/checkpoints.md.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/model/threads.h"
#include "gyre/policy/initial_folder.h"
#include "gyre/train/optimizer.h"
#include "gyre/train/replica.h"
#include "gyre/train/tuning.h"

namespace gyre::train {
namespace {

// In MiB; 0 where the kernel does not say.
double most_resident() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

void forget_most_resident() { std::ofstream("/proc/self/clear_refs") << "5"; }

Batch one_row(const ModelConfig& config, Rng& rng) {
  const auto noise = [&](size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(rng.normal());
    return values;
  };
  const auto side = static_cast<size_t>(config.vision.image_size);
  const size_t chunk = static_cast<size_t>(config.horizon) * config.max_action_dim;
  Batch batch;
  batch.prefix.rows = 1;
  batch.prefix.length = config.max_prompt_tokens;
  batch.prefix.images = noise(config.cameras * 3 * side * side);
  batch.prefix.image_mask.assign(config.cameras, 1);
  for (int i = 0; i < config.max_prompt_tokens; ++i) {
    batch.prefix.tokens.push_back(rng.below(config.vocab_size));
  }
  batch.prefix.token_mask.assign(config.max_prompt_tokens, 1);
  batch.state = noise(config.max_state_dim);
  batch.actions = noise(chunk);
  batch.given = {0};
  batch.weight.assign(chunk, 1.F / static_cast<float>(chunk));
  batch.noise = noise(chunk);
  batch.time = {0.5F};
  return batch;
}

void run(char** arguments) {
  const std::filesystem::path folder = arguments[0];
  ModelConfig config = ModelConfig::pi05();
  config.vision.depth = std::atoi(arguments[1]);
  config.language.depth = config.expert.depth = std::atoi(arguments[2]);
  config.vocab_size = std::atoi(arguments[3]);
  const Tuning tuning = tuning_of(arguments[4]);
  const bool recompute = std::string(arguments[5]) == "true";
  const auto dtype = std::string(arguments[6]) == "bfloat16" ? torch::kBFloat16 : torch::kFloat32;
  model::use_one_thread_each();
  if (!std::filesystem::exists(folder)) write_initial_folder(config, {.seed = 1}, folder);

  // As Run does in trainer.cc.
  const auto trained = [tuning](const std::string& name) {
    return is_trained(tuning, name, config) || name.ends_with(model::kLoraA) ||
           name.ends_with(model::kLoraB);
  };
  auto average = model::Parameters::load(config, StoredTensors::open(folder / "model.safetensors"),
                                         dtype, trained);
  for (const LowRank& layer : low_rank_layers(tuning, config)) {
    average.add_lora(layer.layer, layer.rank, layer.zero_b, 1);
  }
  const auto flat = average.flatten(trained).value;
  Optimizer optimizer(flat.detach().clone(), flat.detach());
  Replica replica(config, average, torch::kCPU, dtype, trained, recompute);
  Rng rng(1);
  const Batch batch = one_row(config, rng);
  TrainConfig options;
  options.flow_samples = 1;

  forget_most_resident();
  const Losses losses = replica.learn(batch, options, 1, 0);
  const double norm = optimizer.step({}, replica.gradient().to(torch::kFloat32), 0, 1e-5, 0.99);
  const torch::NoGradGuard no_gradients;
  replica.value().copy_(optimizer.value);
  std::printf("%.0f MiB, %lld trained of %lld, flow loss %.3f, gradient %.3f\n", most_resident(),
              static_cast<long long>(flat.numel()), static_cast<long long>(average.count()),
              losses.flow, norm);
}

}  // namespace
}  // namespace gyre::train

int main(int count, char** arguments) {
  if (count != 8) {
    std::fprintf(stderr,
                 "memory_bench FOLDER VISION_LAYERS LAYERS WORDS TUNE RECOMPUTE PRECISION\n");
    return 2;
  }
  try {
    gyre::train::run(arguments + 1);
  } catch (const gyre::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
