#include "gyre/data/journal_dataset.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/data/conversion_record.h"
#include "gyre/data/dataset.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/journal_rows.h"
#include "gyre/data/labels.h"
#include "gyre/data/old_journal.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

constexpr JournalReadOptions kNoPixels{.pixels = Pixels::kNone};

// An attempt in the journal, before its rows are built.
struct JournalAttempt {
  std::vector<fs::path> files;  // that hold it
  int64_t place = 0;            // attempts that begin in the first of them before it
  uint64_t seed = 0;
  std::optional<bool> success;
  Embodiment contract;
  bool ended = false, whole = false;
};

// Episodes of a journal in any order.
class Episodes {
 public:
  virtual ~Episodes() = default;
  const std::vector<JournalAttempt>& entries() const { return entries_; }
  int64_t losses() const { return losses_; }
  bool stopped() const { return stopped_; }  // before all entries were known
  virtual EpisodeRows read(const JournalAttempt& entry) = 0;

 protected:
  std::vector<JournalAttempt> entries_;
  int64_t losses_ = 0;
  bool stopped_ = false;
};

class JournalEpisodes : public Episodes {
 public:
  JournalEpisodes(JournalReader reader, const std::function<bool()>& stop) {
    RowBuilder builder(Pixels::kNone);
    std::vector<fs::path> files;  // of the attempt that is being built
    const auto add = [&](std::optional<BuiltEpisode> built) {
      if (!built) return;
      entries_.push_back({.files = files,
                          .place = attempts_in(files),
                          .seed = built->episode.seed,
                          .success = built->episode.success,
                          .contract = built->header->contract,
                          .ended = built->ended,
                          .whole = built->whole()});
    };
    for (Record record; reader.next(record);) {
      add(builder.take(record));
      if (record.kind == RecordKind::kHeader) files.clear();
      if (files.empty() || files.back() != reader.file()) files.push_back(reader.file());
      if (stop && stop()) {
        stopped_ = true;
        return;
      }
    }
    add(builder.finish());
    losses_ = std::ssize(reader.losses());
  }

  EpisodeRows read(const JournalAttempt& entry) override {
    JournalReader reader(entry.files, {.pixels = Pixels::kEncoded});
    RowBuilder builder(Pixels::kEncoded);
    int64_t place = 0;
    const auto is_it = [&](const std::optional<BuiltEpisode>& built) {
      return built.has_value() && place++ == entry.place;
    };
    for (Record record; reader.next(record);) {
      std::optional<BuiltEpisode> built = builder.take(record);
      if (is_it(built)) return std::move(built->episode);
    }
    std::optional<BuiltEpisode> built = builder.finish();
    if (is_it(built)) return std::move(built->episode);
    throw Error(entry.files.front().string(), "has changed while it was read", "try again");
  }

 private:
  // Gyre's writer begins a file with each attempt; a file that was joined may hold several.
  int64_t attempts_in(const std::vector<fs::path>& files) const {
    return std::count_if(entries_.begin(), entries_.end(), [&](const JournalAttempt& entry) {
      return entry.files.front() == files.front();
    });
  }
};

class OldEpisodes : public Episodes {
 public:
  explicit OldEpisodes(const fs::path& journal) : reader_(journal) {
    while (std::optional<OldJournalEpisode> entry = reader_.next()) {
      entries_.push_back({.files = {journal},
                          .place = std::ssize(entries_),
                          .seed = entry->episode.seed,
                          .success = entry->episode.success,
                          .contract = reader_.embodiment(),
                          .ended = entry->ended,
                          .whole = entry->whole()});
    }
    losses_ = (reader_.dropped_bytes() > 0 ? 1 : 0) + (reader_.lost_bytes() > 0 ? 1 : 0);
    reader_ = OldJournalReader(journal);
  }

  EpisodeRows read(const JournalAttempt& entry) override {
    if (entry.place < next_) {
      reader_ = OldJournalReader(entry.files.front());
      next_ = 0;
    }
    while (std::optional<OldJournalEpisode> found = reader_.next()) {
      if (next_++ == entry.place) return std::move(found->episode);
    }
    throw Error(entry.files.front().string(), "has changed while it was read", "try again");
  }

 private:
  OldJournalReader reader_;
  int64_t next_ = 0;  // place of the episode that the reader gives next
};

std::unique_ptr<Episodes> open(const fs::path& journal, const std::function<bool()>& stop) {
  if (OldJournalReader::is_old_journal(journal)) return std::make_unique<OldEpisodes>(journal);
  return std::make_unique<JournalEpisodes>(JournalReader(journal, kNoPixels), stop);
}

