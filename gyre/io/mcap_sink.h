#pragma once

#include <filesystem>
#include <map>
#include <utility>
#include <vector>

#include "gyre/io/file.h"
#include "gyre/io/mcap_format.h"

// The end of an MCAP file, and the file itself as it grows record by record: what the writer and
// the repair of a file share.
namespace gyre::io::mcap {

// Log times and offsets into the uncompressed chunk of a chunk's messages, by channel.
using MessageIndex = std::map<uint16_t, std::vector<std::pair<uint64_t, uint64_t>>>;

struct ChunkFields {
  uint64_t start_ns = 0, end_ns = 0;  // log times of the earliest and latest message
  uint64_t uncompressed_size = 0;
  uint32_t uncompressed_crc = 0;
  std::string_view compression;  // "" or "zstd"
  View records;                  // as they are stored
};

// Collects what the summary section says of the file.
class Summary {
 public:
  void schema(uint16_t id, View body) { schemas_.try_emplace(id, body.begin(), body.end()); }
  void channel(uint16_t id, View body) { channels_.try_emplace(id, body.begin(), body.end()); }
  bool has_channel(uint16_t id) const { return channels_.contains(id); }
  bool has_schema(uint16_t id) const { return schemas_.contains(id); }
  void message(uint16_t channel, uint64_t log_time_ns);
  // The chunk at `offset`, `length` bytes long with its prefix; `indexes`: offsets of its message
  // indexes, which are `indexes_length` bytes long together.
  void chunk(const ChunkFields& chunk, uint64_t offset, uint64_t length,
             const std::map<uint16_t, uint64_t>& indexes, uint64_t indexes_length);
  void attachment(const Attachment& attachment, uint64_t offset, uint64_t length);
  void metadata(std::string_view name, uint64_t offset, uint64_t length);

  // DataEnd, summary section, summary offsets, footer and magic, for a data section that ends at
  // `offset` and has the CRC `data_crc`.
  Bytes end_of_file(uint64_t offset, uint32_t data_crc) const;

 private:
  std::map<uint16_t, Bytes> schemas_, channels_;                 // the records' bodies
  std::map<uint16_t, uint64_t> messages_;                        // by channel
  Bytes chunk_indexes_, attachment_indexes_, metadata_indexes_;  // whole records
  uint32_t chunks_ = 0, attachments_ = 0, metadatas_ = 0;
  uint64_t start_ns_ = 0, end_ns_ = 0;

  Bytes statistics() const;
};

// A file that grows by whole records. Where a write fails it is cut back to the end of the last
// whole one, and takes nothing more.
class Sink {
 public:
  Sink(std::filesystem::path file, FileCalls& calls);  // writes magic and header

  // The chunk and its message indexes, in one write.
  void chunk(const ChunkFields& chunk, const MessageIndex& index);
  void attachment(uint64_t log_time_ns, uint64_t create_time_ns, std::string_view name,
                  std::string_view media_type, View data);
  // A record as it is, outside of chunks. Its summary is the caller's.
  void loose(Opcode opcode, View body);
  void sync();   // fdatasync; the first also syncs the folder
  void close();  // the end of the file, fsync of file and folder

  Summary& summary() { return summary_; }
  uint64_t size() const { return size_; }
  // Throws Error when an earlier write failed or the file is closed.
  void expect_open() const;

 private:
  FileCalls* calls_;
  OutputFile file_;
  Summary summary_;
  Bytes buffer_;
  uint64_t size_ = 0;
  uint32_t crc_ = 0;  // of all that is written
  bool failed_ = false, closed_ = false, folder_synced_ = false;

  void write(View bytes);
  void fail() noexcept;
};

}  // namespace gyre::io::mcap
