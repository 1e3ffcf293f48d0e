#include "gyre/policy/initial_folder.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/io/file.h"
#include "gyre/policy/tensor_table.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

constexpr double kDeviation = 0.02;
constexpr uint64_t kHeaderRoom = 1 << 20;

// SigLIP's norms scale by their weight itself, Gemma's by one plus it.
double mean_of(const std::string& name) {
  const bool scales = name.find("vision_tower") != std::string::npos &&
                      (name.find("layer_norm") != std::string::npos ||
                       name.find("post_layernorm") != std::string::npos) &&
                      name.ends_with(".weight");
  return scales ? 1 : 0;
}

// To the nearest, ties to even.
uint16_t bfloat16_of(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

void fill(const io::TensorHeader& tensor, uint64_t seed, std::vector<std::byte>& bytes) {
  Rng rng = Rng::stream(seed, tensor.name);
  const double mean = mean_of(tensor.name);
  const size_t size = io::dtype_bytes(tensor.dtype);
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

nlohmann::ordered_json config_json(const ModelConfig& c, io::Dtype type) {
  const auto feature = [](const char* kind, std::vector<int> shape) {
    return nlohmann::ordered_json{{"type", kind}, {"shape", std::move(shape)}};
  };
  const int side = c.vision.image_size;
  nlohmann::ordered_json inputs;
  for (const char* camera : {"base_0_rgb", "left_wrist_0_rgb", "right_wrist_0_rgb"}) {
    inputs[std::string("observation.images.") + camera] = feature("VISUAL", {3, side, side});
  }
  inputs["observation.state"] = feature("STATE", {c.max_state_dim});
  const char* norm = c.type == "pi05" ? "QUANTILES" : "MEAN_STD";
  return {{"type", c.type},
          {"n_obs_steps", 1},
          {"input_features", inputs},
          {"output_features", {{"action", feature("ACTION", {c.max_action_dim})}}},
          {"paligemma_variant", "gemma_2b"},
          {"action_expert_variant", "gemma_300m"},
          {"dtype", type == io::Dtype::kF32 ? "float32" : "bfloat16"},
          {"chunk_size", c.horizon},
          {"n_action_steps", c.horizon},
          {"max_state_dim", c.max_state_dim},
          {"max_action_dim", c.max_action_dim},
          {"num_inference_steps", c.flow_steps},
          {"min_period", c.time_min_period},
          {"max_period", c.time_max_period},
          {"image_resolution", {side, side}},
          {"empty_cameras", 0},
          {"tokenizer_max_length", c.max_prompt_tokens},
          {"normalization_mapping", {{"VISUAL", "IDENTITY"}, {"STATE", norm}, {"ACTION", norm}}}};
}

}  // namespace

void write_initial_folder(const ModelConfig& config, uint64_t seed, io::Dtype type,
                          const fs::path& folder,
                          const std::function<void(uint64_t, uint64_t)>& progress) {
  if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) {
    throw Error(folder.string(), "is not an empty folder", "give another");
  }
  fs::create_directories(folder);
  std::vector<io::TensorHeader> headers;
  std::vector<uint64_t> sizes;
  uint64_t total = 0;
  for (const auto& [name, shape] : tensor_table(config)) {
    headers.push_back({"model." + name, type, shape});
    uint64_t size = io::dtype_bytes(type);
    for (int64_t n : shape) size *= static_cast<uint64_t>(n);
    sizes.push_back(size);
    total += size;
  }
  const uint64_t room = fs::space(folder).available;
  if (room < total + kHeaderRoom) {
    throw Error(folder.string(),
                fmt::format("needs {:.1f} GB, the disk has {:.1f} GB left", double(total) / 1e9,
                            double(room) / 1e9),
                "free some, or give another disk");
  }
  std::vector<std::byte> bytes;
  uint64_t done = 0;
  io::write_safetensors(folder / "model.safetensors", headers, {{"format", "pt"}}, [&](size_t i) {
    bytes.resize(sizes[i]);
    fill(headers[i], seed, bytes);
    done += sizes[i];
    if (progress) progress(done, total);
    return std::span<const std::byte>(bytes);
  });
  io::write_atomically(folder / "config.json", config_json(config, type).dump(2) + "\n");
}

}  // namespace gyre