// The attempts to store, in order; counts the others.
std::vector<const JournalAttempt*> choose(const std::vector<JournalAttempt>& entries,
                                          const ConvertOptions& options, Converted& converted) {
  std::vector<const JournalAttempt*> chosen;
  for (const JournalAttempt& entry : entries) {
    if (options.contract != nullptr && !same_contract(entry.contract, *options.contract)) continue;
    if (!entry.ended) {
      ++converted.broken_off;
    } else if (!entry.whole) {
      ++converted.damaged;
    } else if (!options.keep_failures && !entry.success.value_or(false)) {
      ++converted.failures;
    } else {
      chosen.push_back(&entry);
    }
  }
  if (options.by_seed) {
    std::stable_sort(
        chosen.begin(), chosen.end(),
        [](const JournalAttempt* a, const JournalAttempt* b) { return a->seed < b->seed; });
  }
  return chosen;
}

// The files that hold the chosen attempts, each once, in the journal's order.
std::vector<fs::path> files_of(const std::vector<JournalAttempt>& entries,
                               const std::vector<const JournalAttempt*>& chosen) {
  std::vector<fs::path> files;
  for (const JournalAttempt& entry : entries) {
    if (std::ranges::find(chosen, &entry) == chosen.end()) continue;
    for (const fs::path& file : entry.files) {
      if (std::ranges::find(files, file) == files.end()) files.push_back(file);
    }
  }
  return files;
}

// False when `options.stop` said so before the last one.
bool store(Episodes& episodes, const std::vector<const JournalAttempt*>& chosen,
           const ConvertOptions& options, DatasetWriter& writer, Converted& converted) {
  int64_t done = 0;
  for (const JournalAttempt* entry : chosen) {
    if (options.stop && options.stop()) return false;
    const EpisodeRows episode = episodes.read(*entry);
    writer.add(episode);
    if (options.each) options.each(episode);
    converted.rows += std::ssize(episode.rows);
    for (const PictureLoss& loss : episode.losses) converted.lost_pictures += loss.count;
    ++converted.episodes;
    if (options.progress) options.progress(++done, std::ssize(chosen));
  }
  return true;
}

}  // namespace

JournalConverter::JournalConverter(fs::path out, const Embodiment& contract, ConvertOptions options)
    : out_(std::move(out)),
      contract_(contract),
      options_(std::move(options)),
      writer_(out_, contract_, options_.dataset) {
  options_.contract = &contract_;
}

void JournalConverter::add(const std::vector<fs::path>& files) {
  JournalEpisodes episodes(JournalReader(files, kNoPixels), options_.stop);
  if (episodes.stopped()) {
    converted_.stopped = true;
    return;
  }
  converted_.losses += episodes.losses();
  const std::vector<const JournalAttempt*> chosen =
      choose(episodes.entries(), options_, converted_);
  if (!store(episodes, chosen, options_, writer_, converted_)) converted_.stopped = true;
  const std::vector<fs::path> used = files_of(episodes.entries(), chosen);
  files_.insert(files_.end(), used.begin(), used.end());
}

Converted JournalConverter::finish() {
  if (converted_.episodes == 0) return converted_;
  writer_.finish(conversion_step(files_, out_, options_));
  converted_.hash = Dataset(out_).hash();
  return converted_;
}

namespace {

Converted convert(Episodes& episodes, const std::string& name, const fs::path& out,
                  const ConvertOptions& options) {
  Converted converted;
  if (episodes.stopped()) {
    converted.stopped = true;
    return converted;
  }
  converted.losses = episodes.losses();
  const std::vector<const JournalAttempt*> chosen = choose(episodes.entries(), options, converted);
  if (chosen.empty()) throw Error(name, "holds no whole episode", "record again");
  const Embodiment& contract = chosen.front()->contract;
  for (const JournalAttempt* entry : chosen) {
    require_same_contract(contract, name, entry->contract, entry->files.front().string());
  }
  DatasetWriter writer(out, contract, options.dataset);
  if (!store(episodes, chosen, options, writer, converted)) {
    converted.stopped = true;
    return converted;
  }
  writer.finish(conversion_step(files_of(episodes.entries(), chosen), out, options));
  converted.hash = Dataset(out).hash();
  return converted;
}

}  // namespace

Converted convert_journal(const fs::path& journal, const fs::path& out,
                          const ConvertOptions& options) {
  Converted converted = convert(*open(journal, options.stop), journal.string(), out, options);
  if (!converted.stopped) copy_labels(journal, out);
  return converted;
}

Converted convert_files(const std::vector<fs::path>& files, const fs::path& out,
                        const ConvertOptions& options) {
  if (files.size() == 1 && OldJournalReader::is_old_journal(files.front())) {
    return convert(*open(files.front(), options.stop), files.front().string(), out, options);
  }
  JournalEpisodes episodes(JournalReader(files, kNoPixels), options.stop);
  return convert(episodes, files.front().parent_path().string(), out, options);
}

}  // namespace gyre::data
