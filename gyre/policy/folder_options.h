#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/policy/robot_preset.h"

namespace gyre {

// Values that a checkpoint folder of another project may lack, given by flags. A value that
// contradicts the folder is refused.
struct FolderOptions {
  std::optional<int> horizon;             // actions in a chunk
  std::optional<int> heads;               // query heads of the language model and the expert
  std::optional<int> vision_heads;        // heads of the vision tower
  std::optional<int> cameras;             // pictures of one observation
  std::vector<std::string> camera_names;  // choose_cameras() of policy/camera_match.h
  std::vector<std::string> action_names;  // the policy's action fields in their order
  bool strict = false;                    // a prompt that is too long is an error
  std::optional<bool> discrete_state;     // π0.5: the state stands in the prompt
  std::optional<std::string> asset;       // which of assets/<id>/norm_stats.json
  std::optional<RobotPreset> robot;       // preset: the robot's defaults for all of these
  std::filesystem::path stats;            // normaliser: norm_stats.json, or a dataset's stats.json
  std::filesystem::path tokenizer;        // sentencepiece vocabulary
  std::filesystem::path fast_tokenizer;   // folder of the FAST tokenizer
};

// Collects the flags that a folder needs, so that one error names them all.
class MissingFlags {
 public:
  explicit MissingFlags(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The folder's value, or else the flag's, or else the robot preset's; T{} and a missing flag when
  // there is none. Throws Error when folder and flag contradict each other.
  template <class T>
  T resolve(std::string_view flag, const std::optional<T>& in_folder, const std::optional<T>& given,
            const std::optional<T>& preset = {}) {
    if (in_folder && given && *in_folder != *given) contradiction(flag);
    if (!in_folder && !given && !preset) missing_.emplace_back(flag);
    return in_folder ? *in_folder : given ? *given : preset.value_or(T{});
  }
  // Throws Error naming every flag that is missing.
  void require_none() const;

 private:
  [[noreturn]] void contradiction(std::string_view flag) const;

  std::filesystem::path folder_;
  std::vector<std::string> missing_;
};

}  // namespace gyre
