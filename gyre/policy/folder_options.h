#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/policy/robot_preset.h"

namespace gyre {

// What a person says of a checkpoint folder where the folder itself does not. A value that the
// folder contradicts is refused.
struct FolderOptions {
  std::optional<int> horizon;             // actions in a chunk
  std::optional<int> heads;               // query heads of the language model and the expert
  std::optional<int> vision_heads;        // heads of the vision tower
  std::optional<int> cameras;             // pictures of one observation
  std::vector<std::string> camera_names;  // the robot's, in the policy's order
  std::optional<bool> discrete_state;     // π0.5: the state stands in the prompt
  std::optional<std::string> asset;       // which of assets/<id>/norm_stats.json
  std::optional<RobotPreset> robot;       // what is known of its policies, where nobody says
  std::filesystem::path stats;            // normaliser: norm_stats.json, or a dataset's stats.json
  std::filesystem::path tokenizer;        // sentencepiece vocabulary
  std::filesystem::path fast_tokenizer;   // folder of the FAST tokenizer
};

// Gathers what is missing, so that one error names every flag.
class Unsaid {
 public:
  explicit Unsaid(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // What the folder says, or else the flag, or else what is known of the robot. Throws Error where
  // folder and flag contradict each other.
  template <class T>
  T settle(std::string_view flag, const std::optional<T>& said, const std::optional<T>& given,
           const std::optional<T>& known = {}) {
    if (said && given && *said != *given) contradiction(flag);
    if (!said && !given && !known) missing_.emplace_back(flag);
    return said ? *said : given ? *given : known.value_or(T{});
  }
  // Throws Error naming every flag that is missing.
  void require_nothing() const;

 private:
  [[noreturn]] void contradiction(std::string_view flag) const;

  std::filesystem::path folder_;
  std::vector<std::string> missing_;
};

}  // namespace gyre
