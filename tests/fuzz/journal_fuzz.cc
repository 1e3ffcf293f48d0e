// Journal files behind the checksums of their chunks, and single messages: an input that begins as
// an MCAP file is one, any other is a message of the kind that its first byte names, or a packet of
// video.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

#include "gyre/data/journal_rows.h"
#include "gyre/data/journal_testing.h"
#include "gyre/data/journal_video.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mcap_checksums.h"

using namespace gyre;
using data::Decoded;

namespace {

constexpr size_t kMaxChunkBytes = size_t{64} << 20;
constexpr int kKinds = static_cast<int>(RecordKind::kStep) + 1;
const std::map<std::string, std::string> kMetadata = {{"camera", "1"}, {"unix_offset_ns", "-5"}};

void read(const std::filesystem::path& file) {
  fuzz::reject([&] {
    data::JournalReader reader(file);
    data::RowBuilder rows;
    for (Record record; reader.next(record);) rows.take(record);
    for (const data::JournalLoss& loss : reader.losses()) static_cast<void>(loss.text());
  });
}

void read_file(const uint8_t* bytes, size_t size) {
  const fuzz::MemoryFile as_it_is(bytes, size);
  read(as_it_is.path());
  const std::string mended = fuzz::with_checksums(bytes, size, kMaxChunkBytes);
  const fuzz::MemoryFile file(reinterpret_cast<const uint8_t*>(mended.data()), mended.size());
  read(file.path());
}

Decoded decode(RecordKind kind, std::span<const uint8_t> bytes, Record& record) {
  const data::JournalTopic topic =
      data::journal_topic(kind, data::testing::small_embodiment(), 1, 0);
  bool repeat = false;
  return data::decode_record({topic.schema, kMetadata, 7, 1'000, bytes}, data::Pixels::kDecoded,
                             record, repeat);
}

// What was decoded once is written and decoded without another change.
void decode_message(RecordKind kind, std::span<const uint8_t> bytes) {
  Record record, again;
  if (decode(kind, bytes, record) != Decoded::kRecord || kind == RecordKind::kPicture) return;
  const Embodiment contract = data::testing::small_embodiment();
  std::vector<uint8_t> first, second;
  data::encode_record(record, contract, 0, false, first);
  if (decode(kind, first, again) != Decoded::kRecord) throw std::logic_error("cannot be read back");
  data::encode_record(again, contract, 0, false, second);
  if (first != second) throw std::logic_error("is not the same when it is read back");
}

// Twice: the second is decoded where it refers to the first.
void decode_packet(std::span<const uint8_t> bytes) {
  const data::JournalTopic topic = data::video_topic(data::testing::small_embodiment(), 1, 0);
  data::VideoStreams streams;
  for (const uint32_t id : {7, 8}) {
    Record record;
    bool repeat = false;
    const Decoded decoded = data::decode_record({topic.schema, kMetadata, id, 1'000, bytes},
                                                data::Pixels::kDecoded, record, repeat);
    if (decoded == Decoded::kRecord) streams.take(1, record.picture.picture, true);
  }
}

std::string packet_seed() {
  const data::testing::SpanOptions span;
  Record record =
      data::testing::picture_record(3, 4, 1, {data::testing::moving_square(132, 16, 2), 5, 6});
  std::vector<uint8_t> packet, bytes = {static_cast<uint8_t>(kKinds)};
  data::VideoTracks().encode(span.contract.cameras[1], 1, *record.picture.picture, 0, packet);
  data::encode_video(record, span.contract, 0, packet, bytes);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  if (data[0] == io::mcap::kMagic[0]) {
    read_file(data, size);
  } else if (data[0] % (kKinds + 1) == kKinds) {
    decode_packet({data + 1, size - 1});
  } else {
    decode_message(static_cast<RecordKind>(data[0] % (kKinds + 1)), {data + 1, size - 1});
  }
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const data::testing::TemporaryFolder folder;
  data::testing::SpanOptions span{.steps = 2};
  span.contract.cameras = {{"front", 16, 10, "fixed"}, {"wrist", 16, 10, "hand"}};
  const std::vector<Record> tape = data::testing::small_span(span);
  data::testing::write_one_file(folder / "a.mcap", tape);
  std::ifstream in(folder / "a.mcap", std::ios::binary);
  std::vector<std::string> seeds = {{std::istreambuf_iterator<char>(in), {}}};
  std::map<RecordKind, std::string> messages;
  for (const Record& record : tape) {
    std::vector<uint8_t> bytes = {static_cast<uint8_t>(record.kind)};
    data::encode_record(record, span.contract, 0, false, bytes);
    messages[record.kind] = {bytes.begin(), bytes.end()};
  }
  for (const auto& [kind, message] : messages) seeds.push_back(message);
  seeds.push_back(packet_seed());
  return seeds;
}
