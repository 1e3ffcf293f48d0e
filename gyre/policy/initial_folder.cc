#include "gyre/policy/initial_folder.h"

#include <cstring>

#include "gyre/core/rng.h"
#include "gyre/policy/lerobot_writer.h"
#include "gyre/policy/tensor_names.h"
#include "gyre/policy/weights_file.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

constexpr double kDeviation = 0.02;

// SigLIP's norms scale by their weight itself, Gemma's by one plus it.
double mean_of(const std::string& name) {
  const bool scales = name.find("vision_tower") != std::string::npos &&
                      (name.find("layer_norm") != std::string::npos ||
                       name.find("post_layernorm") != std::string::npos) &&
                      name.ends_with(".weight");
  return scales ? 1 : 0;
}

void fill(const std::string& name, uint64_t seed, io::Dtype type, std::span<std::byte> bytes) {
  Rng rng = Rng::stream(seed, name);
  const double mean = mean_of(name);
  const size_t size = io::dtype_bytes(type);
  for (size_t at = 0; at < bytes.size(); at += size) {
    const auto value = static_cast<float>(mean + kDeviation * rng.normal());
    if (size == sizeof(float)) {
      std::memcpy(bytes.data() + at, &value, size);
    } else {
      const uint16_t half = bfloat16_of(value);
      std::memcpy(bytes.data() + at, &half, size);
    }
  }
}

}  // namespace

void write_initial_folder(const ModelConfig& config, uint64_t seed, io::Dtype type,
                          const fs::path& folder,
                          const std::function<void(uint64_t, uint64_t)>& progress) {
  // A tied word embedding holds the text head's numbers.
  const auto numbers = [&](const std::string& name, io::Dtype dtype, std::span<std::byte> bytes) {
    const bool tied = name == kWordEmbedding && config.tied_embedding;
    fill(tied ? kTextHead : name, seed, dtype, bytes);
  };
  write_weights(folder, config, FolderKind::kLeRobot, type, numbers, progress);
  const NormKind norm = config.type == "pi05" ? NormKind::kQuantile : NormKind::kMeanStd;
  const Processors processors{.state_norm = norm,
                              .action_norm = norm,
                              .state_in_prompt = config.state_input == StateInput::kPrompt,
                              .cameras = {"base_0_rgb", "left_wrist_0_rgb", "right_wrist_0_rgb"}};
  write_lerobot_files(folder, config, processors, type);
}

}  // namespace gyre
