#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/io/safetensors.h"
#include "gyre/policy/norm_stats.h"

// What LeRobot wrote before October 2025: other names of tensors and of config.json's keys, the
// normaliser among the weights instead of in processor files, and bands left of and above a
// picture instead of around it.
namespace gyre {

// The present name of a tensor; any other name stays as it is.
std::string name_since_processors(std::string name);

// A tensor of the normaliser: normalize_inputs.*, normalize_targets.*, unnormalize_outputs.*.
bool is_old_normalizer(std::string_view name);

// The normaliser among the weights; nothing where there is none. One that was never filled
// (infinite) counts as none, with a warning. Throws Error naming file and tensor.
NormStats read_old_normalizer(const io::SafeTensors& weights, std::vector<std::string>& warnings);

bool is_old_config(const nlohmann::json& config);
// Renames the keys of an old config.json to the present ones.
void modernise_config(nlohmann::json& config);

}  // namespace gyre
