#include "gyre/data/journal_reader.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "gyre/core/testing.h"
#include "gyre/data/journal_testing.h"
#include "gyre/io/mcap_testing.h"
#include "tests/source_dir.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using io::mcap_testing::MemoryFile;
using ::testing::AllOf;
using testing::difference;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::read_journal;
using testing::ReadJournal;
using testing::small_span;
using testing::SpanOptions;
using testing::TemporaryFolder;
using testing::write_span;

class JournalReading : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  fs::path journal_ = folder_ / "j";

  fs::path write(int64_t number, int steps) {
    JournalFolder journal(journal_, JournalFolder::Mode::kContinue);
    write_span(journal, small_span({.number = number, .steps = steps}));
    return journal_ / ("00000" + std::to_string(number) + ".mcap");
  }
  static void flip(const fs::path& file, size_t at) {
    std::vector<uint8_t> bytes = io::read_bytes(file);
    bytes.at(at) ^= 0x10;
    io::OutputFile(file).write(bytes);
  }
};

// The records of the tape whose times are outside of [from, to], in seconds after its begin.
std::vector<Record> without(const std::vector<Record>& tape, double from, double to) {
  std::vector<Record> rest;
  for (const Record& record : tape) {
    const double time_s = static_cast<double>(record.time_ns - SpanOptions().begin_ns) * 1e-9;
    if (time_s < from || time_s > to) rest.push_back(record);
  }
  return rest;
}

TEST_F(JournalReading, ADamagedChunkCostsItselfAndIsToldWithItsTimes) {
  const fs::path file = write(0, 8);  // chunks of 0.3 s
  const std::vector<Record> tape = small_span({.steps = 8});
  const std::vector<uint8_t> whole = io::read_bytes(file);
  const auto chunks = io::mcap_testing::places_of(whole, io::mcap::Opcode::kChunk);
  ASSERT_EQ(chunks.size(), 3);
  const struct {
    double from, to;
    const char* when;
  } cases[] = {{0, 0.25, "before 5.300 s"},
               {0.25, 0.55, "between 5.200 s and 5.600 s"},
               {0.55, 9, "after 5.500 s"}};
  for (size_t i = 0; i < 3; ++i) {
    std::vector<uint8_t> damaged = whole;
    damaged[chunks[i] + 200] ^= 1;
    io::OutputFile(file).write(damaged);
    const ReadJournal read = read_journal(file);
    EXPECT_EQ(difference(without(tape, cases[i].from, cases[i].to), read.records), "");
    ASSERT_EQ(read.losses.size(), 1);
    EXPECT_EQ(read.losses[0].begin, chunks[i]);
    EXPECT_THAT(read.losses[0].text(),
                AllOf(HasSubstr("000000.mcap: "),
                      HasSubstr(" bytes from " + std::to_string(chunks[i]) + " on are lost"),
                      HasSubstr(cases[i].when)));
    EXPECT_EQ(io::read_bytes(file), damaged) << "reading changes nothing";
  }
}

TEST_F(JournalReading, ACutAnywhereCostsTheEndAlone) {
  SpanOptions small{.steps = 4};
  small.contract.cameras.clear();
  const std::vector<Record> tape = small_span(small);
  JournalFolder journal(journal_, JournalFolder::Mode::kCreate);
  write_span(journal, tape);
  const std::vector<uint8_t> whole = io::read_bytes(journal_ / "000000.mcap");
  const auto chunks = io::mcap_testing::places_of(whole, io::mcap::Opcode::kChunk);
  const size_t first_end = io::mcap_testing::end_of_record(whole, chunks.front());
  for (size_t size = 0; size < whole.size(); size += 5) {  // at every byte: io/mcap_damage_test.cc
    const MemoryFile cut(io::mcap::View(whole).first(size));
    if (size < first_end) {
      EXPECT_NE(message_of([&] { read_journal(cut.path()); }), "") << size;
      continue;
    }
    const ReadJournal read = read_journal(cut.path());
    ASSERT_LE(read.records.size(), tape.size());
    for (size_t i = 0; i < read.records.size(); ++i) {
      ASSERT_EQ(read.records[i].kind, tape[i].kind) << size;
      ASSERT_EQ(read.records[i].time_ns, tape[i].time_ns) << size;
    }
  }
}

