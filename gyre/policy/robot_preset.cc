#include "gyre/policy/robot_preset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/io/config.h"
#include "gyre/policy/action_transform.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

const fs::path kPresets = "assets/presets";

fs::path preset_file(const std::string& name_or_file) {
  if (fs::is_regular_file(name_or_file)) return name_or_file;
  fs::path file = kPresets / (name_or_file + ".toml");
  if (fs::exists(file)) return file;
  std::vector<std::string> names;
  if (fs::is_directory(kPresets)) {
    for (const auto& entry : fs::directory_iterator(kPresets)) {
      names.push_back(entry.path().stem().string());
    }
  }
  std::ranges::sort(names);
  throw Error(
      "--policy-robot", fmt::format("'{}' is neither a file nor a known preset", name_or_file),
      names.empty() ? "give a TOML file" : fmt::format("there are {}", fmt::join(names, ", ")));
}

void require_indices(const fs::path& file, const char* key, const std::vector<int>& indices,
                     int fields) {
  for (const int index : indices) {
    if (index >= 0 && index < fields) continue;
    throw Error(file.string(), fmt::format("{} names field {} of {}", key, index, fields));
  }
}

void require_policy(const fs::path& file, const char* key, const PresetPolicy& policy, int fields) {
  const auto mask = relative_mask(policy.delta);
  if (!mask.empty() && std::ssize(mask) != fields) {
    throw Error(file.string(), fmt::format("{}.delta speaks of {} fields, action has {}", key,
                                           mask.size(), fields));
  }
  if (policy.horizon < 0) throw Error(file.string(), fmt::format("{}.horizon is negative", key));
  const std::string& word = policy.discrete_state;
  if (!word.empty() && word != "true" && word != "false") {
    throw Error(file.string(), fmt::format("{}.discrete_state is '{}'", key, word),
                "write \"true\" or \"false\"");
  }
}

}  // namespace

RobotPreset RobotPreset::read(const std::string& name_or_file) {
  const fs::path file = preset_file(name_or_file);
  RobotPreset preset;
  load_toml(config_entries(preset), file);
  if (preset.state <= 0 || preset.action <= 0) {
    throw Error(file.string(), "state and action must say how many fields there are");
  }
  const int least = std::min(preset.state, preset.action);
  require_indices(file, "mirrored", preset.joints.mirrored, least);
  require_indices(file, "aloha_grippers", preset.joints.aloha_grippers, least);
  require_policy(file, "pi0", preset.pi0, preset.action);
  require_policy(file, "pi05", preset.pi05, preset.action);
  return preset;
}

std::optional<int> RobotPreset::horizon(const std::string& type) const {
  const int steps = of(type).horizon;
  return steps > 0 ? std::optional(steps) : std::nullopt;
}

std::optional<bool> RobotPreset::discrete_state(const std::string& type) const {
  const std::string& word = of(type).discrete_state;
  return word.empty() ? std::nullopt : std::optional(word == "true");
}

std::optional<std::string> RobotPreset::camera(const std::string& policy_camera) const {
  if (policy_camera.ends_with("base_0_rgb")) return cameras.base_0_rgb;
  if (policy_camera.ends_with("left_wrist_0_rgb")) return cameras.left_wrist_0_rgb;
  if (policy_camera.ends_with("right_wrist_0_rgb")) return cameras.right_wrist_0_rgb;
  return std::nullopt;
}

}  // namespace gyre
