#include "folder_flags.h"

#include <fmt/format.h>

#include <cstdio>

namespace gyre::apps {

void add_folder_flags(CLI::App& verb, FolderOptions& options) {
  const std::string group = "Values that another project's folder lacks";
  const auto add = [&](const char* flag, auto& value, const char* help, const char* type) {
    return verb.add_option(flag, value, help)->type_name(type)->group(group);
  };
  add("--horizon", options.horizon, "actions in a chunk (also of a policy to be trained)", "N");
  add("--heads", options.heads, "query heads of the language model and the expert", "N");
  add("--vision-heads", options.vision_heads, "heads of the vision tower", "N");
  add("--cameras", options.cameras, "pictures of one observation", "N");
  add("--camera-names", options.camera_names,
      "the robot's cameras in the policy's order (none: no picture), or pairs RECORDED=INPUT",
      "NAME,...")
      ->delimiter(',');
  add("--action-names", options.action_names, "names of the policy's action fields, in order",
      "NAME,...")
      ->delimiter(',');
  add("--discrete-state", options.discrete_state, "whether the prompt holds the state (pi0.5)",
      "true|false");
  add("--asset", options.asset, "which of assets/<id>/norm_stats.json", "ID");
  verb.add_option_function<std::string>(
          "--policy-robot",
          [&options](const std::string& name) { options.robot = RobotPreset::read(name); },
          "preset of the robot that the policy was trained on: aloha, droid, droid_position, "
          "libero, ur5, or a TOML file")
      ->type_name("NAME|FILE")
      ->group(group);
  add("--stats", options.stats, "normaliser: norm_stats.json, or a dataset's stats.json", "FILE");
  add("--tokenizer", options.tokenizer, "sentencepiece vocabulary", "FILE");
  add("--fast-tokenizer", options.fast_tokenizer,
      "FAST tokenizer of actions: tokenizer.json and processor_config.json", "DIR");
  verb.add_flag("--strict", options.strict, "a prompt that is too long is an error, not cut off")
      ->group(group);
}

void print_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& line : warnings) fmt::print(stderr, "warning: {}\n", line);
}

std::vector<std::string> recorded_cameras(const FolderOptions& options) {
  std::vector<std::string> names;
  for (const std::string& each : options.camera_names) {
    names.push_back(each.substr(0, each.rfind('=')));
  }
  return names;
}

}  // namespace gyre::apps
