#include "gyre/data/journal_info.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "gyre/core/stop_signal.h"
#include "gyre/data/journal_testing.h"
#include "tests/source_dir.h"

namespace gyre::data {
namespace {

using ::testing::ElementsAre;
using testing::small_span;
using testing::TemporaryFolder;
using testing::write_span;

TEST(JournalInfo, CountsWhatAJournalHolds) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", JournalFolder::Mode::kCreate);
  write_span(journal, small_span({.number = 0, .steps = 10}));
  write_span(journal, small_span({.number = 1, .steps = 4, .outcome = event::Outcome::kFailure}));
  write_span(journal, small_span({.number = 2, .steps = 6, .ended = false}));
  write_span(journal, small_span({.number = 2, .steps = 2, .attempt = false}));
  const JournalInfo info = journal_info(folder / "j");
  EXPECT_EQ(info.files, 4);
  EXPECT_EQ(info.episodes, 3);
  EXPECT_EQ(info.unended, 1);
  EXPECT_EQ(info.successes, 1);
  EXPECT_EQ(info.failures, 1);
  EXPECT_EQ(info.steps, 22);
  EXPECT_EQ(info.pictures, 22 + 11) << "the second camera shows half as many";
  EXPECT_EQ(info.requests, 2 + 1 + 2 + 1);
  EXPECT_EQ(info.chunks, info.requests);
  EXPECT_EQ(info.events, 3 + 3 + 1);
  EXPECT_NEAR(info.seconds, 1.0 + 0.4 + 0.5 + 0.1, 1e-6);
  EXPECT_THAT(info.embodiments, ElementsAre("arm/joint"));
  EXPECT_TRUE(info.losses.empty());
  int64_t bytes = 0;
  for (const auto& file : journal_files(folder / "j")) {
    bytes += static_cast<int64_t>(std::filesystem::file_size(file));
  }
  EXPECT_EQ(info.bytes, bytes);

  const JournalInfo one = journal_info(folder / "j" / "000001.mcap");
  EXPECT_EQ(one.files, 1);
  EXPECT_EQ(one.episodes, 1);
  EXPECT_EQ(one.steps, 4);
}

TEST(JournalInfo, TellsWhatIsLost) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", JournalFolder::Mode::kCreate);
  write_span(journal, small_span({.number = 0, .steps = 10}));
  write_span(journal, small_span({.number = 1, .steps = 3}));
  const auto file = folder / "j" / "000000.mcap";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  const JournalInfo info = journal_info(folder / "j");
  ASSERT_EQ(info.losses.size(), 1);
  EXPECT_EQ(info.losses[0].file, file);
  EXPECT_EQ(info.episodes, 2);
  EXPECT_EQ(info.unended, 1);
  EXPECT_LT(info.steps, 13);
  EXPECT_GT(info.steps, 3);
  const nlohmann::json json = info;
  for (const char* key : {"episodes", "steps", "pictures", "requests", "chunks", "events"}) {
    EXPECT_TRUE(json.at(key).is_number()) << key;
  }
  EXPECT_EQ(json.at("losses"), 1);
  const nlohmann::json& lost = json.at("lost").at(0);
  EXPECT_EQ(lost.at("file"), file.string());
  EXPECT_GT(lost.at("after_s"), 5.0);
  EXPECT_TRUE(lost.at("before_s").is_null()) << "nothing comes after it";
}

TEST(JournalInfo, CountsAnOldJournal) {
  const std::filesystem::path old = source_dir() / "tests/journals/gyre_0.1.journal";
  const JournalInfo info = journal_info(old);
  EXPECT_EQ(info.files, 1);
  EXPECT_EQ(info.episodes, 4);
  EXPECT_EQ(info.unended, 1);
  EXPECT_EQ(info.successes, 1);
  EXPECT_EQ(info.failures, 1);
  EXPECT_EQ(info.steps, 4 + 3 + 2 + 3);
  EXPECT_EQ(info.pictures, 2 * info.steps);
  EXPECT_NEAR(info.seconds, 0.3 + 0.2 + 0.1 + 0.2, 1e-6);
  EXPECT_TRUE(info.losses.empty());
  TemporaryFolder folder;
  const std::vector<uint8_t> bytes = io::read_bytes(old);
  io::OutputFile(folder / "torn.journal").write({bytes.data(), bytes.size() - 5});
  const JournalInfo torn = journal_info(folder / "torn.journal");
  ASSERT_EQ(torn.losses.size(), 1);
  EXPECT_THAT(torn.losses[0].text(), ::testing::HasSubstr("no whole record, at the end"));
}

TEST(JournalInfo, StopsOnRequest) {
  TemporaryFolder folder;
  JournalFolder journal(folder / "j", JournalFolder::Mode::kCreate);
  write_span(journal, small_span({.steps = 2}));
  int asked = 0;
  EXPECT_THROW(journal_info(folder / "j", [&] { return ++asked == 3; }), Interrupted);
  EXPECT_EQ(asked, 3);
}

TEST(JournalInfo, IsForFilesAndForFoldersOfJournalFiles) {
  TemporaryFolder folder;
  EXPECT_FALSE(is_journal(folder / "."));
  EXPECT_FALSE(is_journal(folder / "none"));
  io::write_atomically(folder / "a.mcap", "");
  EXPECT_TRUE(is_journal(folder / "a.mcap"));
  EXPECT_TRUE(is_journal(folder / "."));
}

}  // namespace
}  // namespace gyre::data
