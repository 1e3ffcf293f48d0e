#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/io/mcap_scan.h"

namespace gyre::io {

struct McapMessage {
  std::shared_ptr<const McapChannel> channel;
  uint32_t sequence = 0;
  uint64_t log_time_ns = 0, publish_time_ns = 0;
  std::span<const uint8_t> data;  // valid until the next message is read
};

using McapAttachment = mcap::Attachment;  // valid as long as its reader

struct McapReadOptions {
  size_t max_chunk_bytes = kMcapMaxChunkBytes;  // uncompressed; a larger chunk is a loss
};

// Statistics of the part read so far; of the whole file when next() has answered false.
struct McapStatistics {
  std::map<std::string, uint64_t> messages;  // by topic
  uint64_t chunks = 0;
  uint64_t attachments = 0;
  std::vector<McapLoss> losses;
  bool complete = false;  // ends with a footer, and the summary's CRC holds: close() was called
};

// Reads an MCAP file, whole, torn or damaged, and never changes it. Damage costs the chunk that it
// is in: each chunk's CRC is checked before its first message comes out, and each part that is
// passed over is a loss. Only the opening throws: Error when the file cannot be read, is empty or
// is of another format.
class McapReader {
 public:
  explicit McapReader(const std::filesystem::path& file, McapReadOptions options = {});

  // The next message in the order of the file; false at its end.
  bool next(McapMessage& message);

  const std::vector<McapAttachment>& attachments() const { return attachments_; }  // so far
  McapStatistics statistics() const;

 private:
  mcap::MappedFile file_;
  mcap::Scanner scanner_;
  mcap::Cursor records_{{}};  // what is left of the chunk
  std::vector<McapAttachment> attachments_;
  std::map<std::string, uint64_t> messages_;
  uint64_t chunks_ = 0;

  void give(mcap::View body, McapMessage& message);
};

}  // namespace gyre::io
