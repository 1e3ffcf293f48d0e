#include "gyre/policy/camera_match.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "gyre/core/error.h"

namespace gyre {
namespace {

constexpr const char* kFlag = "--camera-names";
constexpr const char* kPairs = "map them with --camera-names RECORDED=INPUT,... (none=INPUT: none)";

// "wrist" and "rgb.wrist": one is the other's end, from a point on.
bool ends_alike(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  return a.size() > b.size() && a.ends_with(b) && a[a.size() - b.size() - 1] == '.';
}

// LeRobot's name of an input that a policy has and a robot need not have.
bool is_called_empty(const std::string& input) {
  return camera_name(input).starts_with("empty_camera");
}

// The one of `names` that `wanted` means; nothing when there is none. Throws Error when several
// could be meant.
std::optional<size_t> find_name(const std::string& wanted, const std::vector<std::string>& names,
                                const std::string& where) {
  const std::string name = camera_name(wanted);
  const auto exact = std::ranges::find(names, name);
  if (exact != names.end()) return static_cast<size_t>(exact - names.begin());
  std::vector<size_t> alike;
  for (size_t i = 0; i < names.size(); ++i) {
    if (ends_alike(names[i], name)) alike.push_back(i);
  }
  if (alike.size() > 1) {
    throw Error(where,
                fmt::format("'{}' may be {} or {}", wanted, names[alike[0]], names[alike[1]]),
                "give the whole name");
  }
  return alike.empty() ? std::nullopt : std::optional(alike.front());
}

std::vector<std::string> without_prefix(const std::vector<std::string>& keys) {
  std::vector<std::string> names(keys.size());
  std::ranges::transform(keys, names.begin(), camera_name);
  return names;
}

void choose_pairs(const std::vector<std::string>& flag, CameraRules& rules) {
  const auto lone = std::ranges::find_if(
      flag, [](const std::string& each) { return each.find('=') == std::string::npos; });
  if (lone != flag.end()) {
    throw Error(kFlag, fmt::format("'{}' stands among pairs RECORDED=INPUT", *lone),
                "give pairs alone, or recorded cameras alone in the policy's order");
  }
  const bool names_inputs = rules.inputs.empty();
  for (const std::string& pair : flag) {
    const size_t at = pair.rfind('=');
    const std::string recorded = pair.substr(0, at), input = pair.substr(at + 1);
    if (names_inputs) rules.inputs.push_back(camera_key(input));
    const auto place = find_name(input, without_prefix(rules.inputs), kFlag);
    if (!place) {
      throw Error(kFlag, fmt::format("the policy has no input '{}'", input),
                  fmt::format("it has {}", fmt::join(rules.inputs, ", ")));
    }
    rules.chosen[rules.inputs[*place]] = recorded;
  }
}

// The search for each input's camera, from the surest rule to the weakest.
class CameraSearch {
 public:
  CameraSearch(const CameraRules& rules, const Embodiment& contract, const std::string& policy)
      : rules_(rules), policy_(policy), robot_(contract.name) {
    for (const CameraSpec& camera : contract.cameras) recorded_.push_back(camera_name(camera.name));
    left_over_.assign(recorded_.size(), true);
    source_.assign(rules.inputs.size(), -1);
    open_.assign(rules.inputs.size(), true);
  }

  CameraMatch run() && {
    if (rules_.inputs.empty()) refuse("names none of its picture inputs");
    take_chosen();
    take_renamed_and_exact();
    take_only_alike();
    leave_empty();
    if (std::ranges::all_of(source_, [](int camera) { return camera < 0; })) {
      refuse(fmt::format("sees {}", fmt::join(rules_.inputs, ", ")));
    }
    return {std::move(source_), std::move(notes_)};
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(policy_,
                recorded_.empty()
                    ? fmt::format("{}, and {} has no camera", what, robot_)
                    : fmt::format("{}, and {} has {}", what, robot_, fmt::join(recorded_, ", ")),
                "name the recorded cameras in the policy's order with --camera-names A,B,... "
                "(none: no picture), or in pairs RECORDED=INPUT");
  }

