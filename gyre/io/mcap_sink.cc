#include "gyre/io/mcap_sink.h"

#include <algorithm>

#include "gyre/core/error.h"

namespace gyre::io::mcap {
namespace {

void put_counts(Bytes& out, const std::map<uint16_t, uint64_t>& counts) {
  put(out, static_cast<uint32_t>(counts.size() * 10));
  for (const auto& [id, count] : counts) {
    put(out, id);
    put(out, count);
  }
}

Bytes records_of(Opcode opcode, const std::map<uint16_t, Bytes>& bodies) {
  Bytes records;
  for (const auto& [id, body] : bodies) put_record(records, opcode, body);
  return records;
}

}  // namespace

void Summary::message(uint16_t channel, uint64_t log_time_ns) {
  const bool first = messages_.empty();
  start_ns_ = first ? log_time_ns : std::min(start_ns_, log_time_ns);
  end_ns_ = std::max(end_ns_, log_time_ns);
  ++messages_[channel];
}

void Summary::chunk(const ChunkFields& chunk, uint64_t offset, uint64_t length,
                    const std::map<uint16_t, uint64_t>& indexes, uint64_t indexes_length) {
  Bytes& out = chunk_indexes_;
  const size_t begun = begin_record(out, Opcode::kChunkIndex);
  put(out, chunk.start_ns);
  put(out, chunk.end_ns);
  put(out, offset);
  put(out, length);
  put_counts(out, indexes);
  put(out, indexes_length);
  put_text(out, chunk.compression);
  put(out, uint64_t{chunk.records.size()});
  put(out, chunk.uncompressed_size);
  end_record(out, begun);
  ++chunks_;
}

void Summary::attachment(const Attachment& attachment, uint64_t offset, uint64_t length) {
  Bytes& out = attachment_indexes_;
  const size_t begun = begin_record(out, Opcode::kAttachmentIndex);
  put(out, offset);
  put(out, length);
  put(out, attachment.log_time_ns);
  put(out, attachment.create_time_ns);
  put(out, uint64_t{attachment.data.size()});
  put_text(out, attachment.name);
  put_text(out, attachment.media_type);
  end_record(out, begun);
  ++attachments_;
}

void Summary::metadata(std::string_view name, uint64_t offset, uint64_t length) {
  const size_t begun = begin_record(metadata_indexes_, Opcode::kMetadataIndex);
  put(metadata_indexes_, offset);
  put(metadata_indexes_, length);
  put_text(metadata_indexes_, name);
  end_record(metadata_indexes_, begun);
  ++metadatas_;
}

Bytes Summary::statistics() const {
  uint64_t messages = 0;
  for (const auto& [id, count] : messages_) messages += count;
  Bytes out;
  const size_t begun = begin_record(out, Opcode::kStatistics);
  put(out, messages);
  put(out, static_cast<uint16_t>(schemas_.size()));
  put(out, static_cast<uint32_t>(channels_.size()));
  put(out, attachments_);
  put(out, metadatas_);
  put(out, chunks_);
  put(out, start_ns_);
  put(out, end_ns_);
  put_counts(out, messages_);
  end_record(out, begun);
  return out;
}

Bytes Summary::end_of_file(uint64_t offset, uint32_t data_crc) const {
  Bytes out;
  size_t begun = begin_record(out, Opcode::kDataEnd);
  put(out, data_crc);
  end_record(out, begun);

  const size_t summary = out.size();
  Bytes offsets;
  const auto group = [&](Opcode opcode, View records) {
    if (records.empty()) return;
    const size_t offset_begun = begin_record(offsets, Opcode::kSummaryOffset);
    put(offsets, static_cast<uint8_t>(opcode));
    put(offsets, offset + out.size());
    put(offsets, uint64_t{records.size()});
    end_record(offsets, offset_begun);
    put_bytes(out, records);
  };
  group(Opcode::kSchema, records_of(Opcode::kSchema, schemas_));
  group(Opcode::kChannel, records_of(Opcode::kChannel, channels_));
  group(Opcode::kStatistics, statistics());
  group(Opcode::kChunkIndex, chunk_indexes_);
  group(Opcode::kAttachmentIndex, attachment_indexes_);
  group(Opcode::kMetadataIndex, metadata_indexes_);

  const uint64_t offsets_start = offset + out.size();
  put_bytes(out, offsets);
  begun = begin_record(out, Opcode::kFooter);
  put(out, offset + summary);
  put(out, offsets_start);
  out.resize(out.size() + 4);
  end_record(out, begun);
  out.resize(out.size() - 4);  // the CRC counts the footer's prefix, with its whole length
  put(out, crc32_of(View(out).subspan(summary)));
  put_bytes(out, kMagic);
  return out;
}

Sink::Sink(std::filesystem::path file, FileCalls& calls)
    : calls_(&calls),
      file_(std::make_shared<OutputFile>(std::move(file), OutputFile::Mode::kTruncate, calls)) {
  put_bytes(buffer_, kMagic);
  const size_t begun = begin_record(buffer_, Opcode::kHeader);
  put_text(buffer_, "");
  put_text(buffer_, "gyre");
  end_record(buffer_, begun);
  write(buffer_);
}

void Sink::chunk(const ChunkFields& chunk, const MessageIndex& index) {
  Bytes& out = buffer_;
  out.clear();
  size_t begun = begin_record(out, Opcode::kChunk);
  put(out, chunk.start_ns);
  put(out, chunk.end_ns);
  put(out, chunk.uncompressed_size);
  put(out, chunk.uncompressed_crc);
  put_text(out, chunk.compression);
  put(out, uint64_t{chunk.records.size()});
  put_bytes(out, chunk.records);
  end_record(out, begun);
  const uint64_t length = out.size(), offset = size_;
  std::map<uint16_t, uint64_t> indexes;
  for (const auto& [channel, entries] : index) {
    if (entries.empty()) continue;
    indexes[channel] = offset + out.size();
    begun = begin_record(out, Opcode::kMessageIndex);
    put(out, channel);
    put(out, static_cast<uint32_t>(16 * entries.size()));
    for (const auto& [time, at] : entries) {
      put(out, time);
      put(out, at);
    }
    end_record(out, begun);
  }
  const uint64_t indexes_length = out.size() - length;
  write(out);
  for (const auto& [channel, entries] : index) {
    for (const auto& [time, at] : entries) summary_.message(channel, time);
  }
  summary_.chunk(chunk, offset, length, indexes, indexes_length);
}

void Sink::attachment(uint64_t log_time_ns, uint64_t create_time_ns, std::string_view name,
                      std::string_view media_type, View data) {
  Bytes& out = buffer_;
  out.clear();
  const size_t begun = begin_record(out, Opcode::kAttachment);
  put(out, log_time_ns);
  put(out, create_time_ns);
  put_text(out, name);
  put_text(out, media_type);
  put(out, uint64_t{data.size()});
  put_bytes(out, data);
  put(out, crc32_of(View(out).subspan(begun)));
  end_record(out, begun);
  const uint64_t offset = size_;
  write(out);
  summary_.attachment({log_time_ns, create_time_ns, name, media_type, data}, offset, out.size());
}

void Sink::loose(Opcode opcode, View body) {
  buffer_.clear();
  put_record(buffer_, opcode, body);
  write(buffer_);
}

void Sink::sync() {
  expect_open();
  try {
    file_->sync_data();
  } catch (...) {
    failed_ = true;  // the kernel may have dropped pages: only a new file is sure
    throw;
  }
  if (!folder_synced_) sync_folder_of(file_->path(), *calls_);
  folder_synced_ = true;
}

void Sink::finish() {
  write(summary_.end_of_file(size_, crc_));
  closed_ = true;
}

void Sink::close() {
  finish();
  file_->close();
  sync_folder_of(file_->path(), *calls_);
}

void Sink::expect_open() const {
  if (failed_) {
    throw Error(file_->path().string(), "takes nothing more after a write that failed",
                "begin another file");
  }
  if (closed_) throw Error(file_->path().string(), "is already closed", "begin another file");
}

void Sink::write(View bytes) {
  expect_open();
  try {
    file_->write(bytes);
  } catch (...) {
    fail();
    throw;
  }
  crc_ = crc32_of(bytes, crc_);
  size_ += bytes.size();
}

void Sink::fail() noexcept {
  failed_ = true;
  try {
    file_->truncate(size_);
  } catch (...) {  // a torn tail stays; readers pass over it, and the write's own error is thrown
  }
}

}  // namespace gyre::io::mcap
