#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "gyre/infer/engine.h"

namespace gyre::infer {

// The network of gyre/model without gradients, one thread, float32. Requests of a batch are
// computed one after another: a batched product rounds differently, and a chunk must be the same
// bits alone and in a batch. It reuses no picture tokens. `checkpoint` must have its tensors.
// Throws Error.
std::unique_ptr<Engine> open_reference(Checkpoint checkpoint);

// One robot's chunk [horizon, max_action_dim], normalised, by that network from its bare inputs:
// images [cameras, 3, S, S] with their mask, the prompt's tokens, a state [max_state_dim] and noise
// [horizon, max_action_dim]. Throws Error.
std::vector<float> reference_chunk(const ModelConfig& config, const std::filesystem::path& weights,
                                   std::span<const float> images, std::span<const uint8_t> mask,
                                   std::span<const int> tokens, std::span<const float> state,
                                   std::span<const float> noise, int steps);

}  // namespace gyre::infer
