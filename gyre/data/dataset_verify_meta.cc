#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "gyre/data/dataset_info.h"
#include "gyre/data/dataset_verify_parts.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

void verify_counts(const EditSource& source, Findings& findings) {
  const std::vector<DatasetEpisode>& episodes = source.dataset().episodes();
  int64_t frames = 0;
  for (const DatasetEpisode& episode : episodes) frames += episode.length;
  const auto compare = [&](const char* what, int64_t stated, int64_t counted) {
    if (stated != counted) {
      findings.add(
          {.kind = "counts",
           .text = fmt::format("meta/info.json says {} {}, there are {}", stated, what, counted)});
    }
  };
  const ordered_json& info = source.info();
  const auto stated = [&](const char* name) {
    return info.contains(name) && info[name].is_number() ? info[name].get<int64_t>() : -1;
  };
  compare("episodes", stated("total_episodes"), std::ssize(episodes));
  compare("frames", stated("total_frames"), frames);
  if (info.contains("total_tasks"))
    compare("tasks", stated("total_tasks"), std::ssize(source.tasks()));
  for (size_t i = 0; i < episodes.size(); ++i) {
    const DatasetEpisode& episode = episodes[i];
    if (episode.length <= 0) {
      findings.add({.kind = "counts",
                    .episode = episode.index,
                    .text = fmt::format("it has {} frames", episode.length)},
                   true);
    }
    if (episode.index != static_cast<int64_t>(i)) {
      findings.add({.kind = "numbers",
                    .episode = episode.index,
                    .text = fmt::format("stands at place {}: the numbers have a gap", i)});
      break;  // all that follow stand at other places too
    }
    if (!episode.missing.empty()) {
      findings.add({.kind = "missing", .episode = episode.index, .text = why_missing(episode)},
                   true);
    }
  }
  for (const DatasetEpisode& episode : episodes) {
    for (const std::string& words : episode.tasks) {
      const bool known = std::any_of(source.tasks().begin(), source.tasks().end(),
                                     [&](const auto& task) { return task.second == words; });
      if (!known && source.gyre().is_null()) {
        findings.add({.kind = "numbers",
                      .episode = episode.index,
                      .text = fmt::format("its task '{}' is not among the dataset's", words)});
      }
    }
  }
}

// Only v3.0 says where rows and frames begin.
void verify_places(const EditSource& source, const io::Parquet& parquet, Findings& findings) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(source.folder() / "meta" / "episodes",
                                        fs::directory_options::follow_directory_symlink)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".parquet") && !name.starts_with(".")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> columns = {"episode_index", "length", "dataset_from_index",
                                      "dataset_to_index"};
  for (const std::string& key : source.videos()) {
    columns.push_back("videos/" + key + "/from_timestamp");
    columns.push_back("videos/" + key + "/to_timestamp");
  }
  std::string names;
  for (const std::string& column : columns) {
    // Every number can be read as one with a fraction.
    names += fmt::format("{}CAST({} AS DOUBLE)", names.empty() ? "" : ", ", sql_name(column));
  }
  const io::Table table =
      parquet.query(fmt::format("SELECT {} FROM {} ORDER BY 1", names, io::Parquet::from(files)),
                    source.folder().string());
  const double fps = source.info().at("fps").get<double>();
  double next = 0;
  for (size_t row = 0; row < table.rows(); ++row) {
    const auto value = [&](size_t column) { return table.columns[column].doubles[row]; };
    const auto episode = static_cast<int64_t>(value(0));
    if (value(2) != next || value(3) != value(2) + value(1)) {
      findings.add({.kind = "numbers",
                    .episode = episode,
                    .text = fmt::format("its rows are said to be {} to {}, they are {} to {}",
                                        value(2), value(3), next, next + value(1))});
    }
    next = value(3);
    for (size_t k = 0; k < source.videos().size(); ++k) {
      const double seconds = value(5 + 2 * k) - value(4 + 2 * k), wanted = value(1) / fps;
      if (std::abs(seconds - wanted) > 0.5 / fps) {
        findings.add({.kind = "video",
                      .episode = episode,
                      .text = fmt::format("{} is said to last {:.4f} s, {} frames last {:.4f} s",
                                          source.videos()[k], seconds, value(1), wanted)});
      }
    }
  }
}

void verify_contract(const EditSource& source, Findings& findings) {
  if (source.gyre().is_null()) return;
  const Embodiment& e = source.dataset().embodiment();
  const auto differ = [&](const std::string& what) {
    findings.add({.kind = "contract", .text = what});
  };
  const std::string stated = source.gyre().value("contract_hash", "");
  if (stated != e.contract_hash()) {
    differ(fmt::format("meta/gyre.json states the hash {}, its contract's is {}", stated,
                       e.contract_hash()));
  }
  const auto width = [&](const char* feature, size_t fields) {
    if (!source.features().contains(feature)) {
      differ(fmt::format("meta/info.json has no feature '{}'", feature));
    } else if (source.features()[feature].at("shape") != ordered_json::array({fields})) {
      differ(fmt::format("'{}' has the shape {}, the contract {} fields", feature,
                         source.features()[feature]["shape"].dump(), fields));
    }
  };
  width("observation.state", e.state.size());
  width("action", e.action.size());
  if (std::abs(1 / e.action_period_s - source.info().at("fps").get<double>()) > 1e-6) {
    differ(fmt::format("{} frames a second, the contract's action period is {} s",
                       source.info()["fps"].dump(), e.action_period_s));
  }
  for (const CameraSpec& camera : e.cameras) {
    const std::string key = std::string(kImagePrefix) + camera.name;
    const std::string& name = source.features().contains(key) ? key : camera.name;
    if (!source.features().contains(name)) {
      differ(fmt::format("meta/info.json has no camera '{}'", camera.name));
    } else if (source.features()[name].at("shape") !=
               ordered_json::array({camera.height, camera.width, 3})) {
      differ(fmt::format("'{}' has the shape {}, the contract's camera is {}x{}", name,
                         source.features()[name]["shape"].dump(), camera.width, camera.height));
    }
  }
  const ordered_json& entries = source.gyre().at("episodes");
  if (entries.size() != source.dataset().episodes().size()) {
    differ(fmt::format("meta/gyre.json knows {} episodes of {}", entries.size(),
                       source.dataset().episodes().size()));
  }
}

void verify_statistics_are_there(const EditSource& source, Findings& findings) {
  for (const auto& [name, feature] : source.features().items()) {
    const std::string dtype = feature.at("dtype");
    if (name != "observation.state" && name != "action") continue;
    const std::optional<Stats> stats = source.dataset().stats(name);
    const auto wanted = static_cast<size_t>(feature.at("shape").at(0).get<int64_t>());
    if (!stats) {
      findings.add({.kind = "statistics", .joint = name, .text = "the dataset states none"});
    } else if (stats->mean.size() != wanted || stats->std.size() != wanted ||
               stats->min.size() != wanted || stats->max.size() != wanted) {
      findings.add({.kind = "statistics",
                    .joint = name,
                    .text = fmt::format("they are not of {} values", wanted)});
    }
  }
}

}  // namespace

void verify_meta(const EditSource& source, Findings& findings) {
  verify_counts(source, findings);
  if (source.dataset().version() == kVersion30) {
    verify_places(source, source.parquet(), findings);
  }
  verify_contract(source, findings);
  verify_statistics_are_there(source, findings);
}

}  // namespace gyre::data
