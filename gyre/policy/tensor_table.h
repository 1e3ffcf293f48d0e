#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gyre/policy/model_config.h"

namespace gyre {

struct TensorSpec {
  std::string name;  // openpi's, without a prefix
  std::vector<int64_t> shape;
  bool operator==(const TensorSpec&) const = default;
};

// Every tensor that a policy of this configuration reads, in a fixed order. A tied word embedding
// and text head stand once, as kTextHead (policy/tensor_names.h); the expert's own unused head not
// at all.
std::vector<TensorSpec> tensor_table(const ModelConfig& config);

}  // namespace gyre
