#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gyre/model/policy.h"

namespace gyre::verify {

using Arrays = std::map<std::string, torch::Tensor>;

// Throws Error for a type that is none of the golden files'.
Arrays read_arrays(const std::filesystem::path& file);

// Largest absolute difference of two shapes that agree, else infinity.
double largest_difference(const torch::Tensor& ours, const torch::Tensor& theirs);

// The project whose time grid the flow uses.
enum class TimeGrid { kLeRobot, kOpenpi };

// All results of the graph on the golden inputs `in`, by the names of outputs.safetensors.
// `run_info` holds the settings of real-time chunking; the names of `theirs` may ask for others,
// and for other numbers of steps.
Arrays golden_outputs(const model::Policy& policy, const Arrays& in, const Arrays& theirs,
                      const nlohmann::json& run_info, TimeGrid grid);

// Chunks, velocities and losses of weights rounded to bfloat16 where the project does so
// (openpi rounds the vision tower too).
Arrays golden_bfloat16(const ModelConfig& config, const model::Parameters& parameters,
                       const Arrays& in, TimeGrid grid);

// By the names of grads.safetensors.
Arrays golden_gradients(const ModelConfig& config, const model::Parameters& parameters,
                        const Arrays& in);

}  // namespace gyre::verify
