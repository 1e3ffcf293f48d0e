#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The MCAP format, version 0 (https://mcap.dev/spec): records and their fields as bytes.
namespace gyre::io {

using McapMetadata = std::map<std::string, std::string>;

struct McapSchema {
  uint16_t id = 0;  // from 1
  std::string name;
  std::string encoding;  // "protobuf", "jsonschema", ...
  std::vector<uint8_t> data;
};

struct McapChannel {
  uint16_t id = 0;
  std::string topic;
  std::string message_encoding;  // "protobuf", "json", ...
  McapMetadata metadata;
  std::shared_ptr<const McapSchema> schema;  // null: messages without a schema
};

// Largest uncompressed chunk that the writer makes, and the reader's default limit.
inline constexpr size_t kMcapMaxChunkBytes = size_t{256} << 20;

namespace mcap {

using Bytes = std::vector<uint8_t>;
using View = std::span<const uint8_t>;

inline constexpr std::array<uint8_t, 8> kMagic = {0x89, 'M', 'C', 'A', 'P', '0', '\r', '\n'};
inline constexpr size_t kPrefixBytes = 9;    // of a record: opcode (1), length of its body (8)
inline constexpr size_t kMessageBytes = 22;  // of a message's body before its data
inline constexpr size_t kFooterBytes = 20;   // of the footer's body

enum class Opcode : uint8_t {
  kHeader = 0x01,
  kFooter = 0x02,
  kSchema = 0x03,
  kChannel = 0x04,
  kMessage = 0x05,
  kChunk = 0x06,
  kMessageIndex = 0x07,
  kChunkIndex = 0x08,
  kAttachment = 0x09,
  kAttachmentIndex = 0x0a,
  kStatistics = 0x0b,
  kMetadata = 0x0c,
  kMetadataIndex = 0x0d,
  kSummaryOffset = 0x0e,
  kDataEnd = 0x0f,
};

uint32_t crc32_of(View bytes, uint32_t before = 0);  // of what came before and `bytes`

template <std::unsigned_integral T>
void put(Bytes& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}
void put_bytes(Bytes& out, View bytes);
void put_text(Bytes& out, std::string_view text);  // its length (4), then its bytes

// Appends a record's prefix; end_record fills in the length of what was appended since.
size_t begin_record(Bytes& out, Opcode opcode);
void end_record(Bytes& out, size_t begun);

Bytes schema_body(const McapSchema& schema);
Bytes channel_body(const McapChannel& channel);
void put_record(Bytes& out, Opcode opcode, View body);

// Takes little-endian values from the front of `bytes` and never looks past the end: there every
// value is zero or empty, and ok() is false from then on.
class Cursor {
 public:
  explicit Cursor(View bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  T number() {
    const View bytes = take(sizeof(T));
    T value = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
      value = static_cast<T>(value | static_cast<T>(bytes[i]) << (8 * i));
    }
    return value;
  }
  View take(uint64_t count);
  std::string_view text();
  View block() { return take(number<uint32_t>()); }  // a length (4), then so many bytes

  View rest() const { return rest_; }
  bool ok() const { return ok_; }
  bool exhausted() const { return ok_ && rest_.empty(); }

 private:
  View rest_;
  bool ok_ = true;
};

struct Record {
  Opcode opcode{};
  View body;
};

// The record at the front of what the cursor has left; nullopt where none fits.
std::optional<Record> next_record(Cursor& cursor);

struct Attachment {
  uint64_t log_time_ns = 0;
  uint64_t create_time_ns = 0;
  std::string_view name, media_type;
  View data;
  uint32_t crc = 0;
};
// Nullopt when fields reach past the body or leave some of it over.
std::optional<Attachment> parse_attachment(View body);
bool crc_holds(const Attachment& attachment, View body);

std::optional<McapMetadata> parse_metadata(View map);

}  // namespace mcap
}  // namespace gyre::io
