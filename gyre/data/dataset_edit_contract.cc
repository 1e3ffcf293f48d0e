#include "gyre/data/dataset_edit_contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "gyre/core/error.h"
#include "gyre/data/feature_names.h"

namespace gyre::data {
namespace {

using nlohmann::ordered_json;

std::string first_difference(const ordered_json& left, const ordered_json& right) {
  std::string difference;
  const auto differ = [&](const std::string& what, const ordered_json& a, const ordered_json& b) {
    if (difference.empty() && a != b)
      difference = fmt::format("{}: {} and {}", what, a.dump(), b.dump());
  };
  for (const auto& [name, feature] : left.items()) {
    if (!difference.empty()) return difference;
    if (!right.contains(name)) return fmt::format("feature '{}', which only the first has", name);
    const ordered_json& other = right[name];
    differ(fmt::format("feature '{}', dtype", name), feature.at("dtype"), other.at("dtype"));
    differ(fmt::format("feature '{}', shape", name), feature.at("shape"), other.at("shape"));
    differ(fmt::format("feature '{}', names", name),
           feature_names(feature.value("names", ordered_json())),
           feature_names(other.value("names", ordered_json())));
  }
  for (const auto& [name, feature] : right.items()) {
    if (difference.empty() && !left.contains(name)) {
      difference = fmt::format("feature '{}', which only the second has", name);
    }
  }
  return difference;
}

}  // namespace

void require_same_features(const EditSource& left, const EditSource& right) {
  const std::string both =
      fmt::format("{} and {}", left.folder().string(), right.folder().string());
  const auto refuse = [&](const std::string& what) {
    throw Error(both, "they differ in " + what, "only recordings of one contract can be merged");
  };
  const ordered_json &a = left.info(), &b = right.info();
  if (a.at("fps").get<double>() != b.at("fps").get<double>()) {
    refuse(fmt::format("fps: {} and {}", a["fps"].dump(), b["fps"].dump()));
  }
  const std::string difference = first_difference(left.features(), right.features());
  if (!difference.empty()) refuse(difference);
  const ordered_json robot_a = a.value("robot_type", ordered_json()),
                     robot_b = b.value("robot_type", ordered_json());
  if (robot_a != robot_b)
    refuse(fmt::format("robot_type: {} and {}", robot_a.dump(), robot_b.dump()));
  if (left.gyre().is_null() != right.gyre().is_null()) {
    refuse(fmt::format("meta/gyre.json, which only {} has",
                       (left.gyre().is_null() ? right : left).folder().string()));
  }
  if (!left.gyre().is_null()) {
    require_same_contract(left.dataset().embodiment(), "dataset " + left.folder().string(),
                          right.dataset().embodiment(), "dataset " + right.folder().string());
  }
  for (const io::ParquetColumn& column : left.columns()) {
    const auto has = [&](const io::ParquetColumn& c) { return c.name == column.name; };
    if (std::none_of(right.columns().begin(), right.columns().end(), has)) {
      refuse(fmt::format("column '{}' of the data files, which only the first has", column.name));
    }
  }
  if (right.columns().size() != left.columns().size()) {
    refuse("the columns of their data files: the second has more");
  }
}

}  // namespace gyre::data
