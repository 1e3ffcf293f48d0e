#include "gyre/io/mcap_chunk.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>

namespace gyre::io::mcap {

std::optional<ChunkHeader> parse_chunk(View body) {
  Cursor cursor(body);
  ChunkHeader chunk;
  chunk.start_ns = cursor.number<uint64_t>();
  chunk.end_ns = cursor.number<uint64_t>();
  chunk.uncompressed_size = cursor.number<uint64_t>();
  chunk.uncompressed_crc = cursor.number<uint32_t>();
  chunk.compression = cursor.text();
  chunk.records = cursor.take(cursor.number<uint64_t>());
  if (!cursor.ok()) return std::nullopt;
  chunk.size = body.size() - cursor.rest().size();
  return chunk;
}

ChunkDecoder::ChunkDecoder(size_t max_bytes)
    : max_bytes_(max_bytes), decompressor_(ZSTD_createDCtx()) {}

ChunkDecoder::~ChunkDecoder() { ZSTD_freeDCtx(decompressor_); }

std::optional<View> ChunkDecoder::refuse(std::string reason) {
  reason_ = std::move(reason);
  return std::nullopt;
}

std::optional<View> ChunkDecoder::open(const ChunkHeader& chunk, bool need_crc) {
  if (need_crc && chunk.uncompressed_crc == 0) return refuse("a chunk without a checksum");
  if (chunk.uncompressed_size > max_bytes_) {
    return refuse(fmt::format("a chunk says it has {} bytes, at most {} are read",
                              chunk.uncompressed_size, max_bytes_));
  }
  const std::optional<View> records = unpack(chunk);
  if (records && chunk.uncompressed_crc != 0 && crc32_of(*records) != chunk.uncompressed_crc) {
    return refuse("a chunk's checksum does not match");
  }
  return records;
}

std::optional<View> ChunkDecoder::unpack(const ChunkHeader& chunk) {
  const size_t size = chunk.uncompressed_size;
  if (chunk.compression.empty()) {
    if (chunk.records.size() != size) return refuse("a chunk's two sizes differ");
    return chunk.records;
  }
  if (chunk.compression != "zstd") return refuse("a chunk's compression is not known");
  const unsigned long long said =
      ZSTD_getFrameContentSize(chunk.records.data(), chunk.records.size());
  if (said == ZSTD_CONTENTSIZE_ERROR) return refuse("a chunk's data is not zstd");
  if (said != ZSTD_CONTENTSIZE_UNKNOWN && said > size) {
    return refuse("a chunk's zstd data says it is larger than the chunk says");
  }
  if (memory_bytes_ < size) {
    memory_.reset();  // the old goes before the new is taken
    memory_bytes_ = std::max(size, std::min(2 * memory_bytes_, max_bytes_));
    memory_ = std::make_unique_for_overwrite<uint8_t[]>(memory_bytes_);
  }
  const size_t unpacked = ZSTD_decompressDCtx(decompressor_, memory_.get(), size,
                                              chunk.records.data(), chunk.records.size());
  if (ZSTD_isError(unpacked)) return refuse("a chunk's zstd data is damaged");
  if (unpacked != size) return refuse("a chunk's zstd data is shorter than the chunk says");
  return View(memory_.get(), size);
}

bool Channels::define_schema(View body) {
  Cursor cursor(body);
  McapSchema schema;
  schema.id = cursor.number<uint16_t>();
  schema.name = cursor.text();
  schema.encoding = cursor.text();
  const View data = cursor.block();
  if (!cursor.ok()) return false;
  if (schema.id == 0) return true;  // to be ignored, says the format
  Schema& known = schemas_[schema.id];
  if (known.schema && std::ranges::equal(known.body, body)) {
    known.chunk = chunk_;
    return true;
  }
  if (known.schema && known.chunk == chunk_) return false;
  schema.data.assign(data.begin(), data.end());
  known = {Bytes(body.begin(), body.end()), std::make_shared<McapSchema>(std::move(schema)),
           chunk_};
  return true;
}

bool Channels::define_channel(View body) {
  Cursor cursor(body);
  McapChannel channel;
  channel.id = cursor.number<uint16_t>();
  const auto schema_id = cursor.number<uint16_t>();
  const auto schema = schemas_.find(schema_id);
  if (schema_id != 0 && schema == schemas_.end()) return false;
  if (schema_id != 0) channel.schema = schema->second.schema;
  Channel& known = channels_[channel.id];
  if (known.channel && known.channel->schema == channel.schema &&
      std::ranges::equal(known.body, body)) {
    known.chunk = chunk_;
    return true;
  }
  channel.topic = cursor.text();
  channel.message_encoding = cursor.text();
  std::optional<McapMetadata> metadata = parse_metadata(cursor.block());
  if (!cursor.ok() || !metadata) return false;
  if (known.channel && known.chunk == chunk_) return false;
  channel.metadata = std::move(*metadata);
  known = {Bytes(body.begin(), body.end()), std::make_shared<McapChannel>(std::move(channel)),
           chunk_};
  return true;
}

std::shared_ptr<const McapChannel> Channels::find(uint16_t id) const {
  const auto known = channels_.find(id);
  return known == channels_.end() ? nullptr : known->second.channel;
}

std::optional<MessageFields> parse_message(View body) {
  Cursor cursor(body);
  MessageFields message;
  message.channel = cursor.number<uint16_t>();
  message.sequence = cursor.number<uint32_t>();
  message.log_time_ns = cursor.number<uint64_t>();
  message.publish_time_ns = cursor.number<uint64_t>();
  message.data = cursor.rest();
  if (!cursor.ok()) return std::nullopt;
  return message;
}

std::optional<ChunkTimes> check_chunk(View records, Channels& channels, std::string& reason) {
  channels.begin_chunk();
  ChunkTimes times;
  Cursor cursor(records);
  while (!cursor.rest().empty()) {
    const std::optional<Record> record = next_record(cursor);
    reason = "a chunk holds a malformed record";
    if (!record) return std::nullopt;
    if (record->opcode == Opcode::kSchema && !channels.define_schema(record->body)) {
      return std::nullopt;
    }
    if (record->opcode == Opcode::kChannel && !channels.define_channel(record->body)) {
      return std::nullopt;
    }
    if (record->opcode != Opcode::kMessage) continue;
    const std::optional<MessageFields> message = parse_message(record->body);
    if (!message) return std::nullopt;
    if (!channels.find(message->channel)) {
      reason = "a chunk holds messages of a channel that nothing describes";
      return std::nullopt;
    }
    const uint64_t time = message->log_time_ns;
    times.first_ns = times.messages == 0 ? time : std::min(times.first_ns, time);
    times.last_ns = std::max(times.last_ns, time);
    ++times.messages;
  }
  return times;
}

}  // namespace gyre::io::mcap
