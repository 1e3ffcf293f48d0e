#include "gyre/io/mcap_format.h"

#include <zlib.h>

namespace gyre::io::mcap {
namespace {

void put_map(Bytes& out, const McapMetadata& map) {
  Bytes entries;
  for (const auto& [key, value] : map) {
    put_text(entries, key);
    put_text(entries, value);
  }
  put(out, static_cast<uint32_t>(entries.size()));
  put_bytes(out, entries);
}

}  // namespace

uint32_t crc32_of(View bytes, uint32_t before) {
  return static_cast<uint32_t>(::crc32_z(before, bytes.data(), bytes.size()));
}

void put_bytes(Bytes& out, View bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void put_text(Bytes& out, std::string_view text) {
  put(out, static_cast<uint32_t>(text.size()));
  out.insert(out.end(), text.begin(), text.end());
}

size_t begin_record(Bytes& out, Opcode opcode) {
  out.push_back(static_cast<uint8_t>(opcode));
  out.resize(out.size() + 8);
  return out.size();
}

void end_record(Bytes& out, size_t begun) {
  const uint64_t length = out.size() - begun;
  for (size_t i = 0; i < 8; ++i) out[begun - 8 + i] = static_cast<uint8_t>(length >> (8 * i));
}

void put_record(Bytes& out, Opcode opcode, View body) {
  const size_t begun = begin_record(out, opcode);
  put_bytes(out, body);
  end_record(out, begun);
}

Bytes schema_body(const McapSchema& schema) {
  Bytes body;
  put(body, schema.id);
  put_text(body, schema.name);
  put_text(body, schema.encoding);
  put(body, static_cast<uint32_t>(schema.data.size()));
  put_bytes(body, schema.data);
  return body;
}

Bytes channel_body(const McapChannel& channel) {
  Bytes body;
  put(body, channel.id);
  put(body, channel.schema ? channel.schema->id : uint16_t{0});
  put_text(body, channel.topic);
  put_text(body, channel.message_encoding);
  put_map(body, channel.metadata);
  return body;
}

View Cursor::take(uint64_t count) {
  if (!ok_ || count > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const View taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::string_view Cursor::text() {
  const View bytes = block();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<Record> next_record(Cursor& cursor) {
  const auto opcode = static_cast<Opcode>(cursor.number<uint8_t>());
  const View body = cursor.take(cursor.number<uint64_t>());
  if (!cursor.ok() || opcode == Opcode{0}) return std::nullopt;
  return Record{opcode, body};
}

std::optional<Attachment> parse_attachment(View body) {
  Cursor cursor(body);
  Attachment attachment;
  attachment.log_time_ns = cursor.number<uint64_t>();
  attachment.create_time_ns = cursor.number<uint64_t>();
  attachment.name = cursor.text();
  attachment.media_type = cursor.text();
  attachment.data = cursor.take(cursor.number<uint64_t>());
  attachment.crc = cursor.number<uint32_t>();
  if (!cursor.exhausted()) return std::nullopt;
  return attachment;
}

bool crc_holds(const Attachment& attachment, View body) {
  return attachment.crc == 0 || attachment.crc == crc32_of(body.first(body.size() - 4));
}

std::optional<McapMetadata> parse_metadata(View map) {
  McapMetadata metadata;
  Cursor cursor(map);
  while (!cursor.rest().empty()) {
    const std::string_view key = cursor.text(), value = cursor.text();
    if (!cursor.ok()) return std::nullopt;
    metadata.insert_or_assign(std::string(key), std::string(value));
  }
  return metadata;
}

}  // namespace gyre::io::mcap
