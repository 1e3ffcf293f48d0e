#include "gyre/data/journal.h"

#include <gmock/gmock.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include <algorithm>

#include "gyre/core/testing.h"
#include "gyre/data/journal_testing.h"
#include "gyre/io/mcap_read.h"
#include "gyre/io/mcap_testing.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using io::mcap_testing::FailingCalls;
using ::testing::AllOf;
using testing::difference;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::read_journal;
using testing::ReadJournal;
using testing::simulated_options;
using testing::small_span;
using testing::SpanOptions;
using testing::TemporaryFolder;
using testing::write_span;
using Mode = JournalFolder::Mode;
using Naming = JournalOptions::Naming;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::path& file : journal_files(folder)) names.push_back(file.filename());
  return names;
}

std::vector<Record> front_of(const std::vector<Record>& tape, size_t count) {
  return {tape.begin(), tape.begin() + static_cast<ptrdiff_t>(count)};
}

std::map<std::string, std::vector<uint8_t>> bytes_in(const fs::path& folder) {
  std::map<std::string, std::vector<uint8_t>> bytes;
  for (const fs::path& file : journal_files(folder)) bytes[file.filename()] = io::read_bytes(file);
  return bytes;
}

// Log times of the first and last message of each chunk, in milliseconds after the span's begin.
std::vector<std::pair<int64_t, int64_t>> chunks_of(const fs::path& file) {
  const io::mcap::MappedFile mapped(file);
  io::mcap::Scanner scanner(mapped.bytes(), io::kMcapMaxChunkBytes);
  std::vector<std::pair<int64_t, int64_t>> chunks;
  const auto ms = [](uint64_t ns) {
    return (static_cast<int64_t>(ns) - SpanOptions().begin_ns) / 1'000'000;
  };
  for (io::mcap::Item item; scanner.next(item);) {
    if (item.opcode != io::mcap::Opcode::kChunk) continue;
    chunks.emplace_back(ms(item.times.first_ns), ms(item.times.last_ns));
  }
  return chunks;
}

TEST(Journal, GivesBackATapeAsItWas) {
  TemporaryFolder folder;
  SpanOptions options{.number = 3, .seed = 7, .steps = 12};
  options.start_state = std::string("\0saved\xff", 7);
  options.contract.control_period_s = 0.05;
  const std::vector<Record> tape = small_span(options);
  JournalFolder journal(folder / "j", Mode::kCreate);
  JournalOptions real = simulated_options();
  real.unix_offset_ns = 1'700'000'000'000'000'000;
  write_span(journal, tape, real);
  const ReadJournal read = read_journal(folder / "j");
  EXPECT_EQ(difference(tape, read.records), "");
  EXPECT_TRUE(read.losses.empty());
  EXPECT_TRUE(std::ranges::all_of(
      read.files, [&](const fs::path& file) { return file == folder / "j" / "000003.mcap"; }));
}

TEST(Journal, IsTheSameBytesForTheSameTape) {
  TemporaryFolder folder;
  for (const char* name : {"a", "b"}) {
    JournalFolder journal(folder / name, Mode::kCreate);
    JournalOptions options = simulated_options();
    options.wall_ns = {};  // the machine's own
    write_span(journal, small_span({.steps = 40}), options);
  }
  EXPECT_EQ(bytes_in(folder / "a"), bytes_in(folder / "b"));
}

TEST(Journal, BeginsAFileWithEachHeader) {
  TemporaryFolder folder;
  std::vector<Record> tape;
  const auto add = [&](int64_t number, bool attempt) {
    const auto span = small_span({.number = number, .steps = 2, .attempt = attempt});
    tape.insert(tape.end(), span.begin(), span.end());
  };
  add(0, false);
  add(4, true);
  add(0, false);
  add(5, true);
  for (const Naming naming : {Naming::kByEpisode, Naming::kInOrder}) {
    JournalFolder journal(folder / std::to_string(static_cast<int>(naming)), Mode::kCreate);
    JournalOptions options = simulated_options();
    options.naming = naming;
    write_span(journal, tape, options);
    const std::vector<std::string> names = names_in(journal.path());
    if (naming == Naming::kByEpisode) {
      EXPECT_THAT(
          names, ElementsAre("000000_idle.mcap", "000004.mcap", "000004_idle.mcap", "000005.mcap"));
    } else {
      EXPECT_THAT(names, ElementsAre("000000.mcap", "000001.mcap", "000002.mcap", "000003.mcap"));
    }
    EXPECT_EQ(difference(tape, read_journal(journal.path()).records), "");
  }
}

