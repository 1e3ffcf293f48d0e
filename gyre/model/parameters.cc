#include "gyre/model/parameters.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/io/safetensors.h"
#include "gyre/policy/stored_tensors.h"
#include "gyre/policy/tensor_table.h"

namespace gyre::model {
namespace {

// Linear and embedding weights N(0, 1 / inputs), so that a product keeps its size; those that end a
// residual branch smaller by the square root of the number of branches. adaRMS gates start at 1 and
// its other parts near 0: at first the expert is a plain transformer.
torch::Tensor initial_tensor(const ModelConfig& config, const std::string& name,
                             const std::vector<int64_t>& shape, uint64_t seed) {
  auto tensor = torch::zeros(shape);
  const bool vision_norm = name.find("layer_norm") != std::string::npos ||
                           name.find("post_layernorm") != std::string::npos;
  if (shape.size() == 1 || name.ends_with(".bias")) {
    if (vision_norm && name.ends_with(".weight")) tensor.fill_(1);
    if (name.ends_with("dense.bias")) tensor.chunk(3)[2].fill_(1);
    return tensor;
  }
  const int64_t inputs = shape.size() == 4 ? tensor[0].numel() : shape.back();
  double deviation = std::sqrt((shape.size() == 4 ? 2.0 : 1.0) / static_cast<double>(inputs));
  if (name.ends_with("o_proj.weight") || name.ends_with("down_proj.weight")) {
    deviation /= std::sqrt(2.0 * config.language.depth);
  }
  if (name.ends_with("dense.weight")) deviation *= 0.1;
  Rng rng = Rng::stream(seed, name);
  float* values = tensor.data_ptr<float>();
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    values[i] = static_cast<float>(rng.normal() * deviation);
  }
  return tensor;
}

// Pairs of what LibTorch and the file call the types that weights come in.
struct TypePair {
  torch::Dtype torch;
  io::Dtype stored;
};
constexpr TypePair kTypes[] = {{torch::kFloat64, io::Dtype::kF64},
                               {torch::kFloat32, io::Dtype::kF32},
                               {torch::kFloat16, io::Dtype::kF16},
                               {torch::kBFloat16, io::Dtype::kBF16}};

// A copy, for the file's bytes are mapped and may lie at any address. `view` is of a type that
// weights come in.
torch::Tensor copy_of(const io::TensorView& view, torch::Dtype dtype) {
  for (const auto& type : kTypes) {
    if (type.stored != view.dtype) continue;
    auto tensor = torch::empty(view.shape, type.torch);
    std::memcpy(tensor.data_ptr(), view.bytes.data(), view.bytes.size());
    return tensor.to(dtype);
  }
  throw Error("weights", "of a type that weights do not come in");
}

io::Dtype stored_type(torch::Dtype dtype) {
  for (const auto& type : kTypes) {
    if (type.torch == dtype) return type.stored;
  }
  throw Error("weights", std::string("cannot be stored as ") + torch::toString(dtype));
}

bool is_bfloat16(const std::string& name, Bfloat16Map map) {
  const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
  if (!name.starts_with("paligemma_with_expert.")) return false;
  if (has("input_layernorm") || has("post_attention_layernorm") || has("model.norm.")) {
    return false;
  }
  const bool vision = has("vision_tower.") || has("multi_modal_projector.");
  if (map == Bfloat16Map::kLeRobot) return !vision;
  return !has("embeddings.patch_embedding.") && !has("embeddings.position_embedding.");
}

}  // namespace

void Parameters::add(std::string name, torch::Tensor tensor) {
  index_[name] = all_.size();
  all_.emplace_back(std::move(name), std::move(tensor));
}

Parameters Parameters::initial(const ModelConfig& config, uint64_t seed) {
  Parameters parameters;
  for (const auto& [name, shape] : tensor_table(config)) {
    parameters.add(name, initial_tensor(config, name, shape, seed));
  }
  return parameters;
}

Parameters Parameters::load(const ModelConfig& config, const StoredTensors& stored,
                            torch::Dtype dtype, const TensorFilter& in_float32) {
  stored.require(config);
  Parameters parameters;
  for (const auto& spec : tensor_table(config)) {
    const bool exact = dtype == torch::kBFloat16 && in_float32(spec.name);
    parameters.add(spec.name, copy_of(*stored.find(spec.name), exact ? torch::kFloat32 : dtype));
  }
  return parameters;
}

