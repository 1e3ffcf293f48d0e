// Journals of Gyre 0.1, their records' checksums made to match.
#include <zlib.h>

#include <cstring>

#include "gyre/data/old_journal.h"
#include "tests/fuzz/fuzz.h"

using namespace gyre;

namespace {

constexpr size_t kMagic = 8, kHeader = 9;  // length, CRC, type

std::string with_checksums(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  for (size_t at = kMagic; at + kHeader <= size;) {
    uint32_t length = 0;
    std::memcpy(&length, data + at, 4);
    if (size - at - kHeader < length) break;
    const auto crc = static_cast<uint32_t>(crc32(0, data + at + 8, length + 1));
    std::memcpy(bytes.data() + at + 4, &crc, 4);
    at += kHeader + length;
  }
  return bytes;
}

void read(const uint8_t* data, size_t size) {
  const fuzz::MemoryFile file(data, size);
  fuzz::reject([&] {
    data::OldJournalReader reader(file.path());
    while (reader.next()) {
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  read(data, size);
  const std::string mended = with_checksums(data, size);
  read(reinterpret_cast<const uint8_t*>(mended.data()), mended.size());
  return 0;
}

std::vector<std::string> fuzz_seeds() { return {fuzz::text_of("tests/journals/gyre_0.1.journal")}; }