TEST(Journal, BeginsAFileWhenOneGetsLong) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  JournalOptions options = simulated_options();
  options.file_ns = 1'000'000'000;
  const std::vector<Record> tape = small_span({.steps = 25});  // 2.5 s
  write_span(journal, tape, options);
  EXPECT_THAT(names_in(journal.path()),
              ElementsAre("000000.mcap", "000000_01.mcap", "000000_02.mcap"));
  EXPECT_EQ(difference(tape, read_journal(journal.path()).records), "");

  // Each file can be understood alone: it repeats the header, the scene's shapes and the goal.
  const auto alone = read_journal(folder / "j" / "000000_01.mcap").records;
  ASSERT_GT(alone.size(), 3);
  EXPECT_TRUE(testing::same(alone[0], tape[0]));
  EXPECT_FALSE(alone[1].get<Scene>().shapes.empty());
  EXPECT_TRUE(testing::same(alone[2], tape[1]));
  const auto steps = std::ranges::count(alone, RecordKind::kStep, &Record::kind);
  EXPECT_EQ(steps, 10);
  // Without the first file, the repeats come out once.
  JournalReader rest({folder / "j" / "000000_01.mcap", folder / "j" / "000000_02.mcap"});
  int headers = 0, goals = 0;
  for (Record record; rest.next(record);) {
    headers += record.kind == RecordKind::kHeader;
    goals += record.kind == RecordKind::kGoal;
  }
  EXPECT_EQ(headers, 1);
  EXPECT_EQ(goals, 1);
}

TEST(Journal, EndsAChunkAfterRobotTime) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  write_span(journal, small_span({.steps = 8}));  // 0.1 s each
  EXPECT_THAT(chunks_of(folder / "j" / "000000.mcap"),
              ElementsAre(std::pair(0, 200), std::pair(300, 500), std::pair(600, 800)));
}

TEST(Journal, EndsAChunkAfterWallTime) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  int64_t wall_ns = 0;
  JournalOptions options = simulated_options();
  options.wall_ns = [&] { return wall_ns; };
  options.simulated = false;
  JournalWriter writer(journal, options);
  for (const Record& record : small_span({.steps = 8, .period_ns = 1})) {
    wall_ns = (record.time_ns - SpanOptions().begin_ns) * 100'000'000;
    writer.take(record);
  }
  writer.end();
  EXPECT_EQ(chunks_of(folder / "j" / "000000.mcap").size(), 3);
}

TEST(Journal, EndsAChunkAtItsLargestSize) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  JournalOptions options = simulated_options();
  options.chunk_ns = 1'000'000'000'000;
  options.chunk_bytes = 30'000;
  const std::vector<Record> tape = small_span({.steps = 40});
  write_span(journal, tape, options);
  const io::mcap::MappedFile mapped(folder / "j" / "000000.mcap");
  io::mcap::Scanner scanner(mapped.bytes(), io::kMcapMaxChunkBytes);
  int chunks = 0;
  for (io::mcap::Item item; scanner.next(item); ++chunks) {
    // A message's channel and schema are not counted beforehand.
    EXPECT_LE(item.chunk.uncompressed_size, 35'000);
  }
  EXPECT_GE(chunks, 3);
  EXPECT_EQ(difference(tape, read_journal(folder / "j").records), "");
}

