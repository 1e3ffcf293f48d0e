#include "gyre/core/embodiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"

namespace gyre {
namespace {

NLOHMANN_JSON_SERIALIZE_ENUM(FieldKind, {{FieldKind::kPosition, "position"},
                                         {FieldKind::kVelocity, "velocity"},
                                         {FieldKind::kDelta, "delta"}})

nlohmann::json field_json(const Field& f) {
  return {{"name", f.name},
          {"unit", f.unit},
          {"kind", f.kind},
          {"min", f.min},
          {"max", f.max},
          {"max_velocity", f.max_velocity},
          {"max_acceleration", f.max_acceleration},
          {"max_jerk", f.max_jerk},
          {"gripper", f.gripper}};
}

Field field_from(const nlohmann::json& j) {
  return {j.at("name"),
          j.at("unit"),
          j.at("kind"),
          j.at("min"),
          j.at("max"),
          j.at("max_velocity"),
          j.at("max_acceleration"),
          j.at("max_jerk"),
          j.at("gripper")};
}

nlohmann::json fields_json(const std::vector<Field>& fields) {
  nlohmann::json list = nlohmann::json::array();
  for (const Field& field : fields) list.push_back(field_json(field));
  return list;
}

std::vector<Field> fields_from(const nlohmann::json& list) {
  std::vector<Field> fields;
  for (const nlohmann::json& field : list) fields.push_back(field_from(field));
  return fields;
}

void validate_fields(const std::string& owner, const std::string& group,
                     const std::vector<Field>& fields) {
  if (fields.empty()) throw Error(owner, "has no " + group + " field");
  std::set<std::string> names;
  for (const Field& f : fields) {
    const std::string where = fmt::format("{}: {} field '{}'", owner, group, f.name);
    if (f.name.empty() || f.name.find('/') != std::string::npos) {
      throw Error(where, "the name is empty or holds '/'", "rename it");
    }
    if (!names.insert(f.name).second) throw Error(where, "appears twice", "rename one");
    if (!(std::isfinite(f.min) && std::isfinite(f.max) && f.min < f.max)) {
      throw Error(where, fmt::format("its range {} .. {} is empty or not finite", f.min, f.max),
                  "give min < max");
    }
    for (double rate : {f.max_velocity, f.max_acceleration, f.max_jerk}) {
      if (!(std::isfinite(rate) && rate >= 0)) {
        throw Error(where, fmt::format("a rate limit is {}", rate),
                    "give a positive number, or 0 for none");
      }
    }
  }
}

std::string describe(const Field& f) { return field_json(f).dump(); }

std::string first_difference(const Embodiment& a, const Embodiment& b) {
  if (a.name != b.name) return fmt::format("name '{}' against '{}'", a.name, b.name);
  if (a.action_period_s != b.action_period_s) {
    return fmt::format("action period {} s against {} s", a.action_period_s, b.action_period_s);
  }
  for (auto [group, left, right] :
       {std::tuple("state", &a.state, &b.state), std::tuple("action", &a.action, &b.action)}) {
    if (left->size() != right->size()) {
      return fmt::format("{} of {} against {} fields", group, left->size(), right->size());
    }
    for (size_t i = 0; i < left->size(); ++i) {
      if ((*left)[i] != (*right)[i]) {
        return fmt::format("{} field {}: {} against {}", group, i, describe((*left)[i]),
                           describe((*right)[i]));
      }
    }
  }
  if (a.cameras.size() != b.cameras.size()) {
    return fmt::format("{} cameras against {}", a.cameras.size(), b.cameras.size());
  }
  for (size_t i = 0; i < a.cameras.size(); ++i) {
    const CameraSpec &left = a.cameras[i], &right = b.cameras[i];
    if (left != right) {
      return fmt::format("camera {}: '{}' {}x{} on '{}' against '{}' {}x{} on '{}'", i, left.name,
                         left.width, left.height, left.mounting, right.name, right.width,
                         right.height, right.mounting);
    }
  }
  return "workspace";
}

}  // namespace

void to_json(nlohmann::json& json, const Embodiment& e) {
  nlohmann::json cameras = nlohmann::json::array();
  for (const CameraSpec& c : e.cameras) {
    cameras.push_back(
        {{"name", c.name}, {"width", c.width}, {"height", c.height}, {"mounting", c.mounting}});
  }
  json = {{"name", e.name},
          {"period_s", e.action_period_s},
          {"state", fields_json(e.state)},
          {"action", fields_json(e.action)},
          {"cameras", cameras},
          {"workspace", {{"min", e.workspace.min}, {"max", e.workspace.max}}}};
  if (e.ticks_per_action() != 1) json["control_period_s"] = e.control_period_s;
}

void from_json(const nlohmann::json& json, Embodiment& e) {
  json.at("name").get_to(e.name);
  json.at("period_s").get_to(e.action_period_s);
  e.control_period_s = json.value("control_period_s", 0.0);
  e.state = fields_from(json.at("state"));
  e.action = fields_from(json.at("action"));
  e.cameras.clear();
  for (const nlohmann::json& c : json.at("cameras")) {
    e.cameras.push_back({c.at("name"), c.at("width"), c.at("height"), c.at("mounting")});
  }
  for (int axis = 0; axis < 3; ++axis) {
    e.workspace.min[axis] = json.at("workspace").at("min").at(axis);
    e.workspace.max[axis] = json.at("workspace").at("max").at(axis);
  }
}

void Embodiment::validate() const {
  const std::string owner = "embodiment '" + name + "'";
  if (name.empty()) throw Error(owner, "has no name");
  if (!(std::isfinite(action_period_s) && action_period_s > 0)) {
    throw Error(owner, fmt::format("its period is {} s", action_period_s), "give a positive one");
  }
  const double ticks = action_period_s / tick_s();
  if (!(control_period_s >= 0 && ticks > 0.5 && std::abs(ticks - std::round(ticks)) < 1e-6)) {
    throw Error(owner,
                fmt::format("its action period of {} s is no whole multiple of its control period "
                            "of {} s",
                            action_period_s, control_period_s),
                "choose a control period that divides it");
  }
  validate_fields(owner, "state", state);
  validate_fields(owner, "action", action);
  std::set<std::string> names;
  for (const CameraSpec& c : cameras) {
    if (c.name.empty() || !names.insert(c.name).second) {
      throw Error(owner, "camera name '" + c.name + "' is empty or appears twice", "rename it");
    }
    if (c.width <= 0 || c.height <= 0) {
      throw Error(owner, fmt::format("camera '{}' is {}x{} pixels", c.name, c.width, c.height),
                  "give a positive size");
    }
  }
  for (int axis = 0; axis < 3; ++axis) {
    if (!(std::isfinite(workspace.min[axis]) && std::isfinite(workspace.max[axis]) &&
          workspace.min[axis] <= workspace.max[axis])) {
      throw Error(owner, "its workspace box is empty or not finite", "give min <= max");
    }
  }
}

std::string Embodiment::contract_hash() const {
  nlohmann::json json = *this;
  json.erase("control_period_s");
  return sha256_hex(json.dump(), 16);
}

int Embodiment::ticks_per_action() const {
  return static_cast<int>(std::lround(action_period_s / tick_s()));
}

bool same_contract(const Embodiment& left, const Embodiment& right) {
  Embodiment other = right;
  other.control_period_s = left.control_period_s;
  return left == other;
}

void require_same_contract(const Embodiment& left, std::string_view left_name,
                           const Embodiment& right, std::string_view right_name) {
  if (same_contract(left, right)) return;
  throw Error(fmt::format("{} and {}", left_name, right_name),
              "their contracts differ in " + first_difference(left, right),
              "use a policy, data and a robot of one contract");
}

bool clamp_to_limits(std::span<const Field> fields, std::span<const float> fallback,
                     std::span<float> values) {
  bool changed = false;
  for (size_t i = 0; i < values.size(); ++i) {
    const float wanted = std::isfinite(values[i]) ? values[i] : fallback[i];
    const float allowed =
        static_cast<float>(std::clamp(static_cast<double>(wanted), fields[i].min, fields[i].max));
    changed |= !(allowed == values[i]);
    values[i] = allowed;
  }
  return changed;
}

}  // namespace gyre
