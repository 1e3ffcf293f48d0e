#include "gyre/data/dataset_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "gyre/core/error.h"
#include "gyre/data/dataset_edit_contract.h"
#include "gyre/data/dataset_edit_place.h"
#include "gyre/data/dataset_edit_record.h"
#include "gyre/data/dataset_edit_source.h"
#include "gyre/data/dataset_edit_write.h"
#include "gyre/data/dataset_info.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using Sources = std::vector<std::unique_ptr<EditSource>>;

void check_kept(const DatasetEdit& edit, const Sources& sources) {
  for (const KeptEpisode& kept : edit.episodes) {
    const EditSource& source = *sources.at(kept.source);
    const DatasetEpisode& episode = source.episode(kept.episode);
    const std::string where = fmt::format("{}: episode {}", source.folder().string(), kept.episode);
    const int64_t end = kept.frames < 0 ? episode.length : kept.first + kept.frames;
    if (kept.first < 0 || kept.first >= end || end > episode.length) {
      throw Error(where, fmt::format("frames {} to {} are not in it", kept.first, end - 1),
                  fmt::format("it has frames 0 to {}", episode.length - 1));
    }
    if (!episode.missing.empty()) throw_missing(source, episode);
  }
  if (edit.episodes.empty())
    throw Error(sources[0]->folder().string(), "no episode is left", "keep at least one");
}

void check_features(const DatasetEdit& edit, const EditSource& source) {
  std::vector<std::string> names;
  for (const auto& [name, feature] : source.features().items()) names.push_back(name);
  for (const std::string& name : edit.drop) {
    if (!source.features().contains(name)) {
      const std::string nearest = nearest_name(name, names);
      throw Error(source.folder().string(), fmt::format("has no feature '{}'", name),
                  nearest.empty() ? "`gyre data info` lists them"
                                  : fmt::format("did you mean '{}'?", nearest));
    }
    for (const char* needed :
         {"timestamp", "frame_index", "episode_index", "index", "task_index"}) {
      if (name == needed) {
        throw Error(source.folder().string(), fmt::format("every dataset has '{}'", name));
      }
    }
    const bool contract = name == "observation.state" || name == "action";
    if (!source.gyre().is_null() && contract) {
      throw Error(source.folder().string(), fmt::format("its contract names '{}'", name),
                  "remove meta/gyre.json of a copy first");
    }
    const auto drops = [&](const char* other) {
      return std::find(edit.drop.begin(), edit.drop.end(), other) != edit.drop.end();
    };
    if (!source.gyre().is_null() && name.starts_with(kImagePrefix) &&
        source.features().contains("observation.grounding") && !drops("observation.grounding")) {
      throw Error(source.folder().string(),
                  "observation.grounding says where things are in each camera",
                  "drop it together with a camera");
    }
  }
}

void check_words(const DatasetEdit& edit, const Sources& sources) {
  for (const auto& [words, other] : edit.rename) {
    std::vector<std::string> known;
    for (const auto& source : sources) {
      for (const auto& [index, task] : source->tasks()) known.push_back(task);
      for (const DatasetEpisode& episode : source->dataset().episodes()) {
        known.insert(known.end(), episode.tasks.begin(), episode.tasks.end());
      }
    }
    if (std::find(known.begin(), known.end(), words) != known.end()) continue;
    const std::string nearest = nearest_name(words, known);
    throw Error(sources[0]->folder().string(), fmt::format("has no task '{}'", words),
                nearest.empty() ? "`gyre data tasks` lists them"
                                : fmt::format("did you mean '{}'?", nearest));
  }
}

int64_t frames_of(const KeptEpisode& kept, const Sources& sources) {
  return kept.frames >= 0 ? kept.frames
                          : sources[kept.source]->episode(kept.episode).length - kept.first;
}

void write_history(const fs::path& folder, const DatasetEdit& edit, const EditOptions& options,
                   const Sources& sources, const std::vector<std::string>& notes) {
  std::vector<ProvenanceInput> inputs;
  for (const auto& source : sources) {
    inputs.push_back({source->folder(), source->dataset().hash(), read_history(source->folder())});
  }
  Provenance command = options.provenance;
  command.plan = plan_json(edit);
  io::write_atomically(folder / "meta/gyre_history.json",
                       history_after(command, inputs, notes).dump(1));
}

}  // namespace

EditReport edit_dataset(const DatasetEdit& edit, const EditOptions& options) {
  const bool in_place = options.out.empty() && !options.dry_run;
  const std::string before = in_place ? Dataset(edit.sources.at(0)).hash() : "";
  const std::shared_ptr<const io::Parquet> parquet = io::Parquet::open();
  Sources sources;
  for (const fs::path& folder : edit.sources) {
    sources.push_back(std::make_unique<EditSource>(folder, parquet));
    if (sources.size() > 1) require_same_features(*sources[0], *sources.back());
  }
  if (sources.empty()) throw Error("data", "no dataset is named");
  check_features(edit, *sources[0]);
  check_words(edit, sources);
  check_kept(edit, sources);
  EditReport report;
  int64_t total = 0;
  for (const KeptEpisode& kept : edit.episodes) total += frames_of(kept, sources);
  report.episodes = std::ssize(edit.episodes);
  report.frames = total;
  report.folder = options.out.empty() ? edit.sources[0] : options.out;
  if (options.dry_run) return report;
  NewDataset place(report.folder, options.out.empty());
  // Nobody writes there from now on.
  if (in_place && sources[0]->dataset().hash() != before) {
    throw Error(report.folder.string(), "was written to while it was read", "start it again");
  }
  EditWriter writer(place.folder(), edit, sources, parquet);
  int64_t done = 0;
  for (const KeptEpisode& kept : edit.episodes) {
    if (options.stop && options.stop()) {
      report.stopped = true;
      return report;
    }
    writer.add(kept);
    done += frames_of(kept, sources);
    if (options.progress) options.progress(done, total);
  }
  writer.finish(report);
  write_history(place.folder(), edit, options, sources, report.notes);
  report.backup = place.publish();
  report.hash = Dataset(report.folder).hash();
  return report;
}

DatasetEdit whole_dataset(const fs::path& folder, bool present_only) {
  const Dataset dataset(folder);
  DatasetEdit edit{.sources = {folder}, .episodes = {}, .rename = {}, .drop = {}, .encode = {}};
  for (const DatasetEpisode& episode : dataset.episodes()) {
    const bool kept = !present_only || episode.missing.empty();
    if (kept) edit.episodes.push_back({.episode = episode.index});
  }
  return edit;
}

}  // namespace gyre::data