  void take(size_t input, size_t camera) {
    source_[input] = static_cast<int>(camera);
    open_[input] = left_over_[camera] = false;
  }

  void take_chosen() {
    for (size_t i = 0; i < rules_.inputs.size(); ++i) {
      const auto chosen = rules_.chosen.find(rules_.inputs[i]);
      if (chosen == rules_.chosen.end()) continue;
      const auto camera = find_name(chosen->second, recorded_, kFlag);
      if (camera) take(i, *camera);
      open_[i] = false;
      if (camera || chosen->second == kNoCamera || chosen->second.empty()) continue;
      throw Error(kFlag, fmt::format("{} has no camera '{}'", robot_, chosen->second),
                  fmt::format("it has {}; write none for an input without a picture",
                              fmt::join(recorded_, ", ")));
    }
  }

  // A renamed camera has its own name no more.
  void take_renamed_and_exact() {
    std::map<std::string, std::string> renamed;
    for (const auto& [key, input] : rules_.renamed) renamed[camera_name(key)] = camera_name(input);
    std::map<std::string, std::vector<size_t>> by_name;
    for (size_t c = 0; c < recorded_.size(); ++c) {
      const auto other = renamed.find(recorded_[c]);
      if (left_over_[c])
        by_name[other == renamed.end() ? recorded_[c] : other->second].push_back(c);
    }
    for (size_t i = 0; i < rules_.inputs.size(); ++i) {
      const auto found = by_name.find(camera_name(rules_.inputs[i]));
      if (!open_[i] || found == by_name.end()) continue;
      const std::vector<size_t>& cameras = found->second;
      if (cameras.size() > 1) {
        throw Error(policy_,
                    fmt::format("its input {} may be {} or {} of {}", rules_.inputs[i],
                                recorded_[cameras[0]], recorded_[cameras[1]], robot_),
                    kPairs);
      }
      take(i, cameras.front());
    }
  }

  void take_only_alike() {
    std::vector<std::vector<size_t>> cameras(rules_.inputs.size());
    std::vector<int> claims(recorded_.size(), 0);
    for (size_t i = 0; i < rules_.inputs.size(); ++i) {
      for (size_t c = 0; c < recorded_.size(); ++c) {
        if (!open_[i] || !left_over_[c]) continue;
        if (!ends_alike(recorded_[c], camera_name(rules_.inputs[i]))) continue;
        cameras[i].push_back(c);
        ++claims[c];
      }
    }
    for (size_t i = 0; i < cameras.size(); ++i) {
      if (cameras[i].empty()) continue;
      const size_t camera = cameras[i].front();
      if (cameras[i].size() > 1) {
        throw Error(policy_,
                    fmt::format("its input {} may be {} or {} of {}", rules_.inputs[i],
                                recorded_[camera], recorded_[cameras[i][1]], robot_),
                    kPairs);
      }
      if (claims[camera] > 1) {
        throw Error(policy_,
                    fmt::format("several of its inputs may be {} of {}, {} among them",
                                recorded_[camera], robot_, rules_.inputs[i]),
                    kPairs);
      }
      take(i, camera);
      notes_.push_back(fmt::format("{}: its input {} takes {} of {}, the only camera of that name",
                                   policy_, rules_.inputs[i], recorded_[camera], robot_));
    }
  }

