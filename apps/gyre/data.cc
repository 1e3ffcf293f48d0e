// gyre data: datasets and journals. gyre data info.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data_verbs.h"
#include "dataset_flags.h"
#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_provenance.h"
#include "gyre/data/journal_info.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct DataOptions {
  std::string path;
  DatasetFlags dataset;
  std::string json;
};

nlohmann::json stats_summary(const data::Dataset& dataset, const std::string& feature,
                             const std::vector<Field>& fields) {
  nlohmann::json rows = nlohmann::json::array();
  const std::optional<Stats> stats = dataset.stats(feature);
  if (!stats) return rows;
  // What is not stated is null.
  const auto at = [&](const std::vector<double>& values, size_t i) {
    return values.size() == fields.size() ? nlohmann::json(values[i]) : nlohmann::json();
  };
  for (size_t i = 0; i < fields.size(); ++i) {
    rows.push_back({{"name", fields[i].name},
                    {"unit", fields[i].unit},
                    {"min", at(stats->min, i)},
                    {"max", at(stats->max, i)},
                    {"mean", at(stats->mean, i)},
                    {"std", at(stats->std, i)}});
  }
  return rows;
}

nlohmann::json features_json(const data::Dataset& dataset) {
  nlohmann::json features = nlohmann::json::array();
  for (const data::DatasetFeature& feature : dataset.features()) {
    features.push_back({{"name", feature.name},
                        {"dtype", feature.dtype},
                        {"shape", feature.shape},
                        {"names", feature.names}});
  }
  return features;
}

// What the contract says; nothing where there is none.
void add_contract(const data::Dataset& dataset, nlohmann::json& json) {
  const Embodiment& embodiment = dataset.embodiment();
  nlohmann::json cameras = nlohmann::json::array();
  for (const CameraSpec& camera : embodiment.cameras) {
    cameras.push_back({{"name", camera.name}, {"width", camera.width}, {"height", camera.height}});
  }
  json["embodiment"] = embodiment.name;
  if (dataset.has_contract()) json["contract_hash"] = embodiment.contract_hash();
  json["period_s"] = embodiment.action_period_s;
  json["keys"] = {{"observation.state", dataset.state_keys()}, {"action", dataset.action_keys()}};
  json["cameras"] = cameras;
  json["depth_maps"] = nlohmann::json::array();
  for (const CameraSpec& map : dataset.depth_maps()) {
    json["depth_maps"].push_back(
        {{"name", map.name}, {"width", map.width}, {"height", map.height}});
  }
  json["state"] = stats_summary(dataset, "observation.state", embodiment.state);
  json["action"] = stats_summary(dataset, "action", embodiment.action);
}

nlohmann::json dataset_json(const data::Dataset& dataset) {
  std::map<std::string, int64_t> tasks;
  int64_t frames = 0, successes = 0, judged = 0;
  for (const data::DatasetEpisode& episode : dataset.episodes()) {
    if (!episode.missing.empty()) continue;
    frames += episode.length;
    judged += episode.success.has_value() ? 1 : 0;
    successes += episode.success.value_or(false) ? 1 : 0;
    for (const std::string& task : episode.tasks) ++tasks[task];
  }
  const double fps = dataset.fps();
  const bool whole = fps == std::floor(fps) && fps < 1e9;
  nlohmann::json json = {
      {"folder", dataset.folder().string()},
      {"version", dataset.version()},
      {"contract_hash", nullptr},
      {"fps", whole ? nlohmann::json(static_cast<int64_t>(fps)) : nlohmann::json(fps)},
      {"episodes", dataset.episodes().size()},
      {"episodes_present", dataset.present()},
      {"episodes_missing", dataset.missing()},
      {"frames", dataset.total_frames()},
      {"frames_present", frames},
      {"episodes_judged", judged},
      {"successes", successes},
      {"tasks", tasks},
      {"features", features_json(dataset)},
      {"obstacle", nullptr},
      {"history", data::read_history(dataset.folder())},
      {"hash", dataset.hash()}};
  const std::string& obstacle = dataset.damage().empty() ? dataset.obstacle() : dataset.damage();
  if (obstacle.empty()) {
    add_contract(dataset, json);
  } else {
    json["obstacle"] = obstacle;
  }
  return json;
}

// "0-3, 7": long lists of indices as ranges.
std::string ranges(const std::vector<int64_t>& indices) {
  std::string text;
  for (size_t i = 0; i < indices.size();) {
    size_t end = i;
    while (end + 1 < indices.size() && indices[end + 1] == indices[end] + 1) ++end;
    text += (text.empty() ? "" : ", ") + std::to_string(indices[i]);
    if (end > i) text += "-" + std::to_string(indices[end]);
    i = end + 1;
  }
  return text.empty() ? "none" : text;
}

// A number that may not be stated.
std::string stated(const nlohmann::json& value) {
  return value.is_number() ? fmt::format("{:.4f}", value.get<double>()) : "-";
}

