#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/stats.h"
#include "gyre/data/notices.h"

// Statistics that others stated. A part of them (mean, std ...) that is missing, or holds a value
// that is not a finite number, counts as not stated: its vector is empty.
namespace gyre::data {

// What was passed over while statistics were read: parts by feature.
using Unstated = std::map<std::string, std::vector<std::string>>;

// {min, max, mean, std, count, q01 ...}, each nested as the feature's shape is. Without a count it
// is `count`. Parts that are there and not finite are added to `unstated` under `feature`.
Stats stated_stats(const nlohmann::json& json, int64_t count, const std::string& feature,
                   Unstated& unstated);

// LeRobot's rule over episodes (merge_stats), for the parts that all of them state with one width.
Stats merge_stated(std::span<const Stats> parts);

// Side by side, for the parts that all of them state.
Stats join_stated(std::span<const Stats> parts);

// One line about `unstated`, or none when it is empty.
void tell_unstated(const std::filesystem::path& file, const Unstated& unstated,
                   const Notices& tell);

}  // namespace gyre::data