  void leave_empty() {
    std::vector<std::string> missing, left;
    for (size_t i = 0; i < rules_.inputs.size(); ++i) {
      if (!open_[i]) continue;
      const std::string& input = rules_.inputs[i];
      if (rules_.empty.contains(input) || is_called_empty(input)) {
        notes_.push_back(
            fmt::format("{}: its input {} gets no picture, as the policy allows", policy_, input));
      } else {
        missing.push_back(input);
      }
    }
    for (size_t c = 0; c < recorded_.size(); ++c) {
      if (left_over_[c]) left.push_back(recorded_[c]);
    }
    if (missing.empty()) return;
    if (!left.empty() || missing.size() == rules_.inputs.size()) {
      refuse(fmt::format("finds no camera for {} (left over: {})", fmt::join(missing, ", "),
                         left.empty() ? "none" : fmt::format("{}", fmt::join(left, ", "))));
    }
    notes_.push_back(fmt::format("{}: {} of it {} no picture: {} has no further camera", policy_,
                                 fmt::join(missing, ", "), missing.size() == 1 ? "gets" : "get",
                                 robot_));
  }

  const CameraRules& rules_;
  const std::string& policy_;
  const std::string& robot_;
  std::vector<std::string> recorded_;  // whole names
  std::vector<bool> left_over_;        // [recorded] no input has it
  std::vector<bool> open_;             // [inputs] nothing is decided yet
  std::vector<int> source_;
  std::vector<std::string> notes_;
};

}  // namespace

std::string camera_name(const std::string& key) {
  return key.starts_with(kImageKeyPrefix) ? key.substr(kImageKeyPrefix.size()) : key;
}

std::string camera_key(const std::string& name) {
  return name.starts_with(kImageKeyPrefix) ? name : std::string(kImageKeyPrefix) + name;
}

void choose_cameras(const std::vector<std::string>& flag, CameraRules& rules) {
  if (flag.empty()) return;
  if (std::ranges::any_of(flag, [](const auto& each) { return each.find('=') != each.npos; })) {
    return choose_pairs(flag, rules);
  }
  const bool names_inputs = rules.inputs.empty();
  for (size_t i = 0; rules.inputs.size() < flag.size() && names_inputs; ++i) {
    const bool none = flag[i] == kNoCamera;
    rules.inputs.push_back(camera_key(none ? fmt::format("empty_camera_{}", i) : flag[i]));
  }
  if (flag.size() != rules.inputs.size()) {
    throw Error(kFlag,
                fmt::format("names {} cameras, the policy sees {}", flag.size(),
                            fmt::join(rules.inputs, ", ")),
                "give a name for each, none where the robot has no camera");
  }
  for (size_t i = 0; i < flag.size(); ++i) rules.chosen[rules.inputs[i]] = flag[i];
}

CameraMatch match_cameras(const CameraRules& rules, const Embodiment& contract,
                          const std::string& policy) {
  return CameraSearch(rules, contract, policy).run();
}

CameraRules settled(const CameraRules& rules) {
  CameraRules result;
  std::set<std::string> taken;  // recorded cameras that the user chose: each can be renamed once
  for (size_t i = 0; i < rules.inputs.size(); ++i) {
    std::string input = camera_key(rules.inputs[i]);
    const auto chosen = rules.chosen.find(rules.inputs[i]);
    const bool is_chosen = chosen != rules.chosen.end();
    const bool has_camera = is_chosen && chosen->second != kNoCamera && !chosen->second.empty() &&
                            taken.insert(camera_name(chosen->second)).second;
    if (is_chosen ? !has_camera : rules.empty.contains(rules.inputs[i])) {
      input = camera_key(fmt::format("empty_camera_{}", i));
    } else if (is_chosen && camera_key(chosen->second) != input) {
      result.renamed[camera_key(chosen->second)] = input;
    }
    result.inputs.push_back(std::move(input));
  }
  for (const auto& [recorded, input] : rules.renamed) {
    const bool is_input =
        std::ranges::find(result.inputs, camera_key(input)) != result.inputs.end();
    const bool is_chosen = std::ranges::any_of(rules.chosen, [&](const auto& each) {
      return camera_name(each.first) == camera_name(input);
    });
    if (is_input && !is_chosen && !taken.contains(camera_name(recorded))) {
      result.renamed[recorded] = camera_key(input);
    }
  }
  return result;
}

}  // namespace gyre
