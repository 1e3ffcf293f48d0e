#include "gyre/console/recording.h"

#include <algorithm>
#include <string_view>

#include "gyre/core/error.h"
#include "gyre/core/step.h"
#include "gyre/data/journal_reader.h"

namespace gyre::console {
namespace {

// Adds a row with this text to the bands; rows without text are in none.
void extend(std::vector<Band>& bands, int64_t row, std::string_view text) {
  if (text.empty()) return;
  if (!bands.empty() && bands.back().to == row && bands.back().text == text) {
    bands.back().to = row + 1;
    return;
  }
  bands.push_back({row, row + 1, std::string(text)});
}

}  // namespace

void add_rows(const data::EpisodeRows& episode, RecordedEpisode& recorded) {
  bool helped = false, clamped = false;
  for (size_t i = 0; i < episode.rows.size(); ++i) {
    const data::Row& row = episode.rows[i];
    const auto at = static_cast<int64_t>(i);
    recorded.state.push_back(row.state);
    recorded.sent.push_back(row.action);
    recorded.wanted.push_back(row.policy_action);
    extend(recorded.sources, at, source_name(row.source));
    extend(recorded.subtasks, at, row.subtask);
    if (row.intervention && !helped) {
      recorded.marks.push_back({at, "intervention", std::string(source_name(row.source)), ""});
    }
    helped = row.intervention;
    for (const std::string& words : row.said) recorded.marks.push_back({at, "words", words, ""});
    if (row.clamped && !clamped) recorded.marks.push_back({at, "filter", row.clamp_reason, ""});
    clamped = row.clamped;
  }
  recorded.task = episode.instruction;
  if (episode.success && !episode.rows.empty()) {
    recorded.outcome = *episode.success ? "success" : "failure";
    recorded.marks.push_back({std::ssize(episode.rows) - 1, "outcome", recorded.outcome, ""});
  }
}

std::unique_ptr<Recording> open_recording(const std::filesystem::path& folder, int id) {
  if (std::filesystem::exists(folder / "meta" / "info.json")) {
    return open_dataset_recording(folder, id);
  }
  if (std::filesystem::is_directory(folder) && !data::journal_files(folder).empty()) {
    return open_journal_recording(folder, id);
  }
  throw Error(folder.string(), "is neither a dataset nor a journal folder", "check the path");
}

}  // namespace gyre::console
