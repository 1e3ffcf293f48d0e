#include "gyre/io/mcap_write.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::io {
namespace {

constexpr int kZstdLevel = 1;
constexpr size_t kMaxIds = 65535;

}  // namespace

void McapWriter::FreeCompressor::operator()(ZSTD_CCtx_s* compressor) const {
  ZSTD_freeCCtx(compressor);
}

McapWriter::McapWriter(std::filesystem::path file, Compression compression, FileCalls& calls)
    : path_(file), sink_(std::move(file), calls) {
  if (compression == Compression::kZstd) compressor_.reset(ZSTD_createCCtx());
}

McapWriter::~McapWriter() = default;

uint16_t McapWriter::add_schema(std::string name, std::string encoding,
                                std::span<const uint8_t> data) {
  if (schemas_.size() == kMaxIds) throw Error(path_.string(), "has more than 65535 schemas");
  const auto id = static_cast<uint16_t>(schemas_.size() + 1);
  schemas_.push_back(std::make_shared<McapSchema>(
      McapSchema{id, std::move(name), std::move(encoding), {data.begin(), data.end()}}));
  return id;
}

uint16_t McapWriter::add_channel(std::string topic, std::string message_encoding, uint16_t schema,
                                 McapMetadata metadata) {
  if (channels_.size() == kMaxIds) throw Error(path_.string(), "has more than 65535 channels");
  if (schema > schemas_.size()) {
    throw Error(path_.string(), fmt::format("channel {} names an unknown schema", topic));
  }
  Channel channel;
  channel.channel = {static_cast<uint16_t>(channels_.size() + 1), std::move(topic),
                     std::move(message_encoding), std::move(metadata),
                     schema == 0 ? nullptr : schemas_[schema - 1]};
  mcap::put_record(channel.record, mcap::Opcode::kChannel, mcap::channel_body(channel.channel));
  if (schema != 0) {
    mcap::put_record(channel.schema_record, mcap::Opcode::kSchema,
                     mcap::schema_body(*channel.channel.schema));
  }
  channels_.push_back(std::move(channel));
  return channels_.back().channel.id;
}

// Two channels of one schema repeat it: a chunk may, and a set of what it has would cost more.
void McapWriter::describe(Channel& channel) {
  mcap::put_bytes(records_, channel.schema_record);
  mcap::put_bytes(records_, channel.record);
  channel.in_chunk = true;
}

void McapWriter::message(uint16_t channel, uint32_t sequence, uint64_t log_time_ns,
                         uint64_t publish_time_ns, std::span<const uint8_t> data) {
  sink_.expect_open();
  if (channel == 0 || channel > channels_.size()) {
    throw Error(path_.string(), fmt::format("has no channel {}", channel));
  }
  Channel& entry = channels_[channel - 1];
  const size_t needed = entry.schema_record.size() + entry.record.size() + mcap::kPrefixBytes +
                        mcap::kMessageBytes + data.size();
  if (needed > kMcapMaxChunkBytes) {
    throw Error(path_.string(), fmt::format("a message of {} bytes is too large", data.size()),
                "write it in parts or as an attachment");
  }
  if (records_.size() + needed > kMcapMaxChunkBytes) end_chunk();
  const bool first = records_.empty();
  if (!entry.in_chunk) describe(entry);
  index_[channel].emplace_back(log_time_ns, records_.size());
  start_ns_ = first ? log_time_ns : std::min(start_ns_, log_time_ns);
  end_ns_ = first ? log_time_ns : std::max(end_ns_, log_time_ns);
  const size_t begun = mcap::begin_record(records_, mcap::Opcode::kMessage);
  mcap::put(records_, channel);
  mcap::put(records_, sequence);
  mcap::put(records_, log_time_ns);
  mcap::put(records_, publish_time_ns);
  mcap::put_bytes(records_, data);
  mcap::end_record(records_, begun);
}

void McapWriter::end_chunk() {
  sink_.expect_open();
  if (records_.empty()) return;
  mcap::ChunkFields chunk{start_ns_, end_ns_, records_.size(), mcap::crc32_of(records_),
                          "",        records_};
  if (compressor_) {
    compressed_.resize(ZSTD_compressBound(records_.size()));
    const size_t size = ZSTD_compressCCtx(compressor_.get(), compressed_.data(), compressed_.size(),
                                          records_.data(), records_.size(), kZstdLevel);
    if (ZSTD_isError(size)) {
      throw Error(path_.string(), fmt::format("zstd: {}", ZSTD_getErrorName(size)));
    }
    chunk.compression = "zstd";
    chunk.records = mcap::View(compressed_).first(size);
  }
  sink_.chunk(chunk, index_);
  for (Channel& channel : channels_) {
    if (!channel.in_chunk) continue;
    const McapChannel& about = channel.channel;
    sink_.summary().channel(about.id, mcap::View(channel.record).subspan(mcap::kPrefixBytes));
    if (about.schema) {
      sink_.summary().schema(about.schema->id,
                             mcap::View(channel.schema_record).subspan(mcap::kPrefixBytes));
    }
    channel.written += index_[about.id].size();
    index_[about.id].clear();
    channel.in_chunk = false;
  }
  records_.clear();
}

void McapWriter::attachment(uint64_t log_time_ns, uint64_t create_time_ns, std::string_view name,
                            std::string_view media_type, std::span<const uint8_t> data) {
  sink_.attachment(log_time_ns, create_time_ns, name, media_type, data);
}

void McapWriter::sync() { sink_.sync(); }

void McapWriter::finish() {
  end_chunk();
  sink_.finish();
}

void McapWriter::close() {
  end_chunk();
  sink_.close();
}

std::map<std::string, uint64_t> McapWriter::message_counts() const {
  std::map<std::string, uint64_t> counts;
  for (const Channel& channel : channels_) {
    if (channel.written > 0) counts[channel.channel.topic] += channel.written;
  }
  return counts;
}

}  // namespace gyre::io
