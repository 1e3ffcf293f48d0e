#include "gyre/data/journal_dataset.h"

#include <gmock/gmock.h>

#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/journal_testing.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_episodes.h"
#include "gyre/data/labels_frames.h"
#include "tests/source_dir.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::small_span;
using testing::SpanOptions;
using testing::TemporaryFolder;
using testing::write_span;

class JournalDataset : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  fs::path journal_ = folder_ / "j", out_ = folder_ / "out";

  void add(const SpanOptions& span) {
    JournalFolder journal(journal_, JournalFolder::Mode::kContinue);
    write_span(journal, small_span(span));
  }
  // Seeds of the dataset's episodes.
  std::vector<uint64_t> seeds() const {
    const Dataset dataset(out_);
    std::vector<uint64_t> all;
    for (const DatasetEpisode& episode : dataset.episodes()) all.push_back(episode.seed);
    return all;
  }
};

TEST_F(JournalDataset, HoldsTheWholeEpisodesOfAFolder) {
  add({.number = 0, .seed = 5, .steps = 3, .attempt = false});
  add({.number = 1, .seed = 30, .steps = 6});
  add({.number = 2, .seed = 20, .steps = 4, .outcome = event::Outcome::kFailure});
  add({.number = 3, .seed = 40, .steps = 5, .ended = false});
  add({.number = 4, .seed = 10, .steps = 7, .outcome = event::Outcome::kUnknown});
  std::vector<int64_t> progress;
  const Converted converted =
      convert_journal(journal_, out_, {.progress = [&](int64_t done, int64_t total) {
                        progress.push_back(done);
                        EXPECT_EQ(total, 3);
                      }});
  EXPECT_EQ(converted.episodes, 3);
  EXPECT_EQ(converted.rows, 6 + 4 + 7);
  EXPECT_EQ(converted.broken_off, 1);
  EXPECT_EQ(converted.damaged, 0);
  EXPECT_EQ(converted.failures, 0);
  EXPECT_EQ(converted.losses, 0);
  EXPECT_FALSE(converted.stopped);
  EXPECT_THAT(progress, ElementsAre(1, 2, 3));
  EXPECT_THAT(seeds(), ElementsAre(30, 20, 10));
  const Dataset dataset(out_);
  EXPECT_EQ(converted.hash, dataset.hash());
  EXPECT_EQ(dataset.embodiment(), testing::small_embodiment());
  EXPECT_EQ(dataset.episodes()[0].success, true);
  EXPECT_EQ(dataset.episodes()[1].success, false);
  EXPECT_EQ(dataset.episodes()[2].success, std::nullopt);
  const EpisodeRows read = dataset.read(1);
  ASSERT_EQ(read.rows.size(), 4);
  EXPECT_EQ(read.rows[3].state, testing::small_step({.seed = 20}, 3).state);
  EXPECT_EQ(read.rows[3].action, testing::small_step({.seed = 20}, 3).sent);
  EXPECT_EQ(read.rows[3].subtask, "lift");
  EXPECT_LT(testing::mean_difference(read.rows[3].images[0], testing::moving_square(64, 48, 3)), 8);
}

TEST_F(JournalDataset, LabelsOfTheJournalGoIntoTheDataset) {
  add({.number = 1, .seed = 30, .steps = 6});
  add({.number = 2, .seed = 40, .steps = 5, .ended = false});
  add({.number = 3, .seed = 20, .steps = 4});
  const std::vector<LabelledEpisode> attempts = labelled_episodes(journal_);
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_EQ(attempts[0].number, 1);
  EXPECT_EQ(attempts[1].length, 4);
  std::vector<Label> labels;
  add_row_labels(attempts[1].recorded.hash, attempts[1].fps, std::vector<float>{1, 2, 3, 4},
                 labels);
  write_labels(journal_,
               {.name = "quality", .type = LabelType::kQuality, .author = "ann", .kind = "person"},
               labels);
  convert_journal(journal_, out_, {.by_seed = true});
  EXPECT_EQ(frame_labels(Dataset(out_), "quality")[0], (std::vector<float>{1, 2, 3, 4}));
}

