#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/data/journal.h"
#include "gyre/serve/recorder.h"

namespace gyre::apps {

// Writes each exchange of a server into a journal: one tape for each session and robot, with its
// pictures, goal, request and chunk, or an event where there was no answer. A thread of its own
// writes; when the disk is slow exchanges are left out, and told, rather than robots kept waiting.
class ServeJournal : public serve::Recorder {
 public:
  // `lossless`: large pictures are PNG too. Throws Error for a folder that cannot be written.
  ServeJournal(const std::filesystem::path& folder, bool lossless);
  ~ServeJournal() override;

  void record(const serve::Exchange& exchange) noexcept override;

 private:
  struct Entry {
    uint64_t session = 0;
    std::string policy;
    HeaderPtr header;
    std::vector<Record> records;
  };
  struct Tape {
    std::unique_ptr<data::JournalWriter> writer;
    std::string begun;  // contract and policy of its present file
    int64_t exchanges = 0;
    int64_t used_ns = 0;
  };
  void write();
  void write_entry(Entry& entry);
  void end_unused(int64_t now_ns);

  data::JournalFolder folder_;
  bool lossless_;
  std::map<uint64_t, Tape> tapes_;  // by session; the writing thread's
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> entries_;
  int64_t lost_ = 0;
  bool ending_ = false, failed_ = false;
  std::thread thread_;
};

}  // namespace gyre::apps
