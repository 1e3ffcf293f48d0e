#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gyre/policy/joint_map.h"

namespace gyre {

// Defaults for the policies of one kind, for values that their folders lack.
struct PresetPolicy {
  int horizon = 0;             // actions in a chunk, 0: unknown
  std::string discrete_state;  // "true", "false", or "": unknown
  std::vector<int> delta;      // which action fields are relative to the state: relative_mask()

  template <class Visitor>
  void visit(Visitor& v) {
    v("horizon", horizon, "actions in a chunk");
    v("discrete_state", discrete_state, "whether the prompt holds the state");
    v("delta", delta, "action fields that are relative to the state, in runs");
  }
};

// Mapping between one kind of robot and openpi's published policies: assets/presets/<name>.toml.
struct RobotPreset {
  struct Cameras {
    std::string base_0_rgb, left_wrist_0_rgb, right_wrist_0_rgb;  // the robot's names; "": none

    template <class Visitor>
    void visit(Visitor& v) {
      v("base_0_rgb", base_0_rgb, "the robot's name of this camera");
      v("left_wrist_0_rgb", left_wrist_0_rgb, "the robot's name of this camera");
      v("right_wrist_0_rgb", right_wrist_0_rgb, "the robot's name of this camera");
    }
  };

  std::string name;
  int state = 0, action = 0;  // fields
  std::string asset;          // openpi's name of its normaliser; "": unknown
  JointMap joints;
  Cameras cameras;
  PresetPolicy pi0, pi05;

  template <class Visitor>
  void visit(Visitor& v) {
    v("name", name, "of the preset");
    v("state", state, "state fields");
    v("action", action, "action fields");
    v("asset", asset, "which of assets/<id>/norm_stats.json");
    v("mirrored", joints.mirrored, "joints that turn the other way for the policy");
    v("aloha_grippers", joints.aloha_grippers, "grippers that are converted as ALOHA's");
    v("cameras", cameras, "the policy's cameras");
    v("pi0", pi0, "policies of π0");
    v("pi05", pi05, "policies of π0.5");
  }

  // A file, or the name of one of assets/presets. Throws Error naming file and key, or the names
  // there are.
  static RobotPreset read(const std::string& name_or_file);

  const PresetPolicy& of(const std::string& type) const { return type == "pi0" ? pi0 : pi05; }
  std::optional<int> horizon(const std::string& type) const;
  std::optional<bool> discrete_state(const std::string& type) const;
  // The robot's name of a policy's camera; "" where it has none, nothing for another name.
  std::optional<std::string> camera(const std::string& policy_camera) const;
};

}  // namespace gyre