TEST_F(JournalDataset, IsInTheOrderOfSeedsAndWithoutFailuresOnRequest) {
  add({.number = 0, .seed = 30, .steps = 2});
  add({.number = 1, .seed = 20, .steps = 2, .outcome = event::Outcome::kFailure});
  add({.number = 2, .seed = 40, .steps = 2, .outcome = event::Outcome::kUnknown});
  add({.number = 3, .seed = 10, .steps = 2});
  std::vector<uint64_t> stored;
  const Converted converted = convert_journal(
      journal_, out_, {.keep_failures = false, .by_seed = true, .each = [&](const EpisodeRows& e) {
                         stored.push_back(e.seed);
                       }});
  EXPECT_EQ(converted.episodes, 2);
  EXPECT_EQ(converted.failures, 2);
  EXPECT_THAT(seeds(), ElementsAre(10, 30));
  EXPECT_EQ(stored, seeds());
}

TEST_F(JournalDataset, IsMadeOfOneFileToo) {
  add({.number = 0, .seed = 1, .steps = 2});
  add({.number = 1, .seed = 2, .steps = 3});
  EXPECT_EQ(convert_journal(journal_ / "000001.mcap", out_).rows, 3);
  EXPECT_EQ(convert_journal(journal_ / "000000.mcap", out_).rows, 2);
  EXPECT_THAT(seeds(), ElementsAre(2, 1)) << "the second was added to the first";
}

TEST_F(JournalDataset, IsMadeOfAFileWithSeveralEpisodes) {
  std::vector<Record> tape;
  for (const uint64_t seed : {3, 1, 2}) {
    const auto span = small_span({.number = static_cast<int64_t>(seed), .seed = seed, .steps = 2});
    tape.insert(tape.end(), span.begin(), span.end());
  }
  testing::write_one_file(folder_ / "joined.mcap", tape);
  EXPECT_EQ(convert_journal(folder_ / "joined.mcap", out_, {.by_seed = true}).episodes, 3);
  EXPECT_THAT(seeds(), ElementsAre(1, 2, 3));
}

TEST_F(JournalDataset, IsMadeOfAnEpisodeInSeveralFiles) {
  JournalFolder journal(journal_, JournalFolder::Mode::kCreate);
  JournalOptions options = testing::simulated_options();
  options.file_ns = 500'000'000;
  write_span(journal, small_span({.number = 0, .seed = 1, .steps = 12}), options);
  write_span(journal, small_span({.number = 1, .seed = 2, .steps = 8}), options);
  ASSERT_EQ(journal_files(journal_).size(), 3 + 2);
  const Converted converted = convert_journal(journal_, out_);
  EXPECT_EQ(converted.episodes, 2);
  EXPECT_EQ(converted.rows, 20);
  EXPECT_THAT(message_of([&] { convert_journal(journal_ / "000000_01.mcap", folder_ / "x"); }),
              HasSubstr("holds no whole episode"))
      << "a part of one";
}

TEST_F(JournalDataset, LeavesOutWhatIsDamaged) {
  add({.number = 0, .seed = 1, .steps = 8});
  add({.number = 1, .seed = 2, .steps = 8});
  std::vector<uint8_t> bytes = io::read_bytes(journal_ / "000000.mcap");
  bytes[bytes.size() / 2] ^= 1;
  io::OutputFile(journal_ / "000000.mcap").write(bytes);
  const Converted converted = convert_journal(journal_, out_);
  EXPECT_EQ(converted.damaged, 1);
  EXPECT_EQ(converted.losses, 1);
  EXPECT_THAT(seeds(), ElementsAre(2));
  EXPECT_EQ(io::read_bytes(journal_ / "000000.mcap"), bytes);
}

