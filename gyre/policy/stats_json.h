#pragma once

#include <nlohmann/json.hpp>

#include "gyre/core/stats.h"

namespace gyre {

// Statistics as gyre.json holds them.
nlohmann::json stats_json(const Stats& stats);
Stats stats_from_json(const nlohmann::json& json);  // throws nlohmann::json::exception

}  // namespace gyre