// Looks at the file whenever it is written or synced, as somebody would after a kill or a loss of
// power at that moment.
class Witness : public io::FileCalls {
 public:
  fs::path file;
  int64_t now_ns = 0;
  int64_t written_ns = 0, synced_ns = 0;  // of the newest Step that is there
  int writes = 0, syncs = 0;
  std::vector<int64_t> sync_times;

  ssize_t write(int descriptor, const void* bytes, size_t count) override {
    ++writes;
    const ssize_t result = FileCalls::write(descriptor, bytes, count);
    written_ns = newest();
    return result;
  }
  int fdatasync(int /*descriptor*/) override {
    synced_ns = newest();
    sync_times.push_back(now_ns);
    return 0;
  }
  int fsync(int /*descriptor*/) override { return 0; }

 private:
  int64_t newest() const {
    int64_t time_ns = 0;
    io::McapReader reader(file);
    for (io::McapMessage message; reader.next(message);) {
      if (message.channel->topic == "/step") time_ns = static_cast<int64_t>(message.log_time_ns);
    }
    return time_ns;
  }
};

TEST(Journal, LosesAQuarterSecondByAKillAndASecondByALossOfPower) {
  constexpr int64_t kTick = 10'000'000, kMs = 1'000'000;
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  Witness witness;
  witness.file = folder / "j" / "000000.mcap";
  JournalOptions options = simulated_options();
  options.simulated = false;
  options.calls = &witness;
  options.wall_ns = [&] { return witness.now_ns; };
  JournalWriter writer(journal, options);
  Embodiment contract = testing::small_embodiment();
  contract.cameras.clear();
  const auto begin_ns = SpanOptions().begin_ns;
  int64_t sent_ns = begin_ns;
  for (const Record& record :
       small_span({.contract = contract, .steps = 500, .period_ns = kTick})) {
    witness.now_ns = record.time_ns;
    if (record.kind == RecordKind::kStep) sent_ns = record.time_ns;
    writer.take(record);
    const int64_t written_ns = std::max(witness.written_ns, begin_ns);
    const int64_t synced_ns = std::max(witness.synced_ns, begin_ns);
    ASSERT_LE(sent_ns - written_ns, 250 * kMs + kTick);
    ASSERT_LE(sent_ns - synced_ns, 1000 * kMs);
  }
  ASSERT_GE(witness.sync_times.size(), 4);
  for (size_t i = 1; i < witness.sync_times.size(); ++i) {
    EXPECT_GE(witness.sync_times[i] - witness.sync_times[i - 1], 900 * kMs);
  }
  writer.end();
}

TEST(Journal, FlushesWhenNothingMoreComes) {
  constexpr int64_t kMs = 1'000'000;
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  Witness witness;
  witness.file = folder / "j" / "000000.mcap";
  JournalOptions options = simulated_options();
  options.simulated = false;
  options.calls = &witness;
  options.wall_ns = [&] { return witness.now_ns; };
  JournalWriter writer(journal, options);
  writer.flush_due();  // nothing has begun
  const std::vector<Record> tape = small_span({.steps = 1, .ended = false});
  for (const Record& record : tape) writer.take(record);
  witness.now_ns = 249 * kMs;
  writer.flush_due();
  EXPECT_EQ(witness.written_ns, 0);
  witness.now_ns = 250 * kMs;
  writer.flush_due();
  EXPECT_EQ(witness.written_ns, tape.back().time_ns);
  EXPECT_EQ(witness.sync_times.size(), 0);
  witness.now_ns = 900 * kMs;
  writer.flush_due();
  EXPECT_EQ(witness.synced_ns, tape.back().time_ns);
  witness.now_ns = 9'000 * kMs;
  writer.flush_due();
  EXPECT_EQ(witness.sync_times.size(), 1) << "nothing new came";
}

