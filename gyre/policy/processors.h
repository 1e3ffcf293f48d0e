#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gyre/core/stats.h"
#include "gyre/policy/joint_map.h"
#include "gyre/policy/normalizer.h"
#include "gyre/policy/pi_prompt.h"

namespace gyre {

// How a policy of another project takes observations and gives actions, as its folder says.
struct Processors {
  Dialect dialect = Dialect::kLeRobot;
  NormKind state_norm = NormKind::kMeanStd, action_norm = NormKind::kMeanStd;
  std::optional<Stats> state, action;  // nothing: the folder came without a normaliser
  bool state_in_prompt = false;
  std::vector<std::string> cameras;          // in the order of the prefix
  bool relative_actions = false;             // actions are differences to the state
  std::vector<std::string> absolute_joints;  // except those whose names hold one of these
  std::string asset;                         // openpi's name of the normaliser
  std::string robot;                         // the preset that the following come from, if any
  JointMap joints;                           // between the robot's joints and the policy's
  std::vector<bool> relative_mask;           // action fields relative to the state; empty: unsaid
};

}  // namespace gyre
