#include "gyre/run/journal_sink.h"

#include <gmock/gmock.h>

#include <type_traits>
#include <variant>
#include <vector>

#include "gyre/core/testing.h"
#include "gyre/data/journal_testing.h"
#include "gyre/io/mcap_testing.h"
#include "gyre/run/rows_sink.h"

namespace gyre::run {
namespace {

using data::testing::small_span;
using data::testing::TemporaryFolder;
using ::testing::HasSubstr;

void put_record(Tape& tape, const Record& record) {
  tape.begin_tick(record.tick, record.time_ns);
  switch (record.kind) {
    case RecordKind::kEvent:
      return tape.put(record.event);
    case RecordKind::kPicture:
      return tape.put(record.picture);
    case RecordKind::kStep:
      return tape.put(record.step);
    default:
      std::visit(
          [&]<class T>(const T& shared) {
            if constexpr (!std::is_same_v<T, std::monostate>) tape.put(shared);
          },
          record.shared);
  }
}

std::vector<Record> some_spans() {
  std::vector<Record> records;
  for (const data::testing::SpanOptions& options :
       {data::testing::SpanOptions{.number = 0, .seed = 1, .steps = 12},
        {.number = 0, .steps = 3, .attempt = false},
        {.number = 1, .seed = 2, .steps = 5, .outcome = event::Outcome::kFailure}}) {
    const std::vector<Record> span = small_span(options);
    records.insert(records.end(), span.begin(), span.end());
  }
  return records;
}

TEST(JournalSinks, WriteTheTapeAndRowsSinksBuildTheSameRows) {
  const TemporaryFolder folder;
  data::JournalFolder journal(folder / "j", data::JournalFolder::Mode::kCreate);
  const SimulatedClock clock;
  JournalSink sink(journal, clock);
  std::vector<data::BuiltEpisode> built;
  RowsSink rows([&](data::BuiltEpisode&& episode) { built.push_back(std::move(episode)); });
  const std::vector<Record> tape_of = some_spans();
  {
    Tape tape(data::testing::small_embodiment(), Tape::WhenFull::kWait);
    tape.add(sink);
    tape.add(rows);
    for (const Record& record : tape_of) put_record(tape, record);
    tape.close();
    EXPECT_FALSE(tape.failed());
  }
  const data::testing::ReadJournal read = data::testing::read_journal(folder / "j");
  EXPECT_EQ(data::testing::difference(tape_of, read.records), "");
  EXPECT_EQ(data::journal_files(folder / "j").size(), 3);

  data::RowBuilder builder;
  std::vector<data::BuiltEpisode> from_journal;
  for (const Record& record : read.records) {
    if (auto episode = builder.take(record)) from_journal.push_back(std::move(*episode));
  }
  from_journal.push_back(*builder.finish());
  ASSERT_EQ(built.size(), 2);
  ASSERT_EQ(from_journal.size(), 2);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(built[i].whole());
    EXPECT_EQ(built[i].episode.hash(), from_journal[i].episode.hash());
    EXPECT_EQ(built[i].episode.success, from_journal[i].episode.success);
    ASSERT_EQ(built[i].episode.rows.size(), from_journal[i].episode.rows.size());
    EXPECT_EQ(built[i].episode.rows.back().images, from_journal[i].episode.rows.back().images);
  }
}

TEST(JournalSinks, StampUnixTimeInRealTime) {
  const TemporaryFolder folder;
  data::JournalFolder journal(folder / "j", data::JournalFolder::Mode::kCreate);
  const SteadyClock clock;
  JournalSink sink(journal, clock);
  const int64_t before_ns = clock.unix_ns(clock.now_ns());
  for (Record record : small_span({.steps = 1})) {
    record.time_ns = clock.now_ns();
    sink.take(record);
  }
  sink.end();
  io::McapReader reader(folder / "j" / "000000.mcap");
  int messages = 0;
  for (io::McapMessage message; reader.next(message); ++messages) {
    EXPECT_GE(static_cast<int64_t>(message.log_time_ns), before_ns);
    EXPECT_LE(static_cast<int64_t>(message.log_time_ns), clock.unix_ns(clock.now_ns()));
  }
  EXPECT_GT(messages, 5);
  EXPECT_TRUE(reader.statistics().complete) << "its thread has closed the file";
}

TEST(JournalSinks, EndTheTapeOnAFullDisk) {
  const TemporaryFolder folder;
  data::JournalFolder journal(folder / "j", data::JournalFolder::Mode::kCreate);
  const SimulatedClock clock;
  io::mcap_testing::FailingCalls calls;
  calls.fail_write = 3;
  JournalSink sink(journal, clock, data::JournalOptions::Naming::kByEpisode, false, calls);
  Tape tape(data::testing::small_embodiment(), Tape::WhenFull::kWait);
  tape.add(sink);
  for (const Record& record : some_spans()) put_record(tape, record);
  EXPECT_THAT(message_of([&] { tape.close(); }), HasSubstr("000000.mcap: cannot write: No space"));
  EXPECT_TRUE(tape.failed());
  EXPECT_TRUE(data::testing::read_journal(folder / "j").losses.empty());
}

}  // namespace
}  // namespace gyre::run