TEST(Journal, WritesAChunkByOneCallAndSyncsItsFolder) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  FailingCalls calls;
  JournalOptions options = simulated_options();
  options.calls = &calls;
  write_span(journal, small_span({.steps = 8}), options);
  const auto chunks = static_cast<int>(chunks_of(folder / "j" / "000000.mcap").size());
  EXPECT_EQ(calls.writes, 1 + chunks + 1) << "header, chunks, summary";
  EXPECT_EQ(calls.syncs, 2) << "file and folder";
  EXPECT_EQ(calls.truncations, 0);
}

TEST(Journal, WithoutAnEndLosesTheLastChunkAlone) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  const std::vector<Record> tape = small_span({.steps = 8});
  {
    JournalWriter writer(journal, simulated_options());
    for (const Record& record : tape) writer.take(record);
  }
  const ReadJournal read = read_journal(folder / "j");
  ASSERT_GT(read.records.size(), 10);
  EXPECT_EQ(read.records.back().time_ns, SpanOptions().begin_ns + 500'000'000);
  EXPECT_EQ(difference(front_of(tape, read.records.size()), read.records), "");
}

TEST(Journal, NeedsAHeaderFirst) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  JournalWriter writer(journal, simulated_options());
  EXPECT_THAT(message_of([&] { writer.take(testing::record_at(RecordKind::kStep, 0, 0)); }),
              HasSubstr("before the tape's header"));
}

TEST(JournalFolders, TakeOneRunAtATime) {
  TemporaryFolder folder;
  {
    const JournalFolder first(folder / "j", Mode::kCreate);
    EXPECT_THAT(message_of([&] { JournalFolder(folder / "j", Mode::kContinue); }),
                AllOf(HasSubstr((folder / "j").string()),
                      HasSubstr("process " + std::to_string(getpid()) + " writes there"),
                      HasSubstr("end it, or name another folder")));
  }
  const JournalFolder next(folder / "j", Mode::kContinue);
}

TEST(JournalFolders, OfAnotherJournalAreNotTakenForANewOne) {
  TemporaryFolder folder;
  {
    JournalFolder journal(folder / "j", Mode::kCreate);
    write_span(journal, small_span({.steps = 2}));
  }
  EXPECT_THAT(message_of([&] { JournalFolder(folder / "j", Mode::kCreate); }),
              HasSubstr("holds a journal already; name a new folder"));
  const JournalFolder again(folder / "j", Mode::kContinue);  // and the lock was given back
}

TEST(JournalFolders, GoOnAfterAllThatTheyHold) {
  TemporaryFolder folder;
  { JournalFolder journal(folder / "j", Mode::kCreate); }
  for (const char* name : {"000004.mcap", "000011_idle.mcap", "mine.mcap"}) {
    io::write_atomically(folder / "j" / name, "");
  }
  JournalFolder journal(folder / "j", Mode::kContinue);
  EXPECT_EQ(journal.next_file().filename(), "000012.mcap");
  EXPECT_EQ(journal.next_file().filename(), "000013.mcap");
  EXPECT_EQ(journal.numbered_file(20, true, 0).filename(), "000020.mcap");
  EXPECT_EQ(journal.numbered_file(20, true, 3).filename(), "000020_03.mcap");
  EXPECT_EQ(journal.numbered_file(20, false, 0).filename(), "000020_idle.mcap");
  EXPECT_EQ(journal.next_file().filename(), "000021.mcap");
}