void Parameters::save(const std::filesystem::path& path, std::string_view prefix) const {
  std::vector<io::TensorHeader> headers;
  for (const auto& [name, tensor] : all_) {
    headers.push_back(
        {std::string(prefix) + name, stored_type(tensor.scalar_type()), tensor.sizes().vec()});
  }
  torch::Tensor current;
  io::write_safetensors(path, headers, {{"format", "pt"}}, [&](size_t i) {
    current = all_[i].second.detach().to(torch::kCPU).contiguous();
    return std::span(static_cast<const std::byte*>(current.data_ptr()), current.nbytes());
  });
}

void Parameters::add_lora(const std::string& layer, int rank, bool zero_b, uint64_t seed) {
  const torch::Tensor weight = at(layer + ".weight");
  const auto options = weight.options().dtype(torch::kFloat32).requires_grad(false);
  const auto drawn = [&](const std::string& name, torch::IntArrayRef shape) {
    auto tensor = torch::empty(shape);
    Rng rng = Rng::stream(seed, name);
    std::generate_n(tensor.data_ptr<float>(), tensor.numel(),
                    [&] { return static_cast<float>(0.01 * rng.normal()); });
    return tensor.to(options.device());
  };
  add(layer + kLoraA, drawn(layer + kLoraA, {rank, weight.size(1)}));
  add(layer + kLoraB, zero_b ? torch::zeros({weight.size(0), rank}, options)
                             : drawn(layer + kLoraB, {weight.size(0), rank}));
}

Parameters Parameters::merged() const {
  Parameters whole;
  for (const auto& [name, tensor] : all_) {
    if (name.ends_with(kLoraA) || name.ends_with(kLoraB)) continue;
    constexpr std::string_view kWeight = ".weight";
    const auto layer = name.substr(0, name.size() - std::min(name.size(), kWeight.size()));
    const torch::Tensor* a = name.ends_with(kWeight) ? find(layer + kLoraA) : nullptr;
    if (a == nullptr) {
      whole.add(name, tensor);
      continue;
    }
    const torch::NoGradGuard no_gradients;
    const auto sum = tensor.to(torch::kFloat32) + torch::matmul(at(layer + kLoraB), *a);
    whole.add(name, sum.to(tensor.scalar_type()));
  }
  return whole;
}

const torch::Tensor* Parameters::find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &all_[found->second].second;
}

const torch::Tensor& Parameters::at(const std::string& name) const {
  const torch::Tensor* found = find(name);
  if (found == nullptr) throw Error(name, "the policy has no such tensor");
  return *found;
}

int64_t Parameters::count() const {
  int64_t count = 0;
  for (const auto& [name, tensor] : all_) count += tensor.numel();
  return count;
}

Parameters Parameters::to(torch::Device device, torch::Dtype dtype,
                          const TensorFilter& copied) const {
  Parameters copy;
  for (const auto& [name, tensor] : all_) {
    copy.add(name, tensor.detach().to(device, dtype, /*non_blocking=*/false, copied(name)));
  }
  return copy;
}

Parameters Parameters::on(torch::Device device) const {
  Parameters moved;
  for (const auto& [name, tensor] : all_) moved.add(name, tensor.detach().to(device));
  return moved;
}

Parameters Parameters::in_bfloat16(Bfloat16Map map) const {
  Parameters copy;
  for (const auto& [name, tensor] : all_) {
    copy.add(name, tensor.detach().to(is_bfloat16(name, map) ? torch::kBFloat16 : torch::kFloat32,
                                      /*non_blocking=*/false, /*copy=*/true));
  }
  return copy;
}

Parameters Parameters::clone() const {
  Parameters copy;
  for (const auto& [name, tensor] : all_) copy.add(name, tensor.detach().clone());
  return copy;
}

Parameters::Flat Parameters::flatten(const TensorFilter& trained) {
  const torch::NoGradGuard no_gradients;
  int64_t count = 0;
  torch::TensorOptions options;
  for (const auto& [name, tensor] : all_) {
    if (!trained(name)) continue;
    count += tensor.numel();
    options = tensor.options().requires_grad(false);
  }
  if (count == 0) throw Error("training", "no tensor of this policy is trained");
  Flat flat{torch::empty({count}, options), torch::zeros({count}, options)};
  int64_t offset = 0;
  for (auto& [name, tensor] : all_) {
    if (!trained(name)) continue;
    const int64_t size = tensor.numel();
    auto value = flat.value.narrow(0, offset, size).view(tensor.sizes());
    value.copy_(tensor);
    tensor.set_data(value);
    tensor.requires_grad_();
    tensor.mutable_grad() = flat.gradient.narrow(0, offset, size).view(tensor.sizes());
    offset += size;
  }
  return flat;
}

}  // namespace gyre::model
