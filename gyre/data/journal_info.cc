#include "gyre/data/journal_info.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "gyre/core/stop_signal.h"
#include "gyre/data/old_journal.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;

class Counter {
 public:
  explicit Counter(JournalInfo& info) : info_(info) {}

  void take(const Record& record, const fs::path& file) {
    if (file != file_) {
      end_file();
      file_ = file;
      first_ns_ = last_ns_ = record.time_ns;
    }
    last_ns_ = std::max(last_ns_, record.time_ns);
    count(record);
  }

  void end() {
    end_file();
    end_episode();
  }

 private:
  JournalInfo& info_;
  fs::path file_;
  int64_t first_ns_ = 0, last_ns_ = 0;
  bool attempt_ = false, ended_ = false;
  event::Outcome outcome_ = event::Outcome::kUnknown;

  void count(const Record& record) {
    switch (record.kind) {
      case RecordKind::kHeader: {
        end_episode();
        const Header& header = record.get<Header>();
        info_.embodiments.insert(header.contract.name);
        attempt_ = header.attempt;
        info_.episodes += attempt_ ? 1 : 0;
        break;
      }
      case RecordKind::kStep:
        ++info_.steps;
        break;
      case RecordKind::kPicture:
        ++info_.pictures;
        break;
      case RecordKind::kRequest:
        ++info_.requests;
        break;
      case RecordKind::kChunk:
        ++info_.chunks;
        break;
      case RecordKind::kEvent:
        ++info_.events;
        ended_ |= std::holds_alternative<event::EpisodeEnded>(record.event.body);
        if (const auto* verdict = std::get_if<event::Verdict>(&record.event.body)) {
          outcome_ = verdict->outcome;
        }
        break;
      default:
        break;
    }
  }

  void end_file() { info_.seconds += static_cast<double>(last_ns_ - first_ns_) * 1e-9; }

  void end_episode() {
    if (attempt_) {
      info_.unended += ended_ ? 0 : 1;
      info_.successes += outcome_ == event::Outcome::kSuccess ? 1 : 0;
      info_.failures +=
          outcome_ == event::Outcome::kFailure || outcome_ == event::Outcome::kPartial ? 1 : 0;
    }
    attempt_ = ended_ = false;
    outcome_ = event::Outcome::kUnknown;
  }
};

void count_old(const fs::path& journal, const std::function<void()>& pause, JournalInfo& info) {
  OldJournalReader reader(journal);
  info.embodiments.insert(reader.embodiment().name);
  while (const std::optional<OldJournalEpisode> entry = reader.next()) {
    const std::vector<Row>& rows = entry->episode.rows;
    ++info.episodes;
    info.unended += entry->ended ? 0 : 1;
    info.successes += entry->episode.success == true ? 1 : 0;
    info.failures += entry->episode.success == false ? 1 : 0;
    info.steps += std::ssize(rows);
    for (const Row& row : rows) info.pictures += std::ssize(row.images);
    if (!rows.empty()) {
      info.seconds += static_cast<double>(rows.back().time_ns - rows.front().time_ns) * 1e-9;
    }
    pause();
  }
  const auto lose = [&](int64_t bytes, const char* where) {
    if (bytes == 0) return;
    info.losses.push_back(
        {.file = journal,
         .reason = std::to_string(bytes) + " bytes are no whole record, " + where});
  };
  lose(reader.lost_bytes(), "before others that are");
  lose(reader.dropped_bytes(), "at the end");
}

}  // namespace

JournalInfo journal_info(const fs::path& journal, const std::function<bool()>& stop) {
  const auto pause = [&] {
    if (stop && stop()) throw Interrupted(journal.string(), "was not read to its end");
  };
  JournalInfo info;
  if (OldJournalReader::is_old_journal(journal)) {
    count_old(journal, pause, info);
  } else {
    JournalReader reader(journal, {.pixels = Pixels::kNone});
    Counter counter(info);
    for (Record record; reader.next(record); pause()) counter.take(record, reader.file());
    counter.end();
    info.losses = reader.losses();
  }
  const std::vector<fs::path> files =
      fs::is_directory(journal) ? journal_files(journal) : std::vector<fs::path>{journal};
  info.files = std::ssize(files);
  for (const fs::path& file : files) info.bytes += static_cast<int64_t>(fs::file_size(file));
  return info;
}

bool is_journal(const fs::path& path) {
  return fs::is_directory(path) ? !journal_files(path).empty() : fs::exists(path);
}

void to_json(nlohmann::json& json, const JournalInfo& info) {
  nlohmann::json lost = nlohmann::json::array();
  const auto seconds = [](const std::optional<int64_t>& ns) {
    return ns ? nlohmann::json(static_cast<double>(*ns) * 1e-9) : nlohmann::json();
  };
  for (const JournalLoss& loss : info.losses) {
    lost.push_back({{"file", loss.file.string()},
                    {"begin", loss.begin},
                    {"end", loss.end},
                    {"after_s", seconds(loss.after_ns)},
                    {"before_s", seconds(loss.before_ns)},
                    {"reason", loss.reason}});
  }
  json = {{"files", info.files},
          {"bytes", info.bytes},
          {"embodiments", info.embodiments},
          {"episodes", info.episodes},
          {"episodes_unended", info.unended},
          {"successes", info.successes},
          {"failures", info.failures},
          {"steps", info.steps},
          {"pictures", info.pictures},
          {"requests", info.requests},
          {"chunks", info.chunks},
          {"events", info.events},
          {"seconds", info.seconds},
          {"losses", info.losses.size()},
          {"lost", lost}};
}

}  // namespace gyre::data
