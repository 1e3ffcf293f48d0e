#include "gyre/policy/norm_stats.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/policy/json_file.h"

namespace gyre {
namespace {

using Member = std::vector<double> Stats::*;
constexpr std::pair<const char*, Member> kMembers[] = {
    {"min", &Stats::min}, {"max", &Stats::max}, {"mean", &Stats::mean},
    {"std", &Stats::std}, {"q01", &Stats::q01}, {"q10", &Stats::q10},
    {"q50", &Stats::q50}, {"q90", &Stats::q90}, {"q99", &Stats::q99}};

void require_one_width(const std::filesystem::path& file, const std::string& feature,
                       const Stats& stats) {
  size_t width = 0;
  for (const auto& [name, member] : kMembers) {
    const std::vector<double>& values = stats.*member;
    const std::string where = file.string() + ": " + feature + "." + name;
    if (values.empty()) continue;
    if (width != 0 && values.size() != width)
      throw Error(where, "has another width than its peers");
    width = values.size();
    for (double value : values) {
      if (!std::isfinite(value)) throw Error(where, "is not finite");
    }
  }
  if (width == 0) throw Error(file.string(), "'" + feature + "' holds no statistics");
}

std::optional<Stats> feature_of(const std::filesystem::path& file, const nlohmann::json& json,
                                const std::string& name) {
  const auto found = json.find(name);
  if (found == json.end()) return {};
  Stats stats;
  for (const auto& [key, member] : kMembers) {
    const auto values = found->find(key);
    if (values == found->end() || values->is_null()) continue;
    // null stands for a number that is not finite (io::standard_json): the part is not stated.
    const bool stated = std::none_of(values->begin(), values->end(),
                                     [](const nlohmann::json& value) { return value.is_null(); });
    if (stated) values->get_to(stats.*member);
  }
  require_one_width(file, name, stats);
  return stats;
}

}  // namespace

std::optional<Stats> stats_of_tensors(const io::SafeTensors& file, const std::string& feature) {
  Stats stats;
  bool any = false;
  for (const auto& [key, member] : kMembers) {
    const io::TensorView* view = file.find(feature + "." + key);
    if (!view) continue;
    const std::vector<float> values = view->to_floats();
    (stats.*member).assign(values.begin(), values.end());
    any = true;
  }
  if (!any) return {};
  require_one_width(file.path(), feature, stats);
  return stats;
}

size_t width_of(const Stats& stats) {
  size_t width = 0;
  for (const auto& [name, member] : kMembers) width = std::max(width, (stats.*member).size());
  return width;
}

namespace {

// Of a dataset whose features have LeRobot's names, or those of openpi's converters.
std::optional<Stats> either(const std::filesystem::path& file, const nlohmann::json& json,
                            const std::string& lerobots, const std::string& openpis) {
  return feature_of(file, json, json.contains(lerobots) ? lerobots : openpis);
}

}  // namespace

NormStats read_norm_stats(const std::filesystem::path& file) {
  const nlohmann::json json = read_json_object(file);
  NormStats stats;
  with_file_named(file, [&] {
    if (json.contains("norm_stats")) {
      const nlohmann::json& features = json.at("norm_stats");
      stats = {feature_of(file, features, "state"), feature_of(file, features, "actions")};
    } else {
      stats = {either(file, json, "observation.state", "state"),
               either(file, json, "action", "actions")};
    }
  });
  if (stats.state || stats.action) return stats;
  throw Error(file.string(), "holds statistics of neither state nor actions",
              "give openpi's norm_stats.json or a dataset's meta/stats.json");
}

NormStats read_processor_state(const std::filesystem::path& path) {
  const io::SafeTensors file = io::SafeTensors::open(path);
  return {stats_of_tensors(file, "observation.state"), stats_of_tensors(file, "action")};
}

}  // namespace gyre
