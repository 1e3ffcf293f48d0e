#pragma once

#include <memory>
#include <string>

#include "gyre/io/mcap_format.h"

struct ZSTD_DCtx_s;

// One chunk of an MCAP file, and what its channels are.
namespace gyre::io::mcap {

// The fields of a chunk's body, as they stand there.
struct ChunkHeader {
  uint64_t start_ns = 0, end_ns = 0;
  uint64_t uncompressed_size = 0;
  uint32_t uncompressed_crc = 0;  // 0: none
  std::string_view compression;
  View records;     // as they are stored
  size_t size = 0;  // bytes of the body that these fields take
};

// Fields at the front of `body`, which may go on after them. Nullopt when they reach past it.
std::optional<ChunkHeader> parse_chunk(View body);

// Gives the uncompressed records of chunks. Takes memory for one chunk, at most `max_bytes`.
class ChunkDecoder {
 public:
  explicit ChunkDecoder(size_t max_bytes);
  ~ChunkDecoder();

  // Nullopt, and then reason() in plain words, when the size, the compression or the CRC does not
  // hold. Valid until the next call. `need_crc`: a chunk without a CRC is refused.
  std::optional<View> open(const ChunkHeader& chunk, bool need_crc);
  const std::string& reason() const { return reason_; }

 private:
  size_t max_bytes_;
  ZSTD_DCtx_s* decompressor_;
  std::unique_ptr<uint8_t[]> memory_;
  size_t memory_bytes_ = 0;
  std::string reason_;

  std::optional<View> refuse(std::string reason);
  std::optional<View> unpack(const ChunkHeader& chunk);
};

// Schemas and channels by id, as the file describes them so far. A later description of an id takes
// the place of an earlier one, so a damaged one costs no more than what it describes.
class Channels {
 public:
  // Within a chunk an id means one thing.
  void begin_chunk() { ++chunk_; }
  // False when the body is malformed, or differs from what this chunk said of that id before.
  bool define_schema(View body);
  bool define_channel(View body);
  std::shared_ptr<const McapChannel> find(uint16_t id) const;

 private:
  struct Schema {
    Bytes body;
    std::shared_ptr<const McapSchema> schema;
    uint64_t chunk = 0;
  };
  struct Channel {
    Bytes body;
    std::shared_ptr<const McapChannel> channel;
    uint64_t chunk = 0;
  };
  std::map<uint16_t, Schema> schemas_;
  std::map<uint16_t, Channel> channels_;
  uint64_t chunk_ = 0;
};

// A message's body. Data is what is left after the fixed fields.
struct MessageFields {
  uint16_t channel = 0;
  uint32_t sequence = 0;
  uint64_t log_time_ns = 0, publish_time_ns = 0;
  View data;
};
std::optional<MessageFields> parse_message(View body);

struct ChunkTimes {
  uint64_t messages = 0;
  uint64_t first_ns = 0, last_ns = 0;  // log times of the earliest and latest message
};

// Goes through a chunk's uncompressed records and takes in its schemas and channels. Nullopt, with
// a reason, when a record is malformed or a message is of a channel that nothing describes.
std::optional<ChunkTimes> check_chunk(View records, Channels& channels, std::string& reason);

}  // namespace gyre::io::mcap
