#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gyre/model/torch.h"
#include "gyre/policy/model_config.h"
#include "gyre/policy/stored_tensors.h"

namespace gyre::model {

// Which tensors are bfloat16 where a policy runs in bfloat16: both projects keep the Gemma norms,
// the adaRMS projections and everything outside the two streams and the tower in float32; LeRobot
// the whole vision tower and its projector, openpi of it only the patch and position embeddings.
enum class Bfloat16Map { kLeRobot, kOpenpi };

// Says of a tensor's name whether it is meant.
using TensorFilter = std::function<bool(const std::string& name)>;
inline const std::string kLoraA = ".lora_a", kLoraB = ".lora_b";  // after a layer's name
inline bool every_tensor(const std::string&) { return true; }

// The network's tensors by name, in the order of tensor_table(config), then low-rank corrections.
// Copies share the tensors.
class Parameters {
 public:
  // Weights for training from scratch, the same for the same seed on every machine.
  static Parameters initial(const ModelConfig& config, uint64_t seed);

  // Copies the stored tensors, whatever their types, in `dtype`; those of `in_float32` stay in
  // float32. Throws Error naming every missing or mis-shaped tensor.
  static Parameters load(const ModelConfig& config, const StoredTensors& stored,
                         torch::Dtype dtype = torch::kFloat32,
                         const TensorFilter& in_float32 = every_tensor);

  // In the types that the tensors have, under their names with `prefix`. Atomic: a temporary name,
  // then a rename. Throws Error.
  void save(const std::filesystem::path& file, std::string_view prefix = "") const;

  // Gives a linear layer a correction of low rank (LoRA, Hu et al. 2021): it computes
  // (W + b a) x, a [rank, in] and b [out, rank] in float32 as "<layer>.lora_a" and
  // "<layer>.lora_b". `a` is N(0, 0.01), and `b` zero or the same. Throws Error when there is no
  // such layer.
  void add_lora(const std::string& layer, int rank, bool zero_b, uint64_t seed);
  // The network's own tensors with all corrections added to them.
  Parameters merged() const;

  // Throws Error when there is no such tensor.
  const torch::Tensor& at(const std::string& name) const;
  const torch::Tensor* find(const std::string& name) const;  // nullptr when there is none
  const std::vector<std::pair<std::string, torch::Tensor>>& all() const { return all_; }
  int64_t count() const;  // numbers in all tensors

  // Own copies on `device` in `dtype` of those in `copied`; the others share memory where they can.
  Parameters to(torch::Device device, torch::Dtype dtype,
                const TensorFilter& copied = every_tensor) const;
  Parameters on(torch::Device device) const;  // in their types, shared where they are there
  Parameters in_bfloat16(Bfloat16Map map) const;
  Parameters clone() const;

  // Values and gradients of the `trained` tensors, which are of one type, one after another in the
  // order of all(), as two buffers: an optimiser step, an average or an all-reduce is then one
  // operation. Afterwards they are views of `value`, require gradients, and their grad() are views
  // of `gradient` (zero it with gradient.zero_() before each backward pass; never reset grad()).
  // Throws Error when there are none.
  struct Flat {
    torch::Tensor value, gradient;
  };
  Flat flatten(const TensorFilter& trained = every_tensor);

 private:
  void add(std::string name, torch::Tensor tensor);

  std::vector<std::pair<std::string, torch::Tensor>> all_;
  std::map<std::string, size_t> index_;
};

}  // namespace gyre::model
