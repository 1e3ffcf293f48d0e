#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "gyre/io/file.h"
#include "gyre/io/mcap_read.h"
#include "gyre/io/mcap_write.h"

// MCAP files for tests, and all that a reader tells of one.
namespace gyre::io::mcap_testing {

using mcap::Bytes;
using mcap::Opcode;
using mcap::View;

struct Row {
  std::string topic, encoding, schema, metadata;
  uint32_t sequence = 0;
  uint64_t log_time_ns = 0, publish_time_ns = 0;
  Bytes data;
  auto operator<=>(const Row&) const = default;
};

struct Content {
  std::vector<Row> rows;
  McapStatistics statistics;
  std::vector<std::string> attachments;
};

inline Content content_of(const std::filesystem::path& file, McapReadOptions options = {}) {
  McapReader reader(file, options);
  Content content;
  for (McapMessage message; reader.next(message);) {
    const McapChannel& channel = *message.channel;
    content.rows.push_back({channel.topic, channel.message_encoding,
                            channel.schema ? channel.schema->name : "",
                            channel.metadata.empty() ? "" : channel.metadata.begin()->second,
                            message.sequence, message.log_time_ns, message.publish_time_ns,
                            Bytes(message.data.begin(), message.data.end())});
  }
  content.statistics = reader.statistics();
  for (const McapAttachment& attachment : reader.attachments()) {
    content.attachments.emplace_back(attachment.data.begin(), attachment.data.end());
  }
  return content;
}

inline Bytes filled(size_t size, uint8_t first) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(first + 7 * i);
  return bytes;
}

constexpr uint64_t kStart = 1'700'000'000'000'000'000;
constexpr size_t kChunks = 3, kPerChunk = 4;

// Three chunks of four messages on two topics, and an attachment after the first.
inline void write_sample(McapWriter& writer) {
  const uint16_t schema = writer.add_schema("gyre.Step", "protobuf", filled(20, 1));
  const uint16_t step = writer.add_channel("step", "protobuf", schema, {{"arm", "left"}});
  const uint16_t note = writer.add_channel("note", "json", 0);
  for (uint32_t i = 0; i < kChunks * kPerChunk; ++i) {
    const uint64_t time = kStart + i * 1'000;
    writer.message(i % 4 == 3 ? note : step, i, time, time + 5,
                   filled(12 + i, static_cast<uint8_t>(i)));
    if (i % kPerChunk == kPerChunk - 1) writer.end_chunk();
    if (i == kPerChunk - 1) writer.attachment(7, 8, "a.txt", "text/plain", filled(9, 'a'));
  }
}

inline void put_file(const std::filesystem::path& file, View bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

// A file in memory: thousands of them on a disk are slow.
class MemoryFile {
 public:
  explicit MemoryFile(View bytes) : descriptor_(memfd_create("mcap", MFD_CLOEXEC)) {
    EXPECT_EQ(::write(descriptor_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void put(size_t at, uint8_t byte) {
    EXPECT_EQ(::pwrite(descriptor_, &byte, 1, static_cast<off_t>(at)), 1);
  }

 private:
  int descriptor_;
};

// Offset and opcode of each record of the data section.
inline std::vector<std::pair<size_t, Opcode>> records_of(View file) {
  std::vector<std::pair<size_t, Opcode>> records;
  mcap::Cursor cursor(file.subspan(8));
  while (true) {
    const size_t at = file.size() - cursor.rest().size();
    const auto record = mcap::next_record(cursor);
    if (!record) return records;
    records.emplace_back(at, record->opcode);
    if (record->opcode == Opcode::kDataEnd) return records;
  }
}

inline std::vector<size_t> places_of(View file, Opcode opcode) {
  std::vector<size_t> places;
  for (const auto& [at, kind] : records_of(file)) {
    if (kind == opcode) places.push_back(at);
  }
  return places;
}

inline size_t end_of_record(View file, size_t at) {
  mcap::Cursor cursor(file.subspan(at));
  const auto record = mcap::next_record(cursor);
  return at + mcap::kPrefixBytes + record->body.size();
}

// Magic and header, then what a test adds.
inline Bytes begun_file() {
  Bytes file(mcap::kMagic.begin(), mcap::kMagic.end());
  Bytes header;
  mcap::put_text(header, "");
  mcap::put_text(header, "test");
  mcap::put_record(file, Opcode::kHeader, header);
  return file;
}

// A chunk as the fields say, whether or not they hold.
inline void put_chunk(Bytes& file, uint64_t uncompressed_size, uint32_t crc,
                      std::string_view compression, View records) {
  const size_t begun = mcap::begin_record(file, Opcode::kChunk);
  mcap::put(file, uint64_t{1});
  mcap::put(file, uint64_t{2});
  mcap::put(file, uncompressed_size);
  mcap::put(file, crc);
  mcap::put_text(file, compression);
  mcap::put(file, uint64_t{records.size()});
  mcap::put_bytes(file, records);
  mcap::end_record(file, begun);
}

// The uncompressed records of a good chunk with one message.
inline Bytes chunk_records(uint8_t first) {
  Bytes records;
  McapChannel channel{1, "topic", "json", {}, nullptr};
  mcap::put_record(records, Opcode::kChannel, mcap::channel_body(channel));
  Bytes message(mcap::kMessageBytes, 0);
  message[0] = 1;
  mcap::put_bytes(message, filled(30, first));
  mcap::put_record(records, Opcode::kMessage, message);
  return records;
}

inline void put_good_chunk(Bytes& file, uint8_t first) {
  const Bytes records = chunk_records(first);
  put_chunk(file, records.size(), mcap::crc32_of(records), "", records);
}

// Counts the calls and fails one of them: the n-th write, from 1, after a part of it.
class FailingCalls : public FileCalls {
 public:
  int fail_write = 0, fail_sync = 0;
  int writes = 0, data_syncs = 0, syncs = 0, truncations = 0, renames = 0;
  ssize_t write(int descriptor, const void* bytes, size_t count) override {
    ++writes;
    if (fail_write > 0 && writes == fail_write) {
      return FileCalls::write(descriptor, bytes, count / 2);
    }
    if (fail_write > 0 && writes > fail_write) {
      errno = ENOSPC;
      return -1;
    }
    return FileCalls::write(descriptor, bytes, count);
  }
  int ftruncate(int descriptor, off_t size) override {
    ++truncations;
    return FileCalls::ftruncate(descriptor, size);
  }
  int fdatasync(int descriptor) override {
    if (++data_syncs == fail_sync) {
      errno = EIO;
      return -1;
    }
    return FileCalls::fdatasync(descriptor);
  }
  int fsync(int descriptor) override {
    ++syncs;
    return FileCalls::fsync(descriptor);
  }
  int rename(const char* from, const char* to) override {
    ++renames;
    return FileCalls::rename(from, to);
  }
};

class McapFiles : public testing::TestWithParam<McapWriter::Compression> {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("gyre_mcap_" + std::to_string(getpid()));
  std::filesystem::path file_ = folder_ / "a.mcap", other_ = folder_ / "b.mcap";
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Bytes whole() {
    McapWriter writer(file_, GetParam());
    write_sample(writer);
    writer.close();
    return read_bytes(file_);
  }
};

}  // namespace gyre::io::mcap_testing