TEST_F(JournalDataset, IsOfOneContract) {
  SpanOptions other{.number = 1, .seed = 2, .steps = 3};
  other.contract.name = "other/joint";
  add({.number = 0, .seed = 1, .steps = 2});
  add(other);
  EXPECT_THAT(message_of([&] { convert_journal(journal_, out_); }),
              AllOf(HasSubstr("arm/joint"), HasSubstr("other/joint")));
  EXPECT_FALSE(fs::exists(out_ / "meta"));
  EXPECT_EQ(convert_journal(journal_, out_, {.contract = &other.contract}).rows, 3);
  EXPECT_EQ(Dataset(out_).embodiment().name, "other/joint");
}

TEST_F(JournalDataset, StaysAsItWasWhereItIsStopped) {
  for (int64_t number = 0; number < 3; ++number) {
    add({.number = number, .seed = static_cast<uint64_t>(number), .steps = 2});
  }
  convert_journal(journal_ / "000000.mcap", out_);
  const std::string before = Dataset(out_).hash();
  int64_t done = 0;
  const Converted converted = convert_journal(
      journal_, out_,
      {.progress = [&](int64_t n, int64_t) { done = n; }, .stop = [&] { return done == 2; }});
  EXPECT_TRUE(converted.stopped);
  EXPECT_EQ(converted.hash, "");
  EXPECT_EQ(Dataset(out_).hash(), before);
}

TEST_F(JournalDataset, IsStoppedWhileTheJournalIsRead) {
  add({.number = 0, .steps = 2});
  EXPECT_TRUE(convert_journal(journal_, out_, {.stop = [] { return true; }}).stopped);
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(JournalDataset, GrowsWithEachAttemptThatIsComplete) {
  JournalFolder journal(journal_, JournalFolder::Mode::kCreate);
  JournalConverter converter(out_, testing::small_embodiment(), {.keep_failures = false});
  JournalOptions options = testing::simulated_options();
  options.file_ns = 500'000'000;
  const auto outcome = [](int64_t number) {
    return number == 1 ? event::Outcome::kFailure : event::Outcome::kSuccess;
  };
  for (int64_t number = 0; number < 3; ++number) {
    write_span(journal,
               small_span({.number = number,
                           .seed = static_cast<uint64_t>(number),
                           .steps = 8,
                           .outcome = outcome(number)}),
               options);
    EXPECT_EQ(journal.attempt_files(number).size(), 2);
    converter.add(journal.attempt_files(number));
  }
  EXPECT_FALSE(fs::exists(out_ / "meta")) << "nothing is there before the end";
  const Converted converted = converter.finish();
  EXPECT_EQ(converted.episodes, 2);
  EXPECT_EQ(converted.failures, 1);
  EXPECT_EQ(converted.rows, 16);
  EXPECT_THAT(seeds(), ElementsAre(0, 2));
  EXPECT_EQ(converted.hash, Dataset(out_).hash());
}

TEST_F(JournalDataset, IsNotMadeOfNothing) {
  add({.number = 0, .steps = 3, .ended = false});
  EXPECT_THAT(message_of([&] { convert_journal(journal_, out_); }),
              HasSubstr("j: holds no whole episode; record again"));
  EXPECT_THAT(message_of([&] { convert_journal(folder_ / "none", out_); }),
              HasSubstr("none: cannot read: No such file"));
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(JournalDataset, IsMadeOfAnOldJournal) {
  const Converted converted =
      convert_journal(source_dir() / "tests/journals/gyre_0.1.journal", out_, {.by_seed = true});
  EXPECT_EQ(converted.episodes, 3);
  EXPECT_EQ(converted.rows, 4 + 2 + 3);
  EXPECT_EQ(converted.broken_off, 1);
  EXPECT_THAT(seeds(), ElementsAre(2, 4, 5));
}

}  // namespace
}  // namespace gyre::data
