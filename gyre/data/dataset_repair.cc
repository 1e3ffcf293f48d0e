#include "gyre/data/dataset_repair.h"

#include <fmt/format.h>

#include "gyre/core/error.h"
#include "gyre/data/dataset.h"

namespace gyre::data {

RepairReport repair_dataset(const std::filesystem::path& folder, const RepairOptions& repair,
                            const EditOptions& options) {
  RepairReport report;
  using Depth = VerifyOptions::Depth;
  report.before = verify_dataset(folder, {.depth = repair.decode ? Depth::kDecode : Depth::kRows,
                                          .progress = {},
                                          .stop = options.stop});
  if (report.before.stopped) {
    report.edit.stopped = true;
    return report;
  }
  std::map<int64_t, std::string> left_out;  // to the reason
  for (const Finding& finding : report.before.findings) {
    if (!finding.episode) continue;
    const bool unusable = report.before.bad_episodes.contains(*finding.episode) &&
                          (finding.kind == "missing" || finding.kind == "unreadable" ||
                           finding.kind == "counts" || finding.kind == "video");
    const bool wanted = (finding.kind == "not finite" && repair.drop_non_finite) ||
                        (finding.kind == "duplicate" && repair.drop_duplicates);
    if (unusable || wanted) left_out.try_emplace(*finding.episode, finding.line());
  }
  for (const int64_t index : report.before.bad_episodes) {
    left_out.try_emplace(index, fmt::format("episode {}: unreadable", index));
  }
  DatasetEdit edit{.sources = {folder}, .episodes = {}, .rename = {}, .drop = {}, .encode = {}};
  const Dataset dataset(folder);
  for (const DatasetEpisode& episode : dataset.episodes()) {
    if (!left_out.contains(episode.index)) edit.episodes.push_back({.episode = episode.index});
  }
  for (const auto& [index, reason] : left_out) report.done.push_back("left out " + reason);
  const auto tell = [&](const char* kind, const char* what) {
    const auto found = report.before.counts.find(kind);
    if (found != report.before.counts.end()) {
      report.done.push_back(fmt::format("{} ({} findings)", what, found->second));
    }
  };
  if (edit.episodes.empty()) {
    throw Error(folder.string(), "no episode of it can be used",
                report.done.empty() ? "" : report.done.front());
  }
  tell("numbers", "numbered episodes and rows anew");
  tell("counts", "counted episodes and frames anew");
  edit.retime = report.before.counts.contains("times");
  tell("times", "put the times at frame_index / fps");
  tell("statistics", "computed the statistics anew");
  report.edit = edit_dataset(edit, options);
  return report;
}

}  // namespace gyre::data
