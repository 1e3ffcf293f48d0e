#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/io/mcap_sink.h"

struct ZSTD_CCtx_s;

namespace gyre::io {

// Writes an MCAP file that any program for the format reads. Messages gather in a chunk, which is
// compressed and written, with its CRC-32 and message indexes, by ONE write() when the caller ends
// it; it repeats the schemas and channels of its messages, so that it can be understood alone.
//
// A kill or a loss of power costs whole chunks from the end. Without close() the file lacks its
// summary, and all whole chunks are readable (McapReader, repair_mcap). A failed write throws Error
// and cuts the file back to its last whole chunk; after it every call throws and nothing more is
// written.
class McapWriter {
 public:
  enum class Compression { kNone, kZstd };  // zstd at level 1

  // Makes or replaces the file, and writes its header.
  explicit McapWriter(std::filesystem::path file, Compression compression = Compression::kZstd,
                      FileCalls& calls = FileCalls::system());
  ~McapWriter();  // the chunk that was not ended is dropped, and the file left without summary
  McapWriter(const McapWriter&) = delete;
  McapWriter& operator=(const McapWriter&) = delete;

  // Answer the ids. `schema`: 0 for messages without one. Nothing is written before the first
  // message. Throw Error at more than 65535 of either.
  uint16_t add_schema(std::string name, std::string encoding, std::span<const uint8_t> data);
  uint16_t add_channel(std::string topic, std::string message_encoding, uint16_t schema,
                       McapMetadata metadata = {});

  // Adds to the chunk. One that would grow over kMcapMaxChunkBytes is ended first.
  void message(uint16_t channel, uint32_t sequence, uint64_t log_time_ns, uint64_t publish_time_ns,
               std::span<const uint8_t> data);
  size_t chunk_bytes() const { return records_.size(); }  // of the chunk so far, uncompressed
  void end_chunk();                                       // nothing when it has no message
  // Written at once, before the messages of the chunk so far.
  void attachment(uint64_t log_time_ns, uint64_t create_time_ns, std::string_view name,
                  std::string_view media_type, std::span<const uint8_t> data);

  void sync();   // fdatasync of what was written: ended chunks and attachments
  void close();  // ends the chunk, writes the summary, fsync of file and folder
  // For a caller that syncs and closes the file itself, on another thread (SyncThread).
  void finish();  // close() without its syncs
  const std::shared_ptr<OutputFile>& file() const { return sink_.file(); }

  uint64_t file_bytes() const { return sink_.size(); }
  // Messages by topic in the chunks that were written.
  std::map<std::string, uint64_t> message_counts() const;

 private:
  struct Channel {
    McapChannel channel;
    mcap::Bytes record, schema_record;
    uint64_t written = 0;  // messages in chunks that were written
    bool in_chunk = false;
  };
  struct FreeCompressor {
    void operator()(ZSTD_CCtx_s* compressor) const;
  };
  std::filesystem::path path_;
  mcap::Sink sink_;
  std::unique_ptr<ZSTD_CCtx_s, FreeCompressor> compressor_;  // null: no compression
  std::vector<std::shared_ptr<const McapSchema>> schemas_;   // id - 1
  std::vector<Channel> channels_;                            // id - 1
  mcap::Bytes records_, compressed_;                         // the chunk so far
  mcap::MessageIndex index_;
  uint64_t start_ns_ = 0, end_ns_ = 0;  // of the chunk so far

  void describe(Channel& channel);
};

}  // namespace gyre::io