std::string contract_rows(const data::Dataset& dataset, const nlohmann::json& info) {
  std::string text;
  const auto row = [&](const char* what, const std::string& value) {
    text += fmt::format("  {:<12} {}\n", what, value);
  };
  row("period", fmt::format("{} s", dataset.embodiment().action_period_s));
  for (const auto& [ours, keys] : info["keys"].items()) {
    if (keys.size() == 1 && keys[0] == ours) continue;
    row("key", fmt::format("{} = {}", ours, fmt::join(keys.get<std::vector<std::string>>(), ", ")));
  }
  for (const nlohmann::json& camera : info["cameras"]) {
    row("camera", fmt::format("{} {}x{}", camera["name"].get<std::string>(), camera["width"].dump(),
                              camera["height"].dump()));
  }
  for (const nlohmann::json& map : info["depth_maps"]) {
    row("depth map", fmt::format("{} {}x{}, no colour camera", map["name"].get<std::string>(),
                                 map["width"].dump(), map["height"].dump()));
  }
  for (const char* group : {"state", "action"}) {
    for (const nlohmann::json& f : info[group]) {
      row(group, fmt::format("{:<28} {:>9} .. {:>8}  mean {:>8}  std {:>7} {}",
                             f["name"].get<std::string>(), stated(f["min"]), stated(f["max"]),
                             stated(f["mean"]), stated(f["std"]), f["unit"].get<std::string>()));
    }
  }
  return text;
}

std::string describe(const data::Dataset& dataset, const nlohmann::json& info) {
  std::string text = dataset.folder().string() + '\n';
  const auto row = [&](const char* what, const std::string& value) {
    text += fmt::format("  {:<12} {}\n", what, value);
  };
  row("format", "LeRobotDataset " + dataset.version());
  const bool usable = info["obstacle"].is_null();
  if (usable) {
    row("embodiment",
        dataset.embodiment().name + (dataset.has_contract()
                                         ? ", contract " + dataset.embodiment().contract_hash()
                                         : " (derived: the writer stated no contract)"));
  }
  row("episodes",
      fmt::format("{} of {} present", dataset.present().size(), dataset.episodes().size()));
  if (!dataset.missing().empty()) {
    const int64_t first = dataset.missing().front();
    row("missing", fmt::format("episodes {}; of {}: {}", ranges(dataset.missing()), first,
                               dataset.episode(first).missing));
  }
  row("frames", fmt::format("{} present of {}, {} a second", info["frames_present"].dump(),
                            dataset.total_frames(), dataset.fps()));
  if (info["episodes_judged"] > 0) {
    row("outcome", fmt::format("{} of {} judged episodes succeeded", info["successes"].dump(),
                               info["episodes_judged"].dump()));
  }
  for (const data::DatasetFeature& feature : dataset.features()) {
    row("feature",
        fmt::format("{:<28} {} [{}]", feature.name, feature.dtype, fmt::join(feature.shape, ", ")));
  }
  if (usable) text += contract_rows(dataset, info);
  for (const auto& [task, episodes] : info["tasks"].items()) {
    row("task", fmt::format("{:>4} x {}", episodes.dump(), task));
  }
  for (const std::string& line : data::history_lines(info["history"])) row("made by", line);
  if (!usable) row("no training", info["obstacle"].get<std::string>());
  row("hash", info["hash"].get<std::string>());
  return text;
}

std::string describe(const std::string& journal, const data::JournalInfo& info) {
  std::string text = journal + '\n';
  const auto row = [&](const char* what, const std::string& value) {
    text += fmt::format("  {:<12} {}\n", what, value);
  };
  row("format", fmt::format("journal, {} files, {:.1f} MB, {:.1f} s", info.files,
                            static_cast<double>(info.bytes) * 1e-6, info.seconds));
  row("embodiment", fmt::format("{}", fmt::join(info.embodiments, ", ")));
  row("episodes", fmt::format("{}: {} succeeded, {} failed, {} broke off", info.episodes,
                              info.successes, info.failures, info.unended));
  row("steps", std::to_string(info.steps));
  row("pictures", std::to_string(info.pictures));
  row("requests", fmt::format("{}, {} chunks came", info.requests, info.chunks));
  row("events", std::to_string(info.events));
  for (const data::JournalLoss& loss : info.losses) row("loss", loss.text());
  return text;
}

void info(const DataOptions& options) {
  if (data::is_journal(options.path)) {
    const data::JournalInfo journal = data::journal_info(options.path, stop_requested);
    return print_result(describe(options.path, journal), journal, options.json);
  }
  require_folder("dataset or journal", options.path);
  data::OpenOptions open = options.dataset.open_options();
  open.inspect = true;
  const data::Dataset dataset(options.path, open);
  print_warnings(dataset.picture_warnings());
  const nlohmann::json json = dataset_json(dataset);
  print_result(describe(dataset, json), json, options.json);
  if (!dataset.damage().empty()) throw Error("", dataset.damage());
}

}  // namespace

void add_data(CLI::App& app) {
  const auto options = std::make_shared<DataOptions>();
  CLI::App* verb = app.add_subcommand("data", "dataset folders and journals");
  verb->require_subcommand(1);
  CLI::App* show = verb->add_subcommand("info", "what a dataset folder or a journal holds");
  show->add_option("path", options->path, "LeRobotDataset folder, journal folder or journal file")
      ->required()
      ->type_name("DIR|FILE");
  add_dataset_flags(*show, options->dataset);
  add_json_option(*show, options->json);
  show->callback([options] { info(*options); });

  add_data_check(*verb);
  add_data_edit(*verb);
  add_data_change(*verb);
  add_data_convert(*verb);
  add_data_view(*verb);
  add_data_ask(*verb);
  add_data_lineage(*verb);
  add_data_label(*verb);
}

}  // namespace gyre::apps
