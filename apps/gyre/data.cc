// gyre data: datasets and journals. gyre data info.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data_verbs.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_provenance.h"
#include "gyre/data/journal_info.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct DataOptions {
  std::string path;
  std::string json;
};

nlohmann::json stats_summary(const data::Dataset& dataset, const std::string& feature,
                             const std::vector<Field>& fields) {
  nlohmann::json rows = nlohmann::json::array();
  const std::optional<Stats> stats = dataset.stats(feature);
  if (!stats || stats->dim() != fields.size()) return rows;
  for (size_t i = 0; i < fields.size(); ++i) {
    rows.push_back({{"name", fields[i].name},
                    {"unit", fields[i].unit},
                    {"min", stats->min[i]},
                    {"max", stats->max[i]},
                    {"mean", stats->mean[i]},
                    {"std", stats->std[i]}});
  }
  return rows;
}

nlohmann::json dataset_json(const data::Dataset& dataset) {
  const Embodiment& embodiment = dataset.embodiment();
  std::map<std::string, int64_t> tasks;
  int64_t frames = 0, successes = 0, judged = 0;
  for (int64_t index : dataset.present()) {
    const data::DatasetEpisode& episode = dataset.episodes()[static_cast<size_t>(index)];
    frames += episode.length;
    judged += episode.success.has_value() ? 1 : 0;
    successes += episode.success.value_or(false) ? 1 : 0;
    for (const std::string& task : episode.tasks) ++tasks[task];
  }
  nlohmann::json cameras = nlohmann::json::array();
  for (const CameraSpec& camera : embodiment.cameras) {
    cameras.push_back({{"name", camera.name}, {"width", camera.width}, {"height", camera.height}});
  }
  return {{"folder", dataset.folder().string()},
          {"version", dataset.version()},
          {"embodiment", embodiment.name},
          {"contract_hash",
           dataset.has_contract() ? nlohmann::json(embodiment.contract_hash()) : nlohmann::json()},
          {"fps", dataset.fps()},
          {"episodes", dataset.episodes().size()},
          {"episodes_present", dataset.present()},
          {"episodes_missing", dataset.missing()},
          {"frames", dataset.total_frames()},
          {"frames_present", frames},
          {"episodes_judged", judged},
          {"successes", successes},
          {"tasks", tasks},
          {"cameras", cameras},
          {"state", stats_summary(dataset, "observation.state", embodiment.state)},
          {"action", stats_summary(dataset, "action", embodiment.action)},
          {"history", data::read_history(dataset.folder())},
          {"hash", dataset.hash()}};
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

std::string describe(const data::Dataset& dataset, const nlohmann::json& info) {
  std::string text = dataset.folder().string() + '\n';
  const auto row = [&](const char* what, const std::string& value) {
    text += fmt::format("  {:<12} {}\n", what, value);
  };
  row("format", "LeRobotDataset " + dataset.version());
  row("embodiment",
      dataset.embodiment().name + (dataset.has_contract()
                                       ? ", contract " + dataset.embodiment().contract_hash()
                                       : " (derived: the writer stated no contract)"));
  row("episodes",
      fmt::format("{} of {} present", dataset.present().size(), dataset.episodes().size()));
  if (!dataset.missing().empty()) row("missing", "episodes " + ranges(dataset.missing()));
  row("frames", fmt::format("{} present of {}, {} a second", info["frames_present"].dump(),
                            dataset.total_frames(), dataset.fps()));
  if (info["episodes_judged"] > 0) {
    row("outcome", fmt::format("{} of {} judged episodes succeeded", info["successes"].dump(),
                               info["episodes_judged"].dump()));
  }
  for (const nlohmann::json& camera : info["cameras"]) {
    row("camera", fmt::format("{} {}x{}", camera["name"].get<std::string>(), camera["width"].dump(),
                              camera["height"].dump()));
  }
  for (const char* group : {"state", "action"}) {
    for (const nlohmann::json& f : info[group]) {
      row(group, fmt::format("{:<28} {:>9.4f} .. {:>8.4f}  mean {:>8.4f}  std {:>7.4f} {}",
                             f["name"].get<std::string>(), f["min"].get<double>(),
                             f["max"].get<double>(), f["mean"].get<double>(),
                             f["std"].get<double>(), f["unit"].get<std::string>()));
    }
  }
  for (const auto& [task, episodes] : info["tasks"].items()) {
    row("task", fmt::format("{:>4} x {}", episodes.dump(), task));
  }
  for (const std::string& line : data::history_lines(data::read_history(dataset.folder()))) {
    row("made by", line);
  }
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
  const data::Dataset dataset(options.path);
  const nlohmann::json json = dataset_json(dataset);
  print_result(describe(dataset, json), json, options.json);
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
  add_json_option(*show, options->json);
  show->callback([options] { info(*options); });

  add_data_check(*verb);
  add_data_edit(*verb);
  add_data_change(*verb);
  add_data_convert(*verb);
}

}  // namespace gyre::apps
