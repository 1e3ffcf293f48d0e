#include "recording.h"

#include <optional>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/data/dataset.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/journal.h"

namespace gyre::apps {

Converted convert_journal(const std::filesystem::path& journal, const std::filesystem::path& out) {
  int64_t whole = 0;
  for (data::JournalReader count(journal); const auto entry = count.next();) {
    whole += entry->ended && !entry->episode.rows.empty() ? 1 : 0;
  }
  if (whole == 0) throw Error(journal.string(), "holds no whole episode", "record again");

  Converted converted;
  data::JournalReader reader(journal);
  data::DatasetWriter writer(out, reader.embodiment());
  Progress progress("writing the dataset", whole, "episodes");
  while (const std::optional<data::JournalEpisode> entry = reader.next()) {
    if (!entry->ended || entry->episode.rows.empty()) continue;
    writer.add(entry->episode);
    converted.frames += std::ssize(entry->episode.rows);
    progress.update(++converted.episodes);
  }
  writer.finish();
  converted.hash = data::Dataset(out).hash();
  return converted;
}

}  // namespace gyre::apps
