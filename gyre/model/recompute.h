#pragma once

#include <array>
#include <functional>

#include "gyre/model/torch.h"

namespace gyre::model {

// Inputs (undefined entries are allowed) and outputs of one layer.
using LayerInputs = std::array<torch::Tensor, 4>;
using LayerOutputs = std::array<torch::Tensor, 3>;
using LayerBody = std::function<LayerOutputs(const LayerInputs&)>;

// Runs `body` and keeps only its inputs; backward() runs it again for the values in between
// (gradient checkpointing, Chen et al. 2016). This saves a layer's memory for one more forward
// pass. `body` may use weights beside its inputs; they get their gradients as usual. Same values,
// same gradients.
LayerOutputs recompute_later(LayerBody body, const LayerInputs& inputs);

}  // namespace gyre::model
