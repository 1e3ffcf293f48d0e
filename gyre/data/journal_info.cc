#include "gyre/data/journal_info.h"

#include <optional>

namespace gyre::data {
namespace {

class Counter {
 public:
  explicit Counter(JournalInfo& info) : info_(info) {}

  void take(const Record& record, const std::filesystem::path& file) {
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
  std::filesystem::path file_;
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

}  // namespace

JournalInfo journal_info(const std::filesystem::path& journal) {
  namespace fs = std::filesystem;
  JournalInfo info;
  JournalReader reader(journal, {.pixels = false});
  Counter counter(info);
  for (Record record; reader.next(record);) counter.take(record, reader.file());
  counter.end();
  info.losses = reader.losses();
  const std::vector<fs::path> files =
      fs::is_directory(journal) ? journal_files(journal) : std::vector<fs::path>{journal};
  info.files = std::ssize(files);
  for (const fs::path& file : files) info.bytes += static_cast<int64_t>(fs::file_size(file));
  return info;
}

}  // namespace gyre::data
