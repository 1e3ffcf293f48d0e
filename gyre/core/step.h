#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/observation.h"

namespace gyre {

// Who decided the action of a Step.
enum class Source : uint8_t { kPolicy, kHuman, kExpert, kFallback };

std::string_view source_name(Source source);     // "policy", "human", "expert", "fallback"
Source source_from_name(std::string_view name);  // throws Error for any other word

// One control period: what was seen, what was wanted, what was sent and why. It leaves the control
// loop exactly once, to the journal, the console and the metrics alike.
struct Step {
  int64_t index = 0;  // within the episode
  Observation observation;
  std::vector<float> action;         // what was sent, robot units
  std::vector<float> policy_action;  // what the policy wanted; empty when it had nothing to say
  Source source = Source::kPolicy;
  bool intervention = false;  // a person or the helper held control
  bool clamped = false;       // the safety filter changed the action
  std::string clamp_reason;   // which field, or "late" / "non-finite"
  int64_t chunk_id = -1;
  int chunk_index = -1;
  float inference_ms = 0;
  // Auxiliary targets that only a simulator knows: for each camera, for each of the two named
  // things (what to act on, where it goes), x, y in [-1, 1] and 1 when it is there, else 0, 0, 0.
  std::vector<float> grounding;  // [cameras, 2, 3] or empty
  float tracking_residual = 0;   // what the driver could not reach, metres (inverse kinematics)
};

}  // namespace gyre
