#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gyre/core/stats.h"
#include "gyre/policy/camera_match.h"
#include "gyre/policy/joint_map.h"
#include "gyre/policy/normalizer.h"
#include "gyre/policy/pi_prompt.h"

namespace gyre {

// Encoding of π0-FAST's actions as tokens of its vocabulary.
struct FastTokenOptions {
  int skipped_tokens = 128;     // vocabulary entries after the action tokens, at its end
  int max_train_tokens = 256;   // tokens of a chunk in training
  int max_decode_tokens = 256;  // tokens of a chunk when acting
  int skipped_positions = 0;    // between prompt and first token: openpi acts with 1, trains with 0
  int steps = 0;                // actions of a decoded chunk, 0: the horizon
  double temperature = 0;       // 0: the likeliest token each time
  bool require_begin = true;    // an answer that does not begin with "Action:" is refused
  std::string tokenizer_name;   // as LeRobot's config.json has it
};

// The transforms of a policy from another project, read from its folder: how observations enter
// and how actions leave.
struct Processors {
  Dialect dialect = Dialect::kLeRobot;
  NormKind state_norm = NormKind::kMeanStd, action_norm = NormKind::kMeanStd;
  std::optional<Stats> state, action;  // nothing: the folder came without a normaliser
  bool state_in_prompt = false;
  CameraRules cameras;
  bool relative_actions = false;             // actions are differences to the state
  std::vector<std::string> absolute_joints;  // except those whose names hold one of these
  std::vector<std::string> action_names;     // the policy's action fields; empty: not stated
  bool bands_first = false;                  // older LeRobot: bands left of and above a picture
  bool strict = false;                       // a prompt that is too long is an error
  std::string asset;                         // openpi's name of the normaliser
  FastTokenOptions fast;
  std::string robot;                // the preset that the following come from, if any
  JointMap joints;                  // between the robot's joints and the policy's
  std::vector<bool> relative_mask;  // action fields relative to the state; empty: not stated

  // Of state and actions, where the policy normalises them at all.
  bool has_normaliser() const {
    return (state || state_norm == NormKind::kIdentity) &&
           (action || action_norm == NormKind::kIdentity);
  }

  // LeRobot's layout can say which fields are relative: it goes by their names.
  bool can_name_relative() const {
    return relative_actions && (relative_mask.empty() || !action_names.empty());
  }
};

}  // namespace gyre
