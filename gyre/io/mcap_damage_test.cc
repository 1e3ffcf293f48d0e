#include <gmock/gmock.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <set>

#include "gyre/core/testing.h"
#include "gyre/io/mcap_repair.h"
#include "gyre/io/mcap_testing.h"

namespace gyre::io {
namespace {

using namespace mcap_testing;
using testing::HasSubstr;

class McapDamageOfEach : public McapFiles {};
INSTANTIATE_TEST_SUITE_P(Each, McapDamageOfEach,
                         testing::Values(McapWriter::Compression::kNone,
                                         McapWriter::Compression::kZstd));

TEST_P(McapDamageOfEach, ACutAnywhereCostsOnlyTheTornChunk) {
  const Bytes bytes = whole();
  const std::vector<Row> rows = content_of(file_).rows;
  const std::vector<size_t> chunks = places_of(bytes, Opcode::kChunk);
  for (size_t cut = 8; cut < bytes.size(); ++cut) {
    const MemoryFile torn_file(View(bytes).first(cut));
    const Content content = content_of(torn_file.path());
    size_t readable = 0;
    bool torn = false;
    for (const size_t chunk : chunks) {
      readable += end_of_record(bytes, chunk) <= cut;
      torn |= chunk < cut && cut < end_of_record(bytes, chunk);
    }
    ASSERT_EQ(content.statistics.chunks, readable) << "cut at " << cut;
    ASSERT_TRUE(std::equal(content.rows.begin(), content.rows.end(), rows.begin())) << cut;
    ASSERT_EQ(content.rows.size(), readable * kPerChunk) << cut;
    ASSERT_FALSE(content.statistics.complete) << cut;
    if (!torn) continue;
    ASSERT_EQ(content.statistics.losses.size(), 1) << cut;
    const McapLoss& loss = content.statistics.losses[0];
    ASSERT_EQ(loss.end, cut);
    ASSERT_EQ(loss.last_good_ns.has_value(), readable > 0);
    if (readable > 0) {
      ASSERT_EQ(*loss.last_good_ns, content.rows.back().log_time_ns);
    }
    ASSERT_FALSE(loss.next_good_ns);
  }
}

TEST_P(McapDamageOfEach, AChangedByteCostsAtMostItsChunk) {
  const Bytes bytes = whole();
  const Content good = content_of(file_);
  const std::set<Row> written(good.rows.begin(), good.rows.end());
  const std::set<int> few = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff};
  std::set<size_t> all_of_it;  // opcodes
  for (const auto& [at, opcode] : records_of(bytes)) all_of_it.insert(at);
  for (const bool torn : {false, true}) {
    const size_t size = torn ? places_of(bytes, Opcode::kDataEnd)[0] : bytes.size();
    MemoryFile damaged(View(bytes).first(size));
    for (size_t at = 0; at < size; ++at) {
      for (int change = 1; change < 256; ++change) {
        if (!all_of_it.contains(at) && !few.contains(change)) continue;
        damaged.put(at, static_cast<uint8_t>(bytes[at] ^ change));
        const Content content = content_of(damaged.path());
        const auto where = [&] { return std::to_string(at) + " ^ " + std::to_string(change); };
        for (const Row& row : content.rows) ASSERT_TRUE(written.contains(row)) << where();
        ASSERT_GE(content.rows.size() + kPerChunk, good.rows.size()) << where();
        ASSERT_LE(content.rows.size(), good.rows.size()) << where();
        if (content.rows.size() < good.rows.size() || content.attachments != good.attachments) {
          ASSERT_EQ(content.statistics.losses.size(), 1) << where();
          ASSERT_LE(content.statistics.losses[0].begin, at) << where();
          ASSERT_GT(content.statistics.losses[0].end, at) << where();
        }
      }
      damaged.put(at, bytes[at]);
    }
  }
}

TEST_P(McapDamageOfEach, ALossSaysWhereAndWhen) {
  Bytes bytes = whole();
  const std::vector<size_t> chunks = places_of(bytes, Opcode::kChunk);
  bytes[end_of_record(bytes, chunks[1]) - 3] ^= 0x10;
  put_file(other_, bytes);
  const Content content = content_of(other_);
  EXPECT_EQ(content.rows.size(), 2 * kPerChunk);
  ASSERT_EQ(content.statistics.losses.size(), 1);
  const McapLoss& loss = content.statistics.losses[0];
  EXPECT_EQ(loss.begin, chunks[1]);
  EXPECT_EQ(loss.end, end_of_record(bytes, chunks[1]));
  EXPECT_EQ(loss.last_good_ns, kStart + 3'000);
  EXPECT_EQ(loss.next_good_ns, kStart + 8'000);
  EXPECT_THAT(loss.reason, HasSubstr("a chunk's"));
}

TEST_P(McapDamageOfEach, AHoleOfZerosCostsWhatItCovers) {
  Bytes bytes = whole();
  const std::vector<size_t> chunks = places_of(bytes, Opcode::kChunk);
  const auto begin = bytes.begin();
  std::fill(begin + static_cast<long>(chunks[1]), begin + static_cast<long>(chunks[2]), uint8_t{0});
  put_file(other_, bytes);
  const Content content = content_of(other_);
  EXPECT_EQ(content.rows.size(), 2 * kPerChunk);
  ASSERT_EQ(content.statistics.losses.size(), 1);
  EXPECT_EQ(content.statistics.losses[0].begin, chunks[1]);
  EXPECT_EQ(content.statistics.losses[0].end, chunks[2]);
}

class McapDamage : public McapFiles {
 protected:
  // Messages read from a file with `middle` between two good chunks.
  Content around(const std::function<void(Bytes&)>& middle, McapReadOptions options = {}) {
    Bytes file = begun_file();
    put_good_chunk(file, 1);
    middle(file);
    put_good_chunk(file, 2);
    put_file(file_, file);
    return content_of(file_, options);
  }
  static void expect_only_the_middle_lost(const Content& content, const std::string& reason) {
    EXPECT_EQ(content.rows.size(), 2);
    ASSERT_EQ(content.statistics.losses.size(), 1);
    EXPECT_THAT(content.statistics.losses[0].reason, HasSubstr(reason));
  }
};
INSTANTIATE_TEST_SUITE_P(Once, McapDamage, testing::Values(McapWriter::Compression::kNone));

TEST_P(McapDamage, HugeLengthsTakeNoMemory) {
  constexpr uint64_t kHuge = uint64_t{1} << 63;
  const Bytes records = chunk_records(9);
  const Bytes good_chunk = [&] {
    Bytes bytes;
    put_chunk(bytes, records.size(), mcap::crc32_of(records) + 1, "zstd", records);
    return bytes;
  }();
  // Offsets of the lengths: of the record, uncompressed, of the compression's name, of the records.
  for (const size_t at : {size_t{1}, size_t{9 + 16}, size_t{9 + 28}, size_t{9 + 28 + 8}}) {
    for (const uint64_t length : {kHuge, kHuge - 1, ~uint64_t{0}, uint64_t{0}}) {
      const Content content = around([&](Bytes& file) {
        Bytes chunk = good_chunk;
        std::memcpy(chunk.data() + at, &length, at == 9 + 28 ? 4 : 8);
        mcap::put_bytes(file, chunk);
      });
      EXPECT_EQ(content.rows.size(), 2) << at;
      EXPECT_EQ(content.statistics.losses.size(), 1) << at;
    }
  }
}

TEST_P(McapDamage, ZstdThatGrowsTooLargeIsRefused) {
  const Bytes zeros(size_t{8} << 20, 0);
  Bytes bomb(ZSTD_compressBound(zeros.size()));
  bomb.resize(ZSTD_compress(bomb.data(), bomb.size(), zeros.data(), zeros.size(), 1));
  const uint32_t crc = mcap::crc32_of(zeros);
  const McapReadOptions tight{.max_chunk_bytes = size_t{1} << 20};
  const auto with_size = [&](uint64_t size) {
    return [&, size](Bytes& file) { put_chunk(file, size, crc, "zstd", bomb); };
  };
  expect_only_the_middle_lost(around(with_size(zeros.size()), tight), "at most 1048576 are read");
  expect_only_the_middle_lost(around(with_size(1000), tight), "larger than the chunk says");
  expect_only_the_middle_lost(around(with_size(zeros.size() + 1)), "shorter than the chunk says");
}

TEST_P(McapDamage, ZstdWithoutItsSizeIsBoundedByTheChunks) {
  const Bytes zeros(size_t{1} << 20, 0);
  Bytes bomb(ZSTD_compressBound(zeros.size()));
  ZSTD_CCtx* compressor = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(compressor, ZSTD_c_contentSizeFlag, 0);
  bomb.resize(ZSTD_compress2(compressor, bomb.data(), bomb.size(), zeros.data(), zeros.size()));
  ZSTD_freeCCtx(compressor);
  const auto bombed = [&](Bytes& file) {
    put_chunk(file, 1000, mcap::crc32_of(zeros), "zstd", bomb);
  };
  expect_only_the_middle_lost(around(bombed), "zstd data is damaged");
}

TEST_P(McapDamage, ARecordInAChunkThatReachesPastItCostsTheChunk) {
  const auto checked = [](Bytes& file, const Bytes& records) {
    put_chunk(file, records.size(), mcap::crc32_of(records), "", records);
  };
  Bytes past = chunk_records(9);
  past[1] = 0xff;  // the first record's length
  expect_only_the_middle_lost(around([&](Bytes& file) { checked(file, past); }), "malformed");
  Bytes text = chunk_records(9);
  text[mcap::kPrefixBytes + 7] = 0x80;  // the topic's length
  expect_only_the_middle_lost(around([&](Bytes& file) { checked(file, text); }), "malformed");
  Bytes unknown;
  mcap::put_record(unknown, Opcode::kMessage, Bytes(mcap::kMessageBytes, 0x77));
  expect_only_the_middle_lost(around([&](Bytes& file) { checked(file, unknown); }),
                              "nothing describes");
}

TEST_P(McapDamage, RecordsOfLaterVersionsArePassedOver) {
  const Content content = around([](Bytes& file) {
    mcap::put_record(file, static_cast<Opcode>(0x55), filled(40, 3));
    mcap::put_record(file, static_cast<Opcode>(0x99), filled(0, 0));
  });
  EXPECT_EQ(content.rows.size(), 2);
  EXPECT_TRUE(content.statistics.losses.empty());
}

TEST_P(McapDamage, MessagesOutsideOfChunksAreReadAndRepaired) {
  const Content content = around([](Bytes& file) { mcap::put_bytes(file, chunk_records(5)); });
  EXPECT_EQ(content.rows.size(), 3);
  EXPECT_TRUE(content.statistics.losses.empty());
  repair_mcap(file_, other_);
  EXPECT_EQ(content_of(other_).rows, content.rows);
}

TEST_P(McapDamage, ALostDescriptionIsTakenFromTheSummary) {
  // Another program's file: the second chunk leans on the first for its channel.
  Bytes file = begun_file();
  mcap::Summary summary;
  summary.channel(1, mcap::channel_body({1, "topic", "json", {}, nullptr}));
  const size_t first = file.size();
  put_good_chunk(file, 1);
  Bytes message;
  mcap::put_record(message, Opcode::kMessage, [] {
    Bytes body(mcap::kMessageBytes + 3, 0);
    body[0] = 1;
    return body;
  }());
  put_chunk(file, message.size(), mcap::crc32_of(message), "", message);
  mcap::put_bytes(file, summary.end_of_file(file.size(), 0));
  file[first + 70] ^= 1;
  put_file(file_, file);
  const Content content = content_of(file_);
  ASSERT_EQ(content.rows.size(), 1);
  EXPECT_EQ(content.rows[0].topic, "topic");
  EXPECT_EQ(content.statistics.losses.size(), 1);
  repair_mcap(file_, other_);
  put_file(file_, View(read_bytes(other_)).first(read_bytes(other_).size() - 1));
  EXPECT_EQ(content_of(file_).rows, content.rows);  // also without a summary to lean on
}

TEST_P(McapDamage, OtherFilesAreErrors) {
  const auto opened = [&](std::string_view text) {
    put_file(file_, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    return message_of([&] { McapReader reader(file_); });
  };
  EXPECT_THAT(opened(""), HasSubstr("a.mcap: is empty"));
  EXPECT_THAT(opened("\x89MCA"), HasSubstr("a.mcap: is not an MCAP file"));
  EXPECT_THAT(opened("{\"version\": 3, \"steps\": []}"), HasSubstr("a.mcap: is not an MCAP file"));
  EXPECT_THAT(message_of([&] { McapReader reader(folder_ / "none"); }), HasSubstr("No such file"));
  EXPECT_THAT(message_of([&] { McapReader reader(folder_); }), HasSubstr("is not a file"));
}

TEST_P(McapDamage, TheWriterRefusesWhatItsFileCannotHold) {
  McapWriter writer(file_);
  EXPECT_THAT(message_of([&] { writer.message(1, 0, 0, 0, {}); }), HasSubstr("no channel 1"));
  EXPECT_THAT(message_of([&] { writer.add_channel("t", "json", 1); }), HasSubstr("unknown schema"));
}

}  // namespace
}  // namespace gyre::io
