#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gyre {

// The meaning of one number of a state or an action.
enum class FieldKind { kPosition, kVelocity, kDelta };

// One component of the state or action vector. Unit "rad", "m", "1" (rotation matrix entries,
// gripper 0 closed .. 1 open). Rates are per second in that unit; 0 means "not limited".
struct Field {
  std::string name;
  std::string unit;
  FieldKind kind = FieldKind::kPosition;
  double min = 0;
  double max = 0;
  double max_velocity = 0;
  double max_acceleration = 0;
  double max_jerk = 0;
  bool gripper = false;
  bool operator==(const Field&) const = default;
};

struct CameraSpec {
  std::string name;  // "front", "wrist"
  int width = 0;
  int height = 0;
  std::string mounting;  // "fixed" or the link that carries it
  bool operator==(const CameraSpec&) const = default;
};

// Axis-aligned, metres, in the frame of the robot's base.
struct Box {
  double min[3] = {0, 0, 0};
  double max[3] = {0, 0, 0};
  bool operator==(const Box&) const = default;
};

// The contract between a policy, a dataset and a robot: declared before connecting, it drives the
// dataset's schema, the wire's metadata, the console and the safety limits.
struct Embodiment {
  std::string name;              // "so101/ee": robot / action space
  double action_period_s = 0.1;  // one action of a chunk, one row of a dataset
  double control_period_s = 0;   // one command; action_period_s is a whole multiple. 0: the same
  std::vector<Field> state;
  std::vector<Field> action;
  std::vector<CameraSpec> cameras;
  Box workspace;

  // Throws Error naming the field: empty or duplicate names, limits that are NaN, negative or
  // empty.
  void validate() const;
  // 16 hex digits over everything above but the control period. Equal hashes may exchange states
  // and actions: a policy does not see how often its actions are interpolated.
  std::string contract_hash() const;

  double tick_s() const { return control_period_s > 0 ? control_period_s : action_period_s; }
  int ticks_per_action() const;  // control periods in one action period
  bool operator==(const Embodiment&) const = default;
};

void to_json(nlohmann::json& json, const Embodiment& embodiment);
void from_json(const nlohmann::json& json, Embodiment& embodiment);

// Equal but for the control period.
bool same_contract(const Embodiment& left, const Embodiment& right);

// Throws Error that names both sides and the first difference when the two are not the same
// contract. `left_name` is e.g. "policy assets/policies/nano", `right_name` "robot so101/ee".
void require_same_contract(const Embodiment& left, std::string_view left_name,
                           const Embodiment& right, std::string_view right_name);

// Clamps every entry to its field's [min, max]; a non-finite entry takes `fallback`'s (same
// length). Returns whether anything changed.
bool clamp_to_limits(std::span<const Field> fields, std::span<const float> fallback,
                     std::span<float> values);

}  // namespace gyre
