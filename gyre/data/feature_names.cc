#include "gyre/data/feature_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

namespace gyre::data {
namespace {

using nlohmann::ordered_json;

struct GroupedName {
  std::string group, name;
};

std::optional<double> place_of(const ordered_json& value) {
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::optional<double> place_of(const std::string& text) {
  int64_t place = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(static_cast<double>(place)) : std::nullopt;
}

// {"waist": 0, "elbow": 1} and {"0": "waist", "1": "elbow"}: the names by their places; nothing
// when the map is of another kind.
std::optional<std::vector<std::string>> by_place(const ordered_json& map) {
  std::vector<std::pair<double, std::string>> placed;
  for (const auto& [key, value] : map.items()) {
    if (const auto place = place_of(value)) {
      placed.emplace_back(*place, key);
    } else if (const auto key_place = place_of(key); key_place && value.is_string()) {
      placed.emplace_back(*key_place, value.get<std::string>());
    } else {
      return std::nullopt;
    }
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (auto& [place, name] : placed) names.push_back(std::move(name));
  return names;
}

// Nesting is bounded where the file is read (io::kDeepestJson).
void collect(const ordered_json& names, const std::string& group, std::vector<GroupedName>& to) {
  if (names.is_string()) to.push_back({group, names.get<std::string>()});
  if (names.is_number_integer()) to.push_back({group, names.dump()});
  if (names.is_array()) {
    for (const ordered_json& inner : names) collect(inner, group, to);
  }
  if (!names.is_object()) return;
  if (const auto placed = by_place(names)) {
    for (const std::string& name : *placed) to.push_back({group, name});
    return;
  }
  for (const auto& [key, inner] : names.items()) {
    collect(inner, group.empty() ? key : fmt::format("{}.{}", group, key), to);
  }
}

}  // namespace

std::vector<std::string> feature_names(const ordered_json& names) {
  std::vector<GroupedName> grouped;
  collect(names, "", grouped);
  std::set<std::string> distinct;
  for (const GroupedName& each : grouped) distinct.insert(each.name);
  const bool shared = distinct.size() < grouped.size();
  std::vector<std::string> result;
  for (const auto& [group, name] : grouped) {
    result.push_back(shared && !group.empty() ? fmt::format("{}.{}", group, name) : name);
  }
  return result;
}

}  // namespace gyre::data
