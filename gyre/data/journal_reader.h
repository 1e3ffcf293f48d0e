#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/data/journal_messages.h"
#include "gyre/data/journal_video.h"
#include "gyre/io/mcap_read.h"

namespace gyre::data {

// The journal files of a folder, in the order in which they are read.
std::vector<std::filesystem::path> journal_files(const std::filesystem::path& folder);

// A part of a journal that could not be read, and the times between which it lies.
struct JournalLoss {
  std::filesystem::path file;
  uint64_t begin = 0, end = 0;       // bytes of the file; both 0 for messages in a whole chunk
  std::optional<int64_t> after_ns;   // unix, of the last message before it
  std::optional<int64_t> before_ns;  // unix, of the first message after it
  std::string reason;
  std::string text() const;  // one line
};
// Losses of one MCAP file.
std::vector<JournalLoss> losses_of(const std::filesystem::path& file,
                                   const std::vector<io::McapLoss>& losses);

struct JournalReadOptions {
  Pixels pixels = Pixels::kDecoded;
  std::vector<RecordKind> kinds;  // messages of other kinds are not decoded; empty: all
};

// Gives back the records of a tape, in order, from a journal file, a folder of them or some of its
// files. Changes nothing. Damage costs the chunk that it is in, and is reported as a loss.
//
// A file that was begun after ten minutes repeats the header and goal; they come out only where the
// file before it was not read.
class JournalReader {
 public:
  // Throws Error when no file holds a whole record, or it is one of another program.
  explicit JournalReader(const std::filesystem::path& journal,
                         const JournalReadOptions& options = {});
  explicit JournalReader(std::vector<std::filesystem::path> files,
                         const JournalReadOptions& options = {});

  bool next(Record& record);  // false at the end
  // Of the last record.
  const std::filesystem::path& file() const { return record_file_; }
  int64_t unix_ns() const { return unix_ns_; }  // robot time where time is simulated
  // So far; all of them when next() has answered false.
  const std::vector<JournalLoss>& losses() const { return losses_; }

 private:
  std::vector<std::filesystem::path> files_;
  JournalReadOptions options_;
  size_t next_file_ = 0;  // index into files_
  std::unique_ptr<io::McapReader> mcap_;
  std::filesystem::path file_, record_file_;
  int64_t unix_ns_ = 0;
  std::vector<JournalLoss> losses_;
  std::vector<JournalLoss> malformed_;  // of the present file
  std::optional<Record> first_;         // read when the journal was opened
  bool foreign_ = false;                // a file holds messages, and none is of Gyre

  VideoStreams streams_;

  // What came out of the present span: repeats of it are passed over.
  HeaderPtr header_;
  std::set<int64_t> goals_;
  bool shapes_ = false;

  bool read(Record& record);
  bool read_message(Record& record);
  bool take_packet(Record& record);
  bool open_next_file();
  void close_file();
  bool is_known(const Record& record, bool repeat);
  void add_start_state(Record& record) const;
};

}  // namespace gyre::data
