#pragma once

#include "gyre/model/torch.h"

// Differentiable steps that are one pass over memory on the CPU in float32 (kernels.h), and the
// same formula in LibTorch's operators elsewhere.
namespace gyre::model {

// max(0, x (1 + scale) + shift): x [N, C, h, w], film [N, 2 C]: C scales, then C shifts.
torch::Tensor film_relu(const torch::Tensor& x, const torch::Tensor& film);

// gelu(gate) * up, gelu in the tanh form; equal shapes.
torch::Tensor gelu_product(const torch::Tensor& gate, const torch::Tensor& up);

// x / rms(x) (1 + scale) + shift: x [B, T, W]; scale and shift [C, W] where C divides B T, one for
// each run of B T / C tokens; shift may be undefined. The mean square in float32 at least.
torch::Tensor rms_modulate(const torch::Tensor& x, const torch::Tensor& scale,
                           const torch::Tensor& shift);

}  // namespace gyre::model
