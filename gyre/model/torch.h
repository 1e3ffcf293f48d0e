#pragma once

// The one precompiled header for LibTorch. Included by model/, train/ and infer/reference* only.
#include <torch/torch.h>
