#include "gyre/data/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/data/testing.h"

namespace gyre::data {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::small_embodiment;
using testing::small_episode;
using testing::TemporaryFolder;

void record(JournalWriter& journal, const Episode& episode, bool end = true) {
  journal.begin_episode(episode);
  for (const Step& step : episode.steps) journal.step(step);
  if (end) journal.end_episode(episode.success);
}

std::vector<JournalEpisode> read_all(const std::filesystem::path& file,
                                     int64_t* dropped = nullptr) {
  JournalReader reader(file);
  std::vector<JournalEpisode> all;
  while (auto episode = reader.next()) all.push_back(std::move(*episode));
  if (dropped != nullptr) *dropped = reader.dropped_bytes();
  return all;
}

void expect_same(const Episode& a, const Episode& b) {
  EXPECT_EQ(a.task_name, b.task_name);
  EXPECT_EQ(a.family, b.family);
  EXPECT_EQ(a.instruction, b.instruction);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.success, b.success);
  ASSERT_EQ(a.steps.size(), b.steps.size());
  EXPECT_EQ(a.hash(), b.hash());
  for (size_t i = 0; i < a.steps.size(); ++i) {
    const Step &x = a.steps[i], &y = b.steps[i];
    EXPECT_EQ(x.index, y.index);
    EXPECT_EQ(x.observation.time_ns, y.observation.time_ns);
    EXPECT_EQ(x.observation.images, y.observation.images);
    EXPECT_EQ(x.observation.subtask, y.observation.subtask);
    EXPECT_EQ(x.policy_action, y.policy_action);
    EXPECT_EQ(x.source, y.source);
    EXPECT_EQ(x.intervention, y.intervention);
    EXPECT_EQ(x.clamp_reason, y.clamp_reason);
    EXPECT_EQ(x.chunk_id, y.chunk_id);
    EXPECT_EQ(x.grounding, y.grounding);
    EXPECT_EQ(x.inference_ms, y.inference_ms);
    EXPECT_EQ(x.tracking_residual, y.tracking_residual);
  }
}

TEST(Journal, GivesBackWhatWasRecorded) {
  TemporaryFolder folder;
  {
    JournalWriter journal(folder / "a.journal", small_embodiment());
    record(journal, small_episode(7, 2));
    record(journal, small_episode(3, 3), false);  // broke off
    Episode unjudged = small_episode(2, 4);
    unjudged.success.reset();
    record(journal, unjudged);
  }
  EXPECT_EQ(JournalReader(folder / "a.journal").embodiment(), small_embodiment());
  int64_t dropped = -1;
  const auto all = read_all(folder / "a.journal", &dropped);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(dropped, 0);
  expect_same(all[0].episode, small_episode(7, 2));
  EXPECT_TRUE(all[0].ended);
  EXPECT_FALSE(all[1].ended);
  EXPECT_EQ(all[1].episode.steps.size(), 3u);
  EXPECT_FALSE(all[1].episode.success.has_value());
  EXPECT_FALSE(all[2].episode.success.has_value());
  EXPECT_TRUE(all[2].ended);
}

// Whatever byte the power failed at, the whole records before it are read and the next session goes
// on after them.
TEST(Journal, ToleratesATornTailAndGoesOn) {
  TemporaryFolder folder;
  const auto file = folder / "torn.journal";
  {
    JournalWriter journal(file, small_embodiment());
    record(journal, small_episode(2, 2));
    record(journal, small_episode(4, 3));
  }
  const auto whole = std::filesystem::file_size(file);
  for (int cut : {1, 8, 40, 900}) {
    const auto torn = folder / ("torn" + std::to_string(cut));
    std::filesystem::copy_file(file, torn);
    std::filesystem::resize_file(torn, whole - cut);
    int64_t dropped = 0;
    const auto before = read_all(torn, &dropped);
    ASSERT_EQ(before.size(), 2u);
    EXPECT_GT(dropped, 0);
    EXPECT_FALSE(before[1].ended);
    EXPECT_GE(before[1].episode.steps.size(), 3u);
    {
      JournalWriter journal(torn, small_embodiment());
      EXPECT_EQ(journal.dropped_bytes(), dropped);
      record(journal, small_episode(3, 5));
    }
    const auto after = read_all(torn, &dropped);
    EXPECT_EQ(dropped, 0);
    ASSERT_EQ(after.size(), 3u);
    expect_same(after[2].episode, small_episode(3, 5));
    expect_same(after[0].episode, small_episode(2, 2));
  }
}

