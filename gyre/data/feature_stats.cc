#include "gyre/data/feature_stats.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace gyre::data {
namespace {

using nlohmann::json;

using StatsPart = std::vector<double> Stats::*;
constexpr std::array<std::pair<const char*, StatsPart>, 9> kStatsParts = {{{"min", &Stats::min},
                                                                           {"max", &Stats::max},
                                                                           {"mean", &Stats::mean},
                                                                           {"std", &Stats::std},
                                                                           {"q01", &Stats::q01},
                                                                           {"q10", &Stats::q10},
                                                                           {"q50", &Stats::q50},
                                                                           {"q90", &Stats::q90},
                                                                           {"q99", &Stats::q99}}};

// NaN and Infinity became null on the way (io::standard_json). Nesting is bounded there too.
void collect_numbers(const json& value, std::vector<double>& to) {
  if (value.is_number() || value.is_boolean()) {
    to.push_back(value.is_boolean() ? static_cast<double>(value.get<bool>()) : value.get<double>());
  } else if (value.is_array()) {
    for (const json& inner : value) collect_numbers(inner, to);
  } else {
    to.push_back(std::numeric_limits<double>::quiet_NaN());
  }
}

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

}  // namespace

Stats stated_stats(const json& entry, int64_t count, const std::string& feature,
                   Unstated& unstated) {
  Stats stats;
  stats.count = count;
  const auto pass_over = [&](const char* part) {
    std::vector<std::string>& parts = unstated[feature];
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.emplace_back(part);
  };
  if (!entry.is_object()) return stats;
  for (const auto& [name, part] : kStatsParts) {
    const auto found = entry.find(name);
    if (found == entry.end() || found->is_null()) continue;
    std::vector<double>& values = stats.*part;
    collect_numbers(*found, values);
    if (all_finite(values)) continue;
    values.clear();
    pass_over(name);
  }
  if (const auto found = entry.find("count"); found != entry.end() && !found->is_null()) {
    std::vector<double> counts;
    collect_numbers(*found, counts);
    if (!counts.empty() && counts[0] >= 0 && counts[0] < 9e15) {
      stats.count = static_cast<int64_t>(counts[0]);
    } else {
      pass_over("count");
    }
  }
  return stats;
}

Stats merge_stated(std::span<const Stats> parts) {
  if (parts.empty()) return {};
  std::vector<Stats> alike(parts.begin(), parts.end());
  int64_t count = 0;
  size_t width = 0;
  for (const Stats& each : parts) {
    count += each.count;
    for (const auto& [name, part] : kStatsParts) width = std::max(width, (each.*part).size());
  }
  std::vector<StatsPart> lacking;
  for (const auto& [name, part] : kStatsParts) {
    const bool stated = std::all_of(parts.begin(), parts.end(), [&, member = part](const Stats& s) {
      return (s.*member).size() == width;
    });
    if (!stated) lacking.push_back(part);
  }
  const auto lacks = [&](StatsPart part) {
    return std::find(lacking.begin(), lacking.end(), part) != lacking.end();
  };
  // The pooled deviation needs the means, and nothing can be pooled over no rows.
  const bool pooled = count > 0 && !lacks(&Stats::mean) && !lacks(&Stats::std);
  if (!pooled) lacking.push_back(&Stats::std);
  if (count == 0) lacking.push_back(&Stats::mean);
  // merge_stats() takes complete parts: what is lacking is filled and taken away again.
  for (Stats& each : alike) {
    for (StatsPart part : lacking) (each.*part).assign(width, 0.0);
    if (count == 0) each.count = 1;
  }
  Stats merged = merge_stats(alike);
  for (StatsPart part : lacking) (merged.*part).clear();
  merged.count = count;
  return merged;
}

Stats join_stated(std::span<const Stats> parts) {
  Stats joined = concatenate_stats(parts);
  for (const auto& [name, part] : kStatsParts) {
    const bool stated = std::none_of(parts.begin(), parts.end(), [member = part](const Stats& s) {
      return (s.*member).empty();
    });
    if (!stated) (joined.*part).clear();
  }
  return joined;
}

void tell_unstated(const std::filesystem::path& file, const Unstated& unstated,
                   const Notices& tell) {
  constexpr size_t kNamed = 5;
  std::vector<std::string> features;
  for (const auto& [feature, parts] : unstated) {
    if (features.size() < kNamed) {
      features.push_back(fmt::format("{} ({})", feature, fmt::join(parts, ", ")));
    }
  }
  if (features.empty()) return;
  if (unstated.size() > kNamed) {
    features.push_back(fmt::format("{} features more", unstated.size() - kNamed));
  }
  tell(fmt::format("{}: not finite, and so taken as not stated: {}", file.string(),
                   fmt::join(features, ", ")));
}

}  // namespace gyre::data
