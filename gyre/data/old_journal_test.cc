#include "gyre/data/old_journal.h"

#include <gmock/gmock.h>

#include "gyre/core/testing.h"
#include "gyre/data/testing.h"
#include "gyre/io/file.h"
#include "tests/source_dir.h"

namespace gyre::data {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;
using ::testing::Pointwise;
using testing::TemporaryFolder;

// Written by Gyre 0.1: small_episode() of 4, 3, 2 and 3 steps with seeds 2 to 5. The second broke
// off, the third was not judged.
const std::string kSample = source_dir() / "tests/journals/gyre_0.1.journal";

Embodiment sample_embodiment() {
  Embodiment embodiment = testing::small_embodiment();
  embodiment.cameras = {{"front", 16, 12, "fixed"}, {"wrist", 10, 10, "hand"}};
  return embodiment;
}

std::vector<OldJournalEpisode> read_all(OldJournalReader& reader) {
  std::vector<OldJournalEpisode> all;
  while (auto episode = reader.next()) all.push_back(std::move(*episode));
  return all;
}

void expect_sample(const EpisodeRows& read, int steps, uint64_t seed) {
  const EpisodeRows written = testing::small_episode(steps, seed);
  EXPECT_EQ(read.embodiment, written.embodiment);
  EXPECT_EQ(read.task_name, written.task_name);
  EXPECT_EQ(read.family, written.family);
  EXPECT_EQ(read.instruction, written.instruction);
  EXPECT_EQ(read.seed, written.seed);
  ASSERT_EQ(read.rows.size(), written.rows.size());
  for (size_t i = 0; i < read.rows.size(); ++i) {
    const Row &a = read.rows[i], &b = written.rows[i];
    EXPECT_EQ(a.index, b.index);
    EXPECT_EQ(a.time_ns, b.time_ns);
    ASSERT_EQ(a.images.size(), 2);
    EXPECT_EQ(a.images[0], testing::moving_square(16, 12, static_cast<int>(i)));
    EXPECT_EQ(a.images[1].rgb, std::vector<uint8_t>(300, static_cast<uint8_t>(10 * seed + i)));
    EXPECT_THAT(a.state, Pointwise(FloatEq(), b.state));
    EXPECT_EQ(a.task, b.task);
    EXPECT_EQ(a.subtask, b.subtask);
    EXPECT_THAT(a.action, Pointwise(FloatEq(), b.action));
    EXPECT_THAT(a.policy_action, Pointwise(FloatEq(), b.policy_action));
    EXPECT_EQ(a.source, b.source);
    EXPECT_EQ(a.intervention, b.intervention);
    EXPECT_EQ(a.clamped, b.clamped);
    EXPECT_EQ(a.clamp_reason, b.clamp_reason);
    EXPECT_EQ(a.chunk_id, b.chunk_id);
    EXPECT_EQ(a.chunk_index, b.chunk_index);
    EXPECT_EQ(a.inference_ms, b.inference_ms);
    EXPECT_THAT(a.grounding, Pointwise(FloatEq(), b.grounding));
    EXPECT_EQ(a.tracking_residual, b.tracking_residual);
  }
}

TEST(OldJournal, IsStillRead) {
  ASSERT_TRUE(OldJournalReader::is_old_journal(kSample));
  OldJournalReader reader(kSample);
  EXPECT_EQ(reader.embodiment(), sample_embodiment());
  const std::vector<OldJournalEpisode> all = read_all(reader);
  ASSERT_EQ(all.size(), 4);
  const int steps[] = {4, 3, 2, 3};
  for (size_t i = 0; i < 4; ++i) {
    SCOPED_TRACE(i);
    expect_sample(all[i].episode, steps[i], i + 2);
    EXPECT_EQ(all[i].ended, i != 1);
    EXPECT_EQ(all[i].whole(), i != 1);
  }
  EXPECT_EQ(all[0].episode.success, true);
  EXPECT_EQ(all[1].episode.success, std::nullopt);
  EXPECT_EQ(all[2].episode.success, std::nullopt);
  EXPECT_EQ(all[3].episode.success, false);
  EXPECT_EQ(reader.dropped_bytes(), 0);
  EXPECT_EQ(reader.lost_bytes(), 0);
}

TEST(OldJournal, ATornEndCostsItself) {
  TemporaryFolder folder;
  const std::vector<uint8_t> whole = io::read_bytes(kSample);
  for (const size_t cut : {size_t{1}, size_t{8}, size_t{40}, size_t{900}}) {
    io::OutputFile(folder / "torn").write({whole.data(), whole.size() - cut});
    OldJournalReader reader(folder / "torn");
    const std::vector<OldJournalEpisode> all = read_all(reader);
    ASSERT_EQ(all.size(), 4);
    expect_sample(all[0].episode, 4, 2);
    EXPECT_FALSE(all[3].ended);
    EXPECT_GT(reader.dropped_bytes(), 0);
  }
}

TEST(OldJournal, DamageCostsTheEpisodeThatItHits) {
  TemporaryFolder folder;
  std::vector<uint8_t> bytes = io::read_bytes(kSample);
  bytes[bytes.size() / 5] ^= 4;  // in the first episode
  io::OutputFile(folder / "flipped").write(bytes);
  OldJournalReader reader(folder / "flipped");
  const std::vector<OldJournalEpisode> all = read_all(reader);
  std::vector<bool> whole;
  for (const OldJournalEpisode& entry : all) whole.push_back(entry.whole());
  EXPECT_THAT(whole, ElementsAre(false, false, true, true));
  expect_sample(all[3].episode, 3, 5);
  EXPECT_GT(reader.lost_bytes(), 0);
}

TEST(OldJournal, OtherFilesAreRefused) {
  TemporaryFolder folder;
  io::write_atomically(folder / "text", "this is no journal");
  EXPECT_FALSE(OldJournalReader::is_old_journal(folder / "text"));
  EXPECT_FALSE(OldJournalReader::is_old_journal(folder / "none"));
  EXPECT_FALSE(OldJournalReader::is_old_journal(folder / "."));
  EXPECT_THAT(message_of([&] { OldJournalReader{folder / "text"}; }),
              HasSubstr("not a journal of Gyre"));
  const std::vector<uint8_t> bytes = io::read_bytes(kSample);
  io::OutputFile(folder / "torn").write({bytes.data(), 30});
  EXPECT_THAT(message_of([&] { OldJournalReader{folder / "torn"}; }),
              HasSubstr("the journal's contract is torn"));
}

}  // namespace
}  // namespace gyre::data
