#include <gmock/gmock.h>

#include "gyre/core/testing.h"
#include "gyre/io/mcap_repair.h"
#include "gyre/io/mcap_testing.h"

namespace gyre::io {
namespace {

using namespace mcap_testing;
using testing::HasSubstr;

class Mcap : public McapFiles {};
INSTANTIATE_TEST_SUITE_P(Each, Mcap,
                         testing::Values(McapWriter::Compression::kNone,
                                         McapWriter::Compression::kZstd));

TEST_P(Mcap, RoundTrip) {
  McapWriter writer(file_, GetParam());
  write_sample(writer);
  EXPECT_EQ(writer.chunk_bytes(), 0);
  writer.close();
  const Content content = content_of(file_);
  ASSERT_EQ(content.rows.size(), kChunks * kPerChunk);
  const Row first{"step", "protobuf", "gyre.Step", "left", 0, kStart, kStart + 5, filled(12, 0)};
  const Row last{"note", "json", "", "", 11, kStart + 11'000, kStart + 11'005, filled(23, 11)};
  EXPECT_EQ(content.rows.front(), first);
  EXPECT_EQ(content.rows.back(), last);
  EXPECT_EQ(content.statistics.messages, writer.message_counts());
  EXPECT_EQ(content.statistics.messages,
            (std::map<std::string, uint64_t>{{"note", 3}, {"step", 9}}));
  EXPECT_EQ(content.statistics.chunks, kChunks);
  EXPECT_TRUE(content.statistics.complete);
  EXPECT_TRUE(content.statistics.losses.empty());
  EXPECT_EQ(content.attachments, std::vector<std::string>{"ahov}\x84\x8b\x92\x99"});
}

TEST_P(Mcap, AFileWithoutMessagesIsComplete) {
  McapWriter(file_, GetParam()).close();
  const Content content = content_of(file_);
  EXPECT_TRUE(content.rows.empty());
  EXPECT_TRUE(content.statistics.complete);
  EXPECT_TRUE(content.statistics.losses.empty());
}

TEST_P(Mcap, WithoutCloseTheEndedChunksAreThere) {
  {
    McapWriter writer(file_, GetParam());
    write_sample(writer);
    writer.message(1, 99, kStart, kStart, filled(5, 5));  // of a chunk that is never ended
    EXPECT_GT(writer.chunk_bytes(), 5);
  }
  const Content content = content_of(file_);
  EXPECT_EQ(content.rows.size(), kChunks * kPerChunk);
  EXPECT_FALSE(content.statistics.complete);
  EXPECT_TRUE(content.statistics.losses.empty());
}

TEST_P(Mcap, EachChunkStandsAlone) {
  const Bytes bytes = whole();
  const std::vector<Row> rows = content_of(file_).rows;
  const std::vector<size_t> chunks = places_of(bytes, Opcode::kChunk);
  ASSERT_EQ(chunks.size(), kChunks);
  for (size_t i = 0; i < kChunks; ++i) {
    Bytes alone = begun_file();
    mcap::put_bytes(alone,
                    View(bytes).subspan(chunks[i], end_of_record(bytes, chunks[i]) - chunks[i]));
    put_file(other_, alone);
    const std::vector<Row> want(rows.begin() + static_cast<long>(i * kPerChunk),
                                rows.begin() + static_cast<long>((i + 1) * kPerChunk));
    EXPECT_EQ(content_of(other_).rows, want);
  }
}

TEST_P(Mcap, AChunkIsOneWrite) {
  FailingCalls calls;
  McapWriter writer(file_, GetParam(), calls);
  write_sample(writer);
  EXPECT_EQ(calls.writes, 1 + kChunks + 1);  // header, chunks, attachment
  writer.sync();
  EXPECT_EQ(calls.data_syncs, 1);
  EXPECT_EQ(calls.syncs, 1);  // the folder
  writer.sync();
  EXPECT_EQ(calls.syncs, 1);
  writer.close();
  EXPECT_EQ(calls.writes, 1 + kChunks + 1 + 1);
  EXPECT_EQ(calls.syncs, 3);  // file and folder
}

TEST_P(Mcap, AFullDiskLeavesWholeChunksAndSaysSo) {
  for (int failing = 2; failing <= 6;
       ++failing) {  // the first write is the header, the last the summary
    FailingCalls calls;
    calls.fail_write = failing;
    {
      McapWriter writer(file_, GetParam(), calls);
      const std::string message = message_of([&] {
        write_sample(writer);
        writer.close();
      });
      EXPECT_THAT(message, HasSubstr("a.mcap: cannot write: No space left on device; make room"));
      EXPECT_EQ(calls.truncations, 1);
      EXPECT_EQ(std::filesystem::file_size(file_), writer.file_bytes());
      EXPECT_THAT(message_of([&] { writer.message(1, 0, 0, 0, {}); }), HasSubstr("another file"));
      EXPECT_THAT(message_of([&] { writer.close(); }), HasSubstr("another file"));
    }
    EXPECT_EQ(calls.writes, failing + 1);  // half of it was taken, then none; nothing came after
    const Content content = content_of(file_);
    EXPECT_TRUE(content.statistics.losses.empty());
    EXPECT_FALSE(content.statistics.complete);
    EXPECT_EQ(content.rows.size(), kPerChunk * (failing <= 3 ? failing - 2 : failing - 3));
  }
}

TEST_P(Mcap, AFailedSyncIsAnError) {
  FailingCalls calls;
  calls.fail_sync = 1;
  McapWriter writer(file_, GetParam(), calls);
  write_sample(writer);
  EXPECT_THAT(message_of([&] { writer.sync(); }), HasSubstr("a.mcap: cannot write"));
  EXPECT_THAT(message_of([&] { writer.close(); }), HasSubstr("another file"));
}

TEST_P(Mcap, RepairMakesACompleteFile) {
  const Bytes bytes = whole();
  const std::vector<Row> rows = content_of(file_).rows;
  const std::vector<size_t> chunks = places_of(bytes, Opcode::kChunk);
  Bytes torn(bytes.begin(), bytes.begin() + static_cast<long>(chunks[2] + 40));
  torn[chunks[0] + 60] ^= 1;
  put_file(file_, torn);
  FailingCalls calls;
  const McapRepair repair = repair_mcap(file_, other_, calls);
  EXPECT_EQ(calls.renames, 1);
  EXPECT_EQ(repair.chunks, 1);
  EXPECT_EQ(repair.attachments, 1);
  EXPECT_EQ(repair.messages, (std::map<std::string, uint64_t>{{"note", 1}, {"step", 3}}));
  EXPECT_EQ(repair.losses.size(), 2);
  EXPECT_FALSE(repair.was_complete);
  EXPECT_EQ(read_bytes(file_), torn);
  const Content content = content_of(other_);
  EXPECT_TRUE(content.statistics.complete);
  EXPECT_TRUE(content.statistics.losses.empty());
  EXPECT_EQ(content.rows, std::vector<Row>(rows.begin() + 4, rows.begin() + 8));
  EXPECT_EQ(content.attachments.size(), 1);
}

TEST_P(Mcap, RepairOfAWholeFileChangesNothing) {
  const Bytes bytes = whole();
  EXPECT_TRUE(repair_mcap(file_, other_).was_complete);
  EXPECT_EQ(read_bytes(other_), bytes);
}

TEST_P(Mcap, RepairThatFailsLeavesNothing) {
  whole();
  FailingCalls calls;
  calls.fail_write = 2;
  EXPECT_THAT(message_of([&] { repair_mcap(file_, other_, calls); }), HasSubstr("No space left"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

}  // namespace
}  // namespace gyre::io