TEST_F(JournalReading, ADamagedFileInAFolderCostsItself) {
  write(0, 3);
  io::write_atomically(journal_ / "000001.mcap", "");
  io::write_atomically(journal_ / "000002.mcap", "this is no journal at all");
  write(3, 4);
  const ReadJournal read = read_journal(journal_);
  std::vector<Record> both = small_span({.number = 0, .steps = 3});
  const std::vector<Record> more = small_span({.number = 3, .steps = 4});
  both.insert(both.end(), more.begin(), more.end());
  EXPECT_EQ(difference(both, read.records), "");
  ASSERT_EQ(read.losses.size(), 2);
  EXPECT_THAT(read.losses[0].text(), AllOf(HasSubstr("000001.mcap"), HasSubstr("is empty")));
  EXPECT_THAT(read.losses[1].text(), AllOf(HasSubstr("000002.mcap"), HasSubstr("not an MCAP")));
}

TEST_F(JournalReading, AMalformedMessageCostsItself) {
  const std::vector<Record> tape = small_span({.steps = 4});
  const fs::path file = folder_ / "one.mcap";
  const auto is_damaged = [](const Record& record) {
    return record.kind == RecordKind::kStep && (record.tick == 1 || record.tick == 2);
  };
  testing::write_one_file(file, tape, [&](const Record& record, std::vector<uint8_t>& bytes) {
    if (is_damaged(record)) bytes.pop_back();
  });
  std::vector<Record> kept;
  std::ranges::copy_if(tape, std::back_inserter(kept), std::not_fn(is_damaged));
  const ReadJournal read = read_journal(file);
  EXPECT_EQ(difference(kept, read.records), "");
  ASSERT_EQ(read.losses.size(), 1);
  EXPECT_THAT(read.losses[0].text(),
              AllOf(HasSubstr("messages are lost between 5.100 s and 5.200 s"),
                    HasSubstr("a message on /step is malformed")));
}

TEST_F(JournalReading, OnlyTheKindsThatAreAskedForComeOut) {
  write(0, 12);
  JournalReader reader(journal_, {.kinds = {RecordKind::kHeader, RecordKind::kRequest}});
  std::vector<RecordKind> kinds;
  for (Record record; reader.next(record);) kinds.push_back(record.kind);
  EXPECT_THAT(kinds, ElementsAre(RecordKind::kHeader, RecordKind::kRequest, RecordKind::kRequest,
                                 RecordKind::kRequest));
}

TEST_F(JournalReading, OtherFilesAreRefused) {
  fs::create_directory(journal_);
  EXPECT_THAT(message_of([&] { JournalReader{journal_}; }), HasSubstr("holds no journal file"));
  EXPECT_THAT(message_of([&] { JournalReader{journal_ / "none.mcap"}; }),
              HasSubstr("none.mcap: cannot read: No such file or directory"));
  io::write_atomically(journal_ / "a.mcap", "");
  EXPECT_THAT(message_of([&] { JournalReader{journal_}; }), HasSubstr("a.mcap: is empty"));
  {
    io::McapWriter writer(journal_ / "a.mcap");
    writer.message(writer.add_channel("/note", "json", 0), 0, 1, 1, std::vector<uint8_t>{'{', '}'});
    writer.close();
  }
  EXPECT_THAT(message_of([&] { JournalReader{journal_}; }), HasSubstr("of another program"));
  { io::McapWriter(journal_ / "a.mcap").close(); }
  EXPECT_THAT(message_of([&] { JournalReader{journal_}; }), HasSubstr("holds no whole record"));
}

// Written by the first program with this format: later ones add fields, and read it all the same.
TEST_F(JournalReading, TheFirstFileOfThisFormatIsStillRead) {
  SpanOptions first{.number = 3, .seed = 7, .steps = 2};
  first.contract.cameras = {{"front", 16, 12, "fixed"}, {"wrist", 24, 16, "hand"}};
  first.start_state = "a saved state";
  const ReadJournal read = read_journal(source_dir() / "tests/journals/first.mcap");
  EXPECT_EQ(difference(small_span(first), read.records), "");
  EXPECT_TRUE(read.losses.empty());
}

TEST_F(JournalReading, PicturesNeedNotBeDecoded) {
  const ReadJournal read = read_journal(write(0, 2), {.pixels = Pixels::kNone});
  for (const Record& record : read.records) {
    if (record.kind != RecordKind::kPicture) continue;
    EXPECT_TRUE(record.picture.picture->image.rgb.empty());
    EXPECT_EQ(record.picture.picture->time_ns, record.time_ns - 7'000'000);
  }
  EXPECT_EQ(read.records.size(), small_span({.steps = 2}).size());
}

}  // namespace
}  // namespace gyre::data
