#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace gyre::flywheel {

// One square of a scope: what is done to which thing, with its colour, to which place, by which
// robot and at which speed.
struct ScopeCell {
  std::string verb;    // "pick_place"
  std::string object;  // "red_cup"; "" where the verb has none
  std::string place;   // "sink"; "" where the verb has none
  std::string robot;   // contract name, "arm/ee"
  double speed = 1;    // times the demonstrated one
  auto operator<=>(const ScopeCell&) const = default;
};

inline constexpr std::array kScopeSpeeds = {1.0, 1.25, 1.5};

// The cell of a task's name "verb/object/place", of which the later parts may be missing. Throws
// Error for a name without a verb, one of more parts, and a speed that is not one of kScopeSpeeds.
ScopeCell scope_cell(const std::string& task, const std::string& robot, double speed = 1);

// The same; none where that would throw.
std::optional<ScopeCell> find_scope_cell(const std::string& task, const std::string& robot,
                                         double speed = 1);

std::string task_of(const ScopeCell& cell);  // "pick_place/red_cup/sink"
// "pick_place red_cup sink, arm/ee, 1.25 x"
std::string cell_text(const ScopeCell& cell);

// The properties that cells share: an effect each in the model. "red_cup" is red and a cup.
std::vector<std::string> cell_properties(const ScopeCell& cell);

}  // namespace gyre::flywheel
