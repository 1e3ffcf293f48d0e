#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/embodiment.h"

namespace gyre {

// Which recorded camera feeds which picture input of a policy. Names are compared whole, without
// the `observation.images.` that LeRobot puts before them.
struct CameraRules {
  std::vector<std::string> inputs;             // the policy's, in the order of the prefix
  std::map<std::string, std::string> renamed;  // recorded -> input: rename_map, or a preset
  std::map<std::string, std::string> chosen;   // input -> recorded: the user's; kNoCamera: none
  std::set<std::string> empty;                 // inputs that stay without a picture
  bool operator==(const CameraRules&) const = default;
};

inline constexpr const char* kNoCamera = "none";
inline constexpr std::string_view kImageKeyPrefix = "observation.images.";

// "observation.images.rgb.left" -> "rgb.left".
std::string camera_name(const std::string& key);
// The other way; a key that already begins so stays as it is.
std::string camera_key(const std::string& name);

// Enters --camera-names into `rules`: one recorded camera for each input in their order, or pairs
// RECORDED=INPUT. A policy that names no input takes those of the list. Throws Error naming both
// sides.
void choose_cameras(const std::vector<std::string>& flag, CameraRules& rules);

struct CameraMatch {
  std::vector<int> source;         // [inputs] index into the contract's cameras, -1: no picture
  std::vector<std::string> notes;  // what was guessed or left without a picture, a line each
};

// The chosen camera first, then the one of the same whole name, then the only one whose name ends
// alike at a point ("wrist" and "rgb.wrist"), which is told. An input for which nothing is there is
// left without a picture (told) only where no recorded camera is left over. Throws Error naming
// `policy`, both sides and the flag for all else.
CameraMatch match_cameras(const CameraRules& rules, const Embodiment& contract,
                          const std::string& policy);

// The rules as a LeRobot folder can say them: `chosen` becomes `renamed`, and an input that gets no
// picture is called empty_camera_<i>.
CameraRules settled(const CameraRules& rules);

}  // namespace gyre
