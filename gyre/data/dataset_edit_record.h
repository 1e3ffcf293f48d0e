#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "gyre/data/dataset_edit.h"

// An edit as meta/gyre_history.json keeps it, so that it can be carried out again.
namespace gyre::data {

// {"episodes": ["0:0-9", {"source": 0, "episode": 3, "first": 10, "frames": 190}], "rename": ...}.
// "0:0-9": whole episodes 0 to 9 of source 0. What is as in an empty edit is left out.
nlohmann::ordered_json plan_json(const DatasetEdit& edit);

// The edit of these sources. Throws Error when it is no such plan.
DatasetEdit planned_edit(const nlohmann::ordered_json& plan,
                         const std::vector<std::filesystem::path>& sources);

}  // namespace gyre::data
