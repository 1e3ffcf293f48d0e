// gyre data: datasets and journals.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "dataset_flags.h"
#include "folder_flags.h"
#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_info.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/data/journal_info.h"
#include "gyre/io/mcap_repair.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct DataOptions {
  std::string path;
  std::string out;
  bool successes = false;
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
  if (!usable) row("no training", info["obstacle"].get<std::string>());
  row("hash", dataset.hash());
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

// "; left out: 2 that broke off, 1 damaged"
std::string left_out(const data::Converted& converted) {
  std::vector<std::string> parts;
  const auto add = [&](int64_t count, const char* which) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, which));
  };
  add(converted.broken_off, "that broke off");
  add(converted.damaged, "damaged");
  add(converted.failures, "failed");
  return parts.empty() ? "" : fmt::format("; left out: {}", fmt::join(parts, ", "));
}

void convert(const DataOptions& options) {
  std::optional<Progress> progress;
  const data::Converted converted =
      data::convert_journal(options.path, options.out,
                            {.keep_failures = !options.successes,
                             .progress =
                                 [&](int64_t done, int64_t total) {
                                   if (!progress) {
                                     progress.emplace("writing the dataset", total, "episodes");
                                   }
                                   progress->update(done);
                                 },
                             .stop = stop_requested});
  progress.reset();
  if (converted.stopped) {
    throw Interrupted("data convert", "was interrupted, " + options.out + " is as it was",
                      "start it again");
  }
  std::string text = fmt::format("{} episodes, {} frames: {} (hash {}){}\n", converted.episodes,
                                 converted.rows, options.out, converted.hash, left_out(converted));
  if (converted.losses > 0) {
    text += fmt::format("{} damaged places in the journal: `gyre data info {}` names them\n",
                        converted.losses, options.path);
  }
  print_result(text,
               {{"folder", options.out},
                {"episodes", converted.episodes},
                {"frames", converted.rows},
                {"broken_off", converted.broken_off},
                {"damaged", converted.damaged},
                {"failures", converted.failures},
                {"losses", converted.losses},
                {"hash", converted.hash}},
               options.json);
}

void repair(const DataOptions& options) {
  const io::McapRepair kept =
      io::repair_mcap(options.path, options.out, io::FileCalls::system(), stop_requested);
  uint64_t messages = 0;
  for (const auto& [topic, count] : kept.messages) messages += count;
  std::string text =
      fmt::format("{} messages in {} chunks: {}\n", messages, kept.chunks, options.out);
  for (const data::JournalLoss& loss : data::losses_of(options.path, kept.losses)) {
    text += loss.text() + '\n';
  }
  if (kept.was_complete && kept.losses.empty()) text += options.path + " was whole already\n";
  print_result(text,
               {{"file", options.out},
                {"messages", kept.messages},
                {"chunks", kept.chunks},
                {"losses", kept.losses.size()},
                {"was_complete", kept.was_complete}},
               options.json);
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

  CLI::App* make = verb->add_subcommand("convert", "make a dataset of a journal");
  make->add_option("journal", options->path, "journal folder or file, also of an older Gyre")
      ->required()
      ->type_name("DIR|FILE");
  make->add_option("folder,--out", options->out, "dataset folder; one that exists is added to")
      ->required()
      ->type_name("DIR");
  make->add_flag("--successes", options->successes, "leave out what failed or was not judged");
  add_json_option(*make, options->json);
  make->callback([options] { convert(*options); });

  CLI::App* mend = verb->add_subcommand(
      "repair", "copy what is whole in a journal file, with indexes for viewers");
  mend->add_option("file", options->path, "MCAP file that is torn or damaged")
      ->required()
      ->type_name("FILE");
  mend->add_option("--out", options->out, "the complete copy")->required()->type_name("FILE");
  add_json_option(*mend, options->json);
  mend->callback([options] { repair(*options); });
}

}  // namespace gyre::apps
