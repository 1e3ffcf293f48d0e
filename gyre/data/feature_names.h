#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace gyre::data {

// The names of a feature's numbers in their order, from "names" of meta/info.json as people write
// it: a list, lists in a list, a map from a group to a list, a map from a name to its place or from
// a place to its name. Where two groups share a name, each has its group before it ("left.waist").
// Anything else gives none.
std::vector<std::string> feature_names(const nlohmann::ordered_json& names);

}  // namespace gyre::data
