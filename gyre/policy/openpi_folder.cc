#include "gyre/policy/openpi_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/policy/config_from_tensors.h"
#include "gyre/policy/json_file.h"
#include "gyre/policy/norm_stats.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;

// The ids <id> of assets/<id>/norm_stats.json; an id may hold a '/'. Links to folders are followed.
std::vector<std::string> asset_ids(const fs::path& folder) {
  const fs::path assets = folder / "assets";
  std::vector<std::string> ids;
  if (!fs::is_directory(assets)) return ids;
  constexpr int kDeepest = 4;  // a link may lead back to a folder above it
  fs::recursive_directory_iterator entries(assets, fs::directory_options::follow_directory_symlink);
  for (; entries != fs::recursive_directory_iterator(); ++entries) {
    if (entries.depth() >= kDeepest) entries.disable_recursion_pending();
    if (entries->path().filename() != "norm_stats.json") continue;
    // Not fs::relative(), which follows links to where the file really is.
    ids.push_back(entries->path().parent_path().lexically_relative(assets).generic_string());
  }
  std::ranges::sort(ids);
  return ids;
}

void read_normalizer(const fs::path& folder, const FolderOptions& given, MissingFlags& missing,
                     Processors& processors) {
  fs::path file = given.stats;
  if (file.empty()) {
    const std::vector<std::string> ids = asset_ids(folder);
    if (given.asset && std::ranges::find(ids, *given.asset) == ids.end()) {
      throw Error(
          folder.string(), fmt::format("holds no assets/{}/norm_stats.json", *given.asset),
          ids.empty() ? "give --stats FILE" : fmt::format("it has {}", fmt::join(ids, ", ")));
    }
    if (ids.empty()) return;
    std::optional<std::string> only;
    if (ids.size() == 1) only = ids.front();
    std::optional<std::string> of_robot;
    if (given.robot && std::ranges::find(ids, given.robot->asset) != ids.end()) {
      of_robot = given.robot->asset;
    }
    processors.asset = missing.resolve(fmt::format("--asset ID (one of {})", fmt::join(ids, ", ")),
                                       only, given.asset, of_robot);
    file = folder / "assets" / processors.asset / "norm_stats.json";
    if (processors.asset.empty()) return;  // `missing` names the flag
  }
  NormStats stats = read_norm_stats(file);
  processors.state = std::move(stats.state);
  processors.action = std::move(stats.action);
}

}  // namespace

FolderContent read_openpi_folder(const fs::path& folder, const nlohmann::json& json,
                                 const StoredTensors& tensors, const FolderOptions& given) {
  const fs::path file = folder / "config.json";
  FolderContent content;
  ModelConfig& config = content.config;
  Processors& processors = content.processors;
  MissingFlags missing(folder);
  with_file_named(file, [&] {
    config = config_from_tensors(tensors, stated_heads(json), "", given, missing);
    std::optional<int> horizon;
    if (json.contains("action_horizon")) horizon = json["action_horizon"].get<int>();
    const auto known = [&](auto of_robot) {
      return given.robot ? of_robot(*given.robot) : std::nullopt;
    };
    config.horizon = missing.resolve(
        "--horizon N", horizon, given.horizon,
        known([&](const RobotPreset& robot) { return robot.horizon(config.type); }));
    if (json.contains("action_dim") && json["action_dim"] != config.max_action_dim) {
      content.warnings.push_back(fmt::format("{}: action_dim is {}, the tensors take {}",
                                             file.string(), json["action_dim"].dump(),
                                             config.max_action_dim));
    }
    const bool pi05 = config.type == "pi05";
    if (pi05) {
      std::optional<bool> discrete;
      if (json.contains("discrete_state_input")) discrete = json["discrete_state_input"];
      processors.state_in_prompt = missing.resolve(
          "--discrete-state true|false", discrete, given.discrete_state,
          known([&](const RobotPreset& robot) { return robot.discrete_state(config.type); }));
    }
    processors.dialect = Dialect::kOpenpi;
    processors.state_norm = processors.action_norm =
        config.type == "pi0" ? NormKind::kMeanStd : NormKind::kQuantile;
    // openpi's model takes these three, always.
    processors.cameras.inputs = {"base_0_rgb", "left_wrist_0_rgb", "right_wrist_0_rgb"};
    if (!config.has_expert()) {
      processors.cameras.inputs = {"base_0_rgb", "base_1_rgb", "wrist_0_rgb"};
      processors.state_in_prompt = true;
      config.max_prompt_tokens = json.value("max_token_len", 250);
      processors.fast.skipped_positions = json.value("skipped_positions", 1);
    }
    choose_cameras(given.camera_names, processors.cameras);
    config.cameras = static_cast<int>(processors.cameras.inputs.size());
  });
  read_normalizer(folder, given, missing, processors);
  missing.require_none();
  config.validate();
  return content;
}

}  // namespace gyre