TEST(Journal, AFlippedBitCostsItsEpisodeAlone) {
  TemporaryFolder folder;
  const auto file = folder / "flip.journal";
  std::vector<size_t> ends;  // of each episode in the file
  {
    JournalWriter journal(file, small_embodiment());
    for (uint64_t seed : {2, 4, 6, 8}) {
      record(journal, small_episode(2, seed));
      ends.push_back(std::filesystem::file_size(file));
    }
  }
  const std::vector<uint8_t> whole = io::read_bytes(file);
  // In the second episode: of the first byte of a length, of a picture, of the last byte.
  for (const size_t at : {ends[0], (ends[0] + ends[1]) / 2, ends[1] - 1}) {
    std::vector<uint8_t> bytes = whole;
    bytes[at] ^= 4;
    io::OutputFile(file).write(bytes);
    int64_t dropped = -1;
    const auto all = read_all(file, &dropped);
    EXPECT_EQ(dropped, 0) << "the tail is whole";
    JournalReader reader(file);
    std::vector<uint64_t> good;
    while (const auto entry = reader.next()) {
      if (!entry->whole()) continue;
      good.push_back(entry->episode.seed);
      expect_same(entry->episode, small_episode(2, entry->episode.seed));
    }
    EXPECT_EQ(good, (std::vector<uint64_t>{2, 6, 8})) << "byte " << at;
    EXPECT_GT(reader.lost_bytes(), 0) << "and it says so";
    { JournalWriter again(file, small_embodiment()); }
    EXPECT_EQ(io::read_bytes(file), bytes) << "opening for more changes nothing";
  }
}

TEST(Journal, RefusesAnotherContractAndOtherFiles) {
  TemporaryFolder folder;
  { JournalWriter(folder / "a.journal", small_embodiment()); }
  Embodiment other = small_embodiment();
  other.name = "other/joint";
  EXPECT_THAT(message_of([&] { JournalWriter(folder / "a.journal", other); }),
              AllOf(HasSubstr("a.journal"), HasSubstr("arm/joint"), HasSubstr("other/joint")));
  io::write_atomically(folder / "text", "this is not a journal");
  EXPECT_THROW(JournalReader(folder / "text"), Error);
  EXPECT_THROW(JournalReader(folder / "none"), Error);
  JournalWriter journal(folder / "b.journal", small_embodiment());
  EXPECT_THROW(journal.step(small_episode(1, 1).steps[0]), Error);
}

// A full disk (here: a limit on file size) is one clear error; what was recorded before is whole,
// and recording can go on when there is room again.
TEST(Journal, SurvivesAFullDisk) {
  TemporaryFolder folder;
  const auto file = folder / "full.journal";
  JournalWriter journal(file, small_embodiment());
  record(journal, small_episode(3, 2));
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{std::filesystem::file_size(file) + 3000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const std::string message = message_of([&] { record(journal, small_episode(20, 3)); });
  setrlimit(RLIMIT_FSIZE, &old);
  EXPECT_THAT(message, HasSubstr("full.journal: cannot write"));
  record(journal, small_episode(2, 4));
  int64_t dropped = -1;
  const auto all = read_all(file, &dropped);
  EXPECT_EQ(dropped, 0);
  ASSERT_EQ(all.size(), 3u);
  expect_same(all[0].episode, small_episode(3, 2));
  expect_same(all[2].episode, small_episode(2, 4));
  EXPECT_THROW(JournalWriter("/dev/full", small_embodiment()), Error);
}

}  // namespace
}  // namespace gyre::data
