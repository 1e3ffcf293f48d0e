#include "gyre/policy/initial_folder.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/policy/lerobot_writer.h"
#include "gyre/policy/tensor_names.h"
#include "gyre/policy/weights_file.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

constexpr double kDeviation = 0.02, kOutlier = 30;
constexpr int64_t kChannelsAnOutlier = 256;

// SigLIP's norms scale by their weight itself, Gemma's by one plus it.
double mean_of(const std::string& name) {
  const bool scales = name.find("vision_tower") != std::string::npos &&
                      (name.find("layer_norm") != std::string::npos ||
                       name.find("post_layernorm") != std::string::npos) &&
                      name.ends_with(".weight");
  return scales ? 1 : 0;
}

// Factor of each input channel of a matrix; empty: 1 for all.
std::vector<double> channel_scales(const TensorSpec& tensor, const InitialWeights& weights) {
  if (!weights.outliers || tensor.shape.size() != 2) return {};
  const int64_t channels = tensor.shape[1];
  std::vector<double> scales(static_cast<size_t>(channels), 1);
  Rng rng = Rng::stream(weights.seed, tensor.name + "/outliers");
  for (int64_t i = 0; i < std::max<int64_t>(1, channels / kChannelsAnOutlier); ++i) {
    scales[static_cast<size_t>(rng.below(channels))] = kOutlier;
  }
  return scales;
}

void fill(const TensorSpec& tensor, const InitialWeights& weights, std::span<std::byte> bytes) {
  Rng rng = Rng::stream(weights.seed, tensor.name);
  const double mean = mean_of(tensor.name);
  const std::vector<double> scales = channel_scales(tensor, weights);
  const size_t size = io::dtype_bytes(weights.type);
  for (size_t i = 0; i * size < bytes.size(); ++i) {
    const double scale = scales.empty() ? 1 : scales[i % scales.size()];
    const auto value = static_cast<float>(mean + kDeviation * scale * rng.normal());
    const uint16_t half = bfloat16_of(value);
    const void* number = size == sizeof(half) ? static_cast<const void*>(&half) : &value;
    std::memcpy(bytes.data() + i * size, number, size);
  }
}

}  // namespace

void write_initial_folder(ModelConfig config, const InitialWeights& weights, const fs::path& folder,
                          std::shared_ptr<const Tokenizer> vocabulary,
                          const std::function<void(uint64_t, uint64_t)>& progress) {
  if (vocabulary) config.vocab_size = vocabulary->vocab_size();
  const auto numbers = [&](const TensorSpec& tensor, io::Dtype, std::span<std::byte> bytes) {
    // A tied word embedding holds the text head's numbers.
    const bool tied = tensor.name == kWordEmbedding && config.tied_embedding;
    fill(tied ? TensorSpec{kTextHead, tensor.shape} : tensor, weights, bytes);
  };
  if (config.type == "nano") {
    write_weights(folder, config, FolderKind::kGyre, weights.type, numbers, progress);
    Checkpoint checkpoint;
    checkpoint.config = std::move(config);
    checkpoint.tokenizer = std::move(vocabulary);
    checkpoint.write(folder);
    return;
  }
  write_weights(folder, config, FolderKind::kLeRobot, weights.type, numbers, progress);
  const NormKind norm = config.type == "pi05" ? NormKind::kQuantile : NormKind::kMeanStd;
  const Processors processors{
      .state_norm = norm,
      .action_norm = norm,
      .state_in_prompt = config.state_input == StateInput::kPrompt,
      .cameras = {.inputs = {"base_0_rgb", "left_wrist_0_rgb", "right_wrist_0_rgb"}}};
  write_lerobot_files(folder, config, processors, weights.type);
}

}  // namespace gyre
