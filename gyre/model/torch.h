#pragma once

// The one precompiled header for LibTorch. Included by model/, train/ and infer/reference* only.
// Tensors and gradients; with <torch/torch.h>, which adds modules, optimisers and TorchScript, each
// file that includes it takes 4 s of CPU longer.
#include <torch/autograd.h>
#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/utils.h>
