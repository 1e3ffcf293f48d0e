#include "recording.h"

#include <optional>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/journal.h"

namespace gyre::apps {
namespace {

bool usable(const data::JournalEpisode& entry) {
  return entry.whole() && !entry.episode.steps.empty();
}

}  // namespace

Converted convert_journal(const std::filesystem::path& journal, const std::filesystem::path& out) {
  int64_t total = 0;
  for (data::JournalReader count(journal); const auto entry = count.next();) {
    total += usable(*entry) ? 1 : 0;
  }
  if (total == 0) throw Error(journal.string(), "holds no whole episode", "record again");

  Converted converted;
  data::JournalReader reader(journal);
  data::DatasetWriter writer(out, reader.embodiment());
  Progress progress("writing the dataset", total, "episodes");
  while (const std::optional<data::JournalEpisode> entry = reader.next()) {
    if (!usable(*entry)) {
      ++converted.left_out;
      continue;
    }
    writer.add(entry->episode);
    converted.frames += std::ssize(entry->episode.steps);
    progress.update(++converted.episodes);
  }
  writer.finish();
  converted.lost_bytes = reader.lost_bytes() + reader.dropped_bytes();
  converted.hash = data::Dataset(out).hash();
  return converted;
}

}  // namespace gyre::apps
