#pragma once

#include <cstdint>

#include "gyre/policy/model_config.h"

namespace gyre {

// Numbers in the tensors of tensor_table(): what the graph reads.
int64_t parameter_count(const ModelConfig& config);

// Floating-point operations of one chunk for one robot, a multiplication and an addition counting
// as two: pictures, prompt of `prompt_tokens` tokens, and `flow_steps` steps of the flow (0: the
// configuration's) or π0-FAST's 256 words. Matrix products and convolutions alone; element-wise
// work is below 2 %.
double chunk_flop(const ModelConfig& config, int prompt_tokens, int flow_steps = 0);

// Of those, what no action depends on: the last language layer after its keys and values.
double unread_flop(const ModelConfig& config, int prompt_tokens);

}  // namespace gyre