TEST(JournalFolders, ReplaceAnAttemptThatBrokeOffAndKeepOneThatEnded) {
  TemporaryFolder folder;
  JournalOptions options = simulated_options();
  options.file_ns = 1'000'000'000;
  {
    JournalFolder journal(folder / "j", Mode::kCreate);
    write_span(journal, small_span({.number = 1, .steps = 3}), options);
    write_span(journal, small_span({.number = 2, .steps = 25, .ended = false}), options);
    write_span(journal, small_span({.number = 3, .steps = 25}), options);
  }
  const auto before = bytes_in(folder / "j");
  ASSERT_EQ(before.size(), 7);
  JournalFolder journal(folder / "j", Mode::kContinue);
  EXPECT_EQ(bytes_in(folder / "j"), before) << "opening changes nothing";
  // Of attempt 3 only the last file says that it ended.
  for (const int64_t number : {1, 3}) {
    EXPECT_THAT(message_of([&] {
                  write_span(journal, small_span({.number = number, .steps = 3}), options);
                }),
                HasSubstr("holds this attempt already, to its end"));
  }
  EXPECT_EQ(bytes_in(folder / "j"), before);
  write_span(journal, small_span({.number = 2, .steps = 3}), options);
  EXPECT_THAT(names_in(folder / "j"), ElementsAre("000001.mcap", "000002.mcap", "000003.mcap",
                                                  "000003_01.mcap", "000003_02.mcap"));
  EXPECT_THAT(
      message_of([&] { write_span(journal, small_span({.number = 2, .steps = 3}), options); }),
      HasSubstr("was written by this run already"));
}

// The disk's permissions as another user meets them.
class AsNobody {
 public:
  AsNobody() : before_(setfsuid(65534)) {}
  ~AsNobody() { setfsuid(static_cast<uid_t>(before_)); }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  int before_;
};

TEST(JournalFolders, ThatCannotBeWrittenAreRefused) {
  TemporaryFolder folder;
  fs::create_directory(folder / "j");
  fs::permissions(folder / "j", fs::perms::owner_read | fs::perms::owner_exec |
                                    fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(folder / ".", fs::perms(0755));
  const AsNobody nobody;
  EXPECT_THAT(
      message_of([&] { JournalFolder(folder / "j", Mode::kContinue); }),
      AllOf(HasSubstr("j: cannot write: Permission denied"), HasSubstr("check the permissions")));
  EXPECT_THAT(message_of([&] { JournalFolder(folder / "j" / "new", Mode::kCreate); }),
              HasSubstr("new: cannot make: Permission denied; check the permissions"));
  EXPECT_THAT(message_of([&] { JournalFolder("/dev/null/j", Mode::kCreate); }),
              HasSubstr("cannot make: Not a directory"));
}

TEST(Journal, KeepsItsWholeChunksOnAFullDisk) {
  const std::vector<Record> tape = small_span({.steps = 12});
  for (int write = 1; write <= 6; ++write) {
    TemporaryFolder folder;
    JournalFolder journal(folder / "j", Mode::kCreate);
    FailingCalls calls;
    calls.fail_write = write;
    JournalOptions options = simulated_options();
    options.calls = &calls;
    JournalWriter writer(journal, options);
    size_t taken = 0;
    const std::string message = message_of([&] {
      for (const Record& record : tape) {
        writer.take(record);
        ++taken;
      }
      writer.end();
    });
    EXPECT_THAT(message, AllOf(HasSubstr("000000.mcap: cannot write: No space left on device"),
                               HasSubstr("make room")));
    EXPECT_NE(message_of([&] { writer.take(tape.back()); }), "") << "nothing more is taken";
    if (write == 1) continue;  // not even the file's header
    if (write == 2) {
      EXPECT_THAT(message_of([&] { read_journal(folder / "j"); }), HasSubstr("no whole record"));
      continue;
    }
    const ReadJournal read = read_journal(folder / "j");
    EXPECT_TRUE(read.losses.empty()) << "no torn chunk stays";
    ASSERT_LE(read.records.size(), taken);
    EXPECT_GE(read.records.back().time_ns, tape[taken - 1].time_ns - 400'000'000);
    EXPECT_EQ(difference(front_of(tape, read.records.size()), read.records), "");
  }
}

TEST(Journal, EndsWithAnErrorWhereASyncFails) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", Mode::kCreate);
  FailingCalls calls;
  calls.fail_sync = 1;
  JournalOptions options = simulated_options();
  options.calls = &calls;
  options.sync_ns = 0;
  EXPECT_THAT(message_of([&] { write_span(journal, small_span(), options); }),
              HasSubstr("000000.mcap: cannot write: Input/output error"));
}

}  // namespace
}  // namespace gyre::data
