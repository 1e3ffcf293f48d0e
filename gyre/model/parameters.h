#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gyre/model/torch.h"
#include "gyre/policy/model_config.h"

namespace gyre::model {

// Which tensors are bfloat16 where a policy runs in bfloat16: both projects keep the Gemma norms,
// the adaRMS projections and everything outside the two streams and the tower in float32; LeRobot
// the whole vision tower and its projector, openpi of it only the patch and position embeddings.
enum class Bfloat16Map { kLeRobot, kOpenpi };

// The network's tensors by name, in the order of tensor_table(config). Copies share the tensors.
class Parameters {
 public:
  // Weights for training from scratch, the same for the same seed on every machine.
  static Parameters initial(const ModelConfig& config, uint64_t seed);

  // Reads a safetensors file that Gyre, LeRobot or openpi wrote (policy/stored_tensors.h), whatever
  // types its tensors have, in `dtype`. Throws Error naming every missing or mis-shaped tensor.
  static Parameters load(const ModelConfig& config, const std::filesystem::path& file,
                         torch::Dtype dtype = torch::kFloat32);

  // Atomic: a temporary name, then a rename. Throws Error.
  void save(const std::filesystem::path& file, torch::Dtype dtype = torch::kFloat32) const;

  // Throws Error when there is no such tensor.
  const torch::Tensor& at(const std::string& name) const;
  const std::vector<std::pair<std::string, torch::Tensor>>& all() const { return all_; }
  int64_t count() const;  // numbers in all tensors

  // Own copies on `device` in `dtype`.
  Parameters to(torch::Device device, torch::Dtype dtype) const;
  Parameters in_bfloat16(Bfloat16Map map) const;
  Parameters clone() const;

  // Values and gradients of all tensors, one after another in the order of all(), as two buffers
  // [count()]: an optimiser step, an average or an all-reduce is then one operation. Afterwards the
  // tensors are views of `value`, require gradients, and their grad() are views of `gradient`
  // (zero it with gradient.zero_() before each backward pass; never reset grad()).
  struct Flat {
    torch::Tensor value, gradient;
  };
  Flat flatten();

 private:
  void add(std::string name, torch::Tensor tensor);

  std::vector<std::pair<std::string, torch::Tensor>> all_;
  std::map<std::string, size_t> index_;
};

}  // namespace gyre::model
