#include "gyre/flywheel/scope_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

std::vector<std::string> cell_parts(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

ScopeCell scope_cell(const std::string& task, const std::string& robot, double speed) {
  const std::vector<std::string> parts = cell_parts(task, '/');
  if (parts.size() > 3 || parts.front().empty()) {
    throw Error("task '" + task + "'", "is not verb, verb/object or verb/object/place");
  }
  if (std::ranges::find(kScopeSpeeds, speed) == kScopeSpeeds.end()) {
    throw Error("speed", fmt::format("{:g} is not 1, 1.25 or 1.5", speed));
  }
  return {.verb = parts[0],
          .object = parts.size() > 1 ? parts[1] : "",
          .place = parts.size() > 2 ? parts[2] : "",
          .robot = robot,
          .speed = speed};
}

std::optional<ScopeCell> find_scope_cell(const std::string& task, const std::string& robot,
                                         double speed) {
  try {
    return scope_cell(task, robot, speed);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string task_of(const ScopeCell& cell) {
  std::string task = cell.verb;
  if (!cell.object.empty()) task += "/" + cell.object;
  if (!cell.place.empty()) task += "/" + cell.place;
  return task;
}

std::string cell_text(const ScopeCell& cell) {
  std::string text = cell.verb;
  if (!cell.object.empty()) text += " " + cell.object;
  if (!cell.place.empty()) text += " " + cell.place;
  return text + fmt::format(", {}, {:g} x", cell.robot, cell.speed);
}

std::vector<std::string> cell_properties(const ScopeCell& cell) {
  std::vector<std::string> properties = {"verb " + cell.verb, "robot " + cell.robot,
                                         fmt::format("speed {:g}", cell.speed)};
  if (!cell.object.empty()) {
    for (const std::string& part : cell_parts(cell.object, '_')) {
      properties.push_back("object " + part);
    }
  }
  if (!cell.place.empty()) properties.push_back("place " + cell.place);
  return properties;
}

}  // namespace gyre::flywheel
