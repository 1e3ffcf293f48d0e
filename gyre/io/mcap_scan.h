#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/io/mcap_chunk.h"

namespace gyre::io {

// A part of a file that could not be read, and what time it may have held.
struct McapLoss {
  uint64_t begin = 0, end = 0;  // bytes of the file
  // Log times of the last message before and the first after it, where there are such.
  std::optional<uint64_t> last_good_ns, next_good_ns;
  std::string reason;
};

namespace mcap {

// A file mapped into memory for reading. Throws Error naming it when it cannot be, is empty or is
// of another format. It must not be cut while it is mapped: only a writer whose disk is full does.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& file);
  View bytes() const { return bytes_; }

 private:
  std::shared_ptr<const void> mapping_;
  View bytes_;
};

// A record of the data section. For a chunk, `records` are its uncompressed records, checked and
// their channels taken in; valid until the next item.
struct Item {
  Opcode opcode{};
  View body;
  ChunkHeader chunk;
  ChunkTimes times;
  View records;
};

// Goes through the data section record by record. Where one is damaged it is passed over by its
// length if what follows proves that length, or else by a search for the next chunk or attachment
// whose CRC holds. Each such place is a loss.
class Scanner {
 public:
  Scanner(View file, size_t max_chunk_bytes);

  // False at the end of the data section or file. Items are chunks, and outside of chunks messages
  // whose channel is known, attachments (their CRC holds), metadata, schemas and channels.
  bool next(Item& item);

  bool complete() const { return complete_; }  // footer and summary are there, and their CRC holds
  const std::vector<McapLoss>& losses() const { return losses_; }
  const Channels& channels() const { return channels_; }

 private:
  enum class Form { kGood, kUnsure, kBad };

  View file_;
  size_t at_ = 0, end_ = 0;     // end of the data section as far as it is known
  size_t proven_ = 0;           // the records from at_ to there follow one another
  uint64_t search_budget_ = 0;  // bytes that searches may still check
  bool complete_ = false;
  ChunkDecoder decoder_;
  Channels channels_;
  std::vector<McapLoss> losses_;
  size_t open_losses_ = 0;  // the losses from there wait for the next good time
  std::optional<uint64_t> last_good_ns_;

  void read_summary();
  std::optional<Record> record_at(size_t at) const;
  bool take_chunk(const std::optional<Record>& record, Item& item, std::string& reason);
  Form form_of(const Record& record) const;
  bool take_loose(const Record& record, Item& item);
  bool follows_on(size_t at);
  bool is_sound(const Record& record);
  size_t search(size_t from);
  void lose(size_t next, std::string reason);
  void note_time(uint64_t first_ns, uint64_t last_ns);
};

}  // namespace mcap
}  // namespace gyre::io
