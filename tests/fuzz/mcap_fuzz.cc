#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "gyre/io/mcap_read.h"
#include "gyre/io/mcap_repair.h"
#include "gyre/io/mcap_write.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

namespace {

const io::McapReadOptions kOptions{.max_chunk_bytes = size_t{16} << 20};

class NoSync : public io::FileCalls {
 public:
  int fsync(int /*descriptor*/) override { return 0; }
};

std::filesystem::path temporary_file() {
  return std::filesystem::temp_directory_path() / ("mcap_fuzz_" + std::to_string(getpid()));
}

uint64_t messages_of(const std::filesystem::path& file) {
  uint64_t messages = 0;
  fuzz::reject([&] {
    io::McapReader reader(file, kOptions);
    for (io::McapMessage message; reader.next(message);) messages += message.channel != nullptr;
    (void)reader.statistics();
  });
  return messages;
}

// Changes get past the CRCs: those of chunks whose lengths still hold are made to match.
std::string with_crcs(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  io::mcap::ChunkDecoder decoder(kOptions.max_chunk_bytes);
  size_t at = io::mcap::kMagic.size();
  while (at + io::mcap::kPrefixBytes < size) {
    io::mcap::Cursor cursor(io::mcap::View(data, size).subspan(at));
    const auto record = io::mcap::next_record(cursor);
    if (!record) break;
    const auto chunk = io::mcap::parse_chunk(record->body);
    if (record->opcode == io::mcap::Opcode::kChunk && chunk) {
      io::mcap::ChunkHeader unchecked = *chunk;
      unchecked.uncompressed_crc = 0;
      if (const auto records = decoder.open(unchecked, false)) {
        const uint32_t crc = io::mcap::crc32_of(*records);
        std::memcpy(bytes.data() + at + io::mcap::kPrefixBytes + 24, &crc, sizeof(crc));
      }
    }
    at += io::mcap::kPrefixBytes + record->body.size();
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile as_it_is(data, size);
  messages_of(as_it_is.path());
  const std::string mended = with_crcs(data, size);
  const fuzz::MemoryFile file(reinterpret_cast<const uint8_t*>(mended.data()), mended.size());
  const uint64_t messages = messages_of(file.path());
  // A repaired file is complete and says the same.
  fuzz::reject([&] {
    NoSync calls;
    io::repair_mcap(file.path(), temporary_file(), calls);
    io::McapReader reader(temporary_file(), kOptions);
    uint64_t kept = 0;
    for (io::McapMessage message; reader.next(message);) ++kept;
    const io::McapStatistics statistics = reader.statistics();
    if (!statistics.complete || !statistics.losses.empty() || kept != messages) {
      throw std::logic_error("a repaired file is not whole");
    }
  });
  std::filesystem::remove(temporary_file());
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const std::filesystem::path file = temporary_file();
  std::vector<std::string> seeds;
  for (const auto compression :
       {io::McapWriter::Compression::kNone, io::McapWriter::Compression::kZstd}) {
    io::McapWriter writer(file, compression);
    const std::vector<uint8_t> bytes(40, 7);
    const uint16_t schema = writer.add_schema("Step", "protobuf", bytes);
    const uint16_t step = writer.add_channel("step", "protobuf", schema, {{"robot", "arm"}});
    const uint16_t note = writer.add_channel("note", "json", 0);
    for (uint32_t i = 0; i < 6; ++i) {
      writer.message(i % 3 == 0 ? note : step, i, 1000 + i, 1000 + i, bytes);
      if (i % 2 == 1) writer.end_chunk();
    }
    writer.attachment(1, 2, "a.txt", "text/plain", bytes);
    writer.close();
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  std::filesystem::remove(file);
  return seeds;
}
