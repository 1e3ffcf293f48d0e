#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gyre/core/stats.h"
#include "gyre/policy/joint_map.h"
#include "gyre/policy/normalizer.h"
#include "gyre/policy/pi_prompt.h"

namespace gyre {

// How π0-FAST spells actions.
struct FastSpelling {
  int skipped_words = 128;     // at the vocabulary's end, that spell no action
  int max_learnt = 256;        // words of a chunk in training
  int max_said = 256;          // words of a chunk when acting
  int skipped_positions = 0;   // between prompt and first word: openpi acts with 1, trains with 0
  int steps = 0;               // actions of a chunk that is said, 0: the horizon
  double temperature = 0;      // 0: the likeliest word each time
  bool require_begin = true;   // what does not begin with "Action:" is no chunk
  std::string tokenizer_name;  // as LeRobot's config.json has it
};

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
  FastSpelling fast;
  std::string robot;                // the preset that the following come from, if any
  JointMap joints;                  // between the robot's joints and the policy's
  std::vector<bool> relative_mask;  // action fields relative to the state; empty: unsaid
};

}  // namespace gyre
