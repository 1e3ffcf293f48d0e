#include "gyre/policy/action_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"

namespace gyre {
namespace {

// A recording that names no field numbers them.
bool are_numbers(const std::vector<std::string>& names) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] != std::to_string(i)) return false;
  }
  return true;
}

std::vector<std::string> field_names(const std::vector<Field>& fields) {
  std::vector<std::string> names(fields.size());
  std::ranges::transform(fields, names.begin(), &Field::name);
  return names;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool holds_any(const std::string& name, const std::vector<std::string>& parts) {
  return std::ranges::any_of(parts, [&](const std::string& part) {
    return lower(name).find(lower(part)) != std::string::npos;
  });
}

}  // namespace

std::vector<std::string> names_in_order(const nlohmann::json& names) {
  std::vector<std::string> ordered;
  if (names.is_null()) return ordered;
  if (names.is_object() && !names.empty() && names.begin()->is_number_integer()) {
    std::multimap<int64_t, std::string> places;
    for (const auto& [name, place] : names.items()) places.emplace(place.get<int64_t>(), name);
    for (const auto& [place, name] : places) ordered.push_back(name);
    return ordered;
  }
  if (names.is_object() || names.is_array()) {
    for (const nlohmann::json& inner : names) {
      const std::vector<std::string> more = names_in_order(inner);
      ordered.insert(ordered.end(), more.begin(), more.end());
    }
    return ordered;
  }
  return {names.get<std::string>()};
}

void require_same_places(const Processors& processors, const Embodiment& robot,
                         const std::string& policy) {
  const std::vector<std::string>& own = processors.action_names;
  if (own.empty()) return;
  const std::vector<std::string> theirs = field_names(robot.action);
  if (own.size() != theirs.size()) {
    throw Error(
        policy,
        fmt::format("names {} action fields ({}), {} has {} ({})", own.size(), fmt::join(own, ", "),
                    robot.name, theirs.size(), fmt::join(theirs, ", ")),
        "use a recording of the robot that it was trained on");
  }
  for (size_t i = 0; i < own.size(); ++i) {
    const auto found = std::ranges::find(theirs, own[i]);
    if (found == theirs.end() || theirs[i] == own[i]) continue;
    throw Error(policy,
                fmt::format("has '{}' as action {}, {} as action {}", own[i], i, robot.name,
                            found - theirs.begin()),
                "use a recording with the policy's order of joints, or name the policy's fields "
                "with --action-names A,B,...");
  }
}

std::vector<int> relative_to_state(const Processors& processors, const Embodiment& robot,
                                   const std::string& policy) {
  if (!processors.relative_actions) return {};
  const std::vector<bool>& mask = processors.relative_mask;
  if (!mask.empty() && mask.size() != robot.action.size()) {
    throw Error("--policy-robot " + processors.robot,
                fmt::format("has {} action fields, {} has {}", mask.size(), robot.name,
                            robot.action.size()));
  }
  const std::vector<std::string> theirs = field_names(robot.action);
  const bool named = !processors.action_names.empty();
  if (mask.empty() && !named && !processors.absolute_joints.empty() && are_numbers(theirs)) {
    throw Error(policy,
                fmt::format("holds {} absolute but names no action field, and {} names none either",
                            fmt::join(processors.absolute_joints, ", "), robot.name),
                "name the fields with --action-names A,B,...");
  }
  const std::vector<std::string>& names = named ? processors.action_names : theirs;
  std::vector<int> relative_to;
  for (size_t i = 0; i < robot.action.size(); ++i) {
    const bool absolute = mask.empty() ? holds_any(names[i], processors.absolute_joints) : !mask[i];
    relative_to.push_back(absolute || i >= robot.state.size() ? -1 : static_cast<int>(i));
  }
  return relative_to;
}

}  // namespace gyre
