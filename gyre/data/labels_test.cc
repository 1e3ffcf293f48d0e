#include "gyre/data/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gyre/core/testing.h"
#include "gyre/data/dataset_edit_plan.h"
#include "gyre/data/dataset_edit_testing.h"
#include "gyre/data/dataset_repair.h"
#include "gyre/data/labels_episodes.h"
#include "gyre/data/labels_frames.h"
#include "gyre/data/labels_import.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::blind_embodiment;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsNan;
using ::testing::SizeIs;
using testing::small_episode;
using testing::write_blind_dataset;

using Frames = std::vector<std::vector<float>>;

class LabelTest : public ::testing::Test {
 protected:
  fs::path at(const std::string& name) const { return folder_ / name; }
  fs::path edit(const DatasetEdit& what, const std::string& out) const {
    return edit_dataset(what, {.out = at(out), .provenance = {}}).folder;
  }
  static LabelHead head(const std::string& name, LabelType type, const std::string& author = "ann",
                        const std::string& time = "2026-11-30T10:00:00Z") {
    return {.name = name,
            .type = type,
            .version = "1",
            .author = author,
            .kind = "person",
            .time = time,
            .contract_hash = blind_embodiment().contract_hash()};
  }
  // Row r of each episode of the folder has the number `base` + r.
  static LabelStream number_rows(const fs::path& folder, const LabelHead& of, float base) {
    std::vector<Label> labels;
    for (const LabelledEpisode& episode : labelled_episodes(folder)) {
      std::vector<float> values;
      for (int64_t row = 0; row < episode.length; ++row) {
        values.push_back(base + static_cast<float>(row));
      }
      add_row_labels(episode.recorded.hash, episode.fps, values, labels);
    }
    return write_labels(folder, of, std::move(labels));
  }
  // One label about frames [first, last) of an episode; the whole of it for 0, 0.
  static Label about(const fs::path& folder, size_t episode, int64_t first, int64_t last) {
    const LabelledEpisode of = labelled_episodes(folder).at(episode);
    return last == 0 ? Label{.recorded = of.recorded.hash} : label_for(of, first, last);
  }
  static void add_text(const fs::path& folder, const LabelHead& of, Label label,
                       const std::string& text) {
    label.text = text;
    write_labels(folder, of, {label});
  }
  static std::vector<float> counted(int from, int to) {
    std::vector<float> numbers;
    for (int i = from; i < to; ++i) numbers.push_back(static_cast<float>(i));
    return numbers;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(LabelTest, AStreamReadsBackWithItsHead) {
  write_blind_dataset(at("a"), {4, 3});
  const LabelStream written =
      number_rows(at("a"), head("value", LabelType::kValue, "o'hara \"x\""), 0.5F);
  EXPECT_EQ(written.file.filename(), "value-" + written.hash.substr(0, 8) + ".parquet");
  const Labels labels(at("a"));
  ASSERT_EQ(labels.streams().size(), 1U);
  const LabelStream& stream = labels.streams()[0];
  EXPECT_EQ(stream.head, written.head);
  EXPECT_EQ(stream.hash, written.hash);
  EXPECT_EQ(stream.labels, 7);
  EXPECT_EQ(stream.episodes, 2);
  EXPECT_THAT(labels.read(stream), SizeIs(7));
  const auto of_one = labels.of(small_episode(3, 1).hash());
  ASSERT_EQ(of_one.size(), 1U);
  ASSERT_EQ(of_one[0].size(), 3U);
  EXPECT_EQ(of_one[0][2].begin_ns, 200'000'000);
  EXPECT_EQ(of_one[0][2].value, 2.5);
  EXPECT_THAT(labels.of("0123456789abcdef"), ElementsAre(IsEmpty()));
}

// A run made again gives the same file, whenever it is made; a stream is never written again.
TEST_F(LabelTest, TheSameLabelsAreTheSameFile) {
  write_blind_dataset(at("a"), {4});
  const LabelStream first = number_rows(at("a"), head("value", LabelType::kValue, "x", "1"), 0);
  const std::string bytes = io::read_text(first.file);
  EXPECT_EQ(number_rows(at("a"), head("value", LabelType::kValue, "x", "2"), 0).file, first.file);
  EXPECT_EQ(io::read_text(first.file), bytes);
  const LabelStream other = number_rows(at("a"), head("value", LabelType::kValue, "x", "2"), 1);
  EXPECT_NE(other.hash, first.hash);
  EXPECT_THAT(Labels(at("a")).streams(), SizeIs(2));
}

TEST_F(LabelTest, EveryEditKeepsTheLabelsOnTheirFrames) {
  write_blind_dataset(at("a"), {9, 5}, 10);
  write_blind_dataset(at("b"), {7}, 20);
  number_rows(at("a"), head("progress_rows", LabelType::kValue), 0);
  number_rows(at("b"), head("progress_rows", LabelType::kValue), 100);
  const auto values = [](const fs::path& folder) {
    return frame_labels(Dataset(folder), "progress_rows");
  };
  const fs::path cut = edit(trim_plan(at("a"), {"0=2:8"}), "cut");
  EXPECT_EQ(values(cut), (Frames{counted(2, 8), counted(0, 5)}));
  const fs::path both = edit(merge_plan({at("b"), cut}), "both");
  const Frames merged = {counted(100, 107), counted(2, 8), counted(0, 5)};
  EXPECT_EQ(values(both), merged);
  EXPECT_EQ(values(edit(split_plan(both, {"x=2", "y=0-1"})[0].second, "x")), Frames{counted(0, 5)});
  repair_dataset(both, {}, {.out = at("mended"), .provenance = {}});
  EXPECT_EQ(values(at("mended")), merged);
  edit_dataset(delete_plan(both, "0"), {});
  EXPECT_EQ(values(both), (Frames{counted(2, 8), counted(0, 5)}));
  // A label that is made on a cut dataset is about the recorded frames.
  Label later = about(cut, 0, 1, 2);
  later.value = 0.5;
  write_labels(cut, head("later", LabelType::kValue), {later});
  copy_labels(cut, at("a"));
  const Frames whole = frame_labels(Dataset(at("a")), "later");
  EXPECT_EQ(whole[0][3], 0.5F);
  EXPECT_EQ(std::ranges::count_if(whole[0], [](float v) { return std::isnan(v); }), 8);
}

TEST_F(LabelTest, AuthorsDisagreeAndTheReaderChooses) {
  write_blind_dataset(at("a"), {3});
  number_rows(at("a"), head("quality", LabelType::kQuality, "ann", "1"), 0);
  number_rows(at("a"), head("quality", LabelType::kQuality, "ann", "3"), 10);
  number_rows(at("a"), head("quality", LabelType::kQuality, "bob", "2"), 20);
  const auto by = [&](const char* rule) {
    return frame_labels(Dataset(at("a")), "quality", parse_label_rule(rule))[0];
  };
  EXPECT_EQ(by("newest"), counted(10, 13));
  EXPECT_EQ(by("author=bob"), counted(20, 23));
  EXPECT_EQ(by("mean"), counted(15, 18));
  EXPECT_EQ(by("any"), counted(20, 23));
  EXPECT_EQ(by("all"), counted(10, 13));
  EXPECT_THAT(message_of([&] { by("author=eve"); }), HasSubstr("there are some by ann, bob"));
  EXPECT_THAT(message_of([&] { by("latest"); }), HasSubstr("newest, author=NAME"));
  EXPECT_THAT(message_of([&] { frame_labels(Dataset(at("a")), "qualitty"); }),
              HasSubstr("there are quality"));
}

TEST_F(LabelTest, ANewerLabelOfSomeFramesLeavesTheRest) {
  write_blind_dataset(at("a"), {4});
  number_rows(at("a"), head("quality", LabelType::kQuality, "ann", "1"), 0);
  Label later = about(at("a"), 0, 1, 3);
  later.value = 9;
  write_labels(at("a"), head("quality", LabelType::kQuality, "ann", "2"), {later});
  EXPECT_THAT(frame_labels(Dataset(at("a")), "quality")[0], ElementsAre(0, 9, 9, 3));
}

TEST_F(LabelTest, ExclusionsCoverFramesOrWholeEpisodes) {
  write_blind_dataset(at("a"), {4, 3});
  using Covered = std::vector<std::vector<uint8_t>>;
  const auto excluded = [&](const char* rule) {
    return excluded_frames(Dataset(at("a")), parse_label_rule(rule));
  };
  EXPECT_EQ(excluded("any"), (Covered{{0, 0, 0, 0}, {0, 0, 0}}));
  add_text(at("a"), head("blurred", LabelType::kExclusion), about(at("a"), 0, 1, 3), "blurred");
  add_text(at("a"), head("collision", LabelType::kExclusion, "bob"), about(at("a"), 1, 0, 0), "");
  EXPECT_EQ(excluded("any"), (Covered{{0, 1, 1, 0}, {1, 1, 1}}));
  EXPECT_EQ(excluded("author=bob"), (Covered{{0, 0, 0, 0}, {1, 1, 1}}));
  EXPECT_EQ(excluded("all"), (Covered{{0, 0, 0, 0}, {0, 0, 0}}));
  EXPECT_THAT(message_of([&] { excluded("mean"); }), HasSubstr("have no mean"));
}

TEST_F(LabelTest, TheTableNamesFramesOfThisDataset) {
  write_blind_dataset(at("a"), {6});
  add_text(at("a"), head("outcome", LabelType::kOutcome), about(at("a"), 0, 0, 0), "failure");
  add_text(at("a"), head("steps", LabelType::kSubtask), about(at("a"), 0, 3, 5), "grasp");
  const io::Table table = labels_table(Dataset(edit(trim_plan(at("a"), {"0=2:"}), "cut")));
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_THAT(table.find("name")->strings, ElementsAre("outcome", "steps"));
  EXPECT_THAT(table.find("text")->strings, ElementsAre("failure", "grasp"));
  EXPECT_TRUE(table.find("begin_frame")->is_null(0));
  EXPECT_EQ(table.find("begin_frame")->ints[1], 1);
  EXPECT_EQ(table.find("end_frame")->ints[1], 2);
}

TEST_F(LabelTest, WhatALabelCannotSayIsRefused) {
  const auto refusal = [](LabelType type, const Label& label) {
    return message_of([&] { check_label(type, label); });
  };
  const Label whole{.recorded = "x"};
  const Label step{.recorded = "x", .begin_ns = 0, .end_ns = 0};
  const auto with = [](Label label, double value) {
    label.value = value;
    return label;
  };
  const auto saying = [](Label label, const char* text) {
    label.text = text;
    return label;
  };
  EXPECT_THAT(refusal(LabelType::kProgress, with(step, 1.5)), HasSubstr("not from 0 to 1"));
  EXPECT_THAT(refusal(LabelType::kTarget, with(step, -1)), HasSubstr("below 0"));
  EXPECT_THAT(refusal(LabelType::kValue, with(step, NAN)), HasSubstr("not finite"));
  EXPECT_THAT(refusal(LabelType::kValue, saying(step, "high")), HasSubstr("needs a number"));
  EXPECT_THAT(refusal(LabelType::kWords, with(step, 1)), HasSubstr("needs text"));
  EXPECT_THAT(refusal(LabelType::kOutcome, saying(whole, "fine")),
              HasSubstr("success, failure, unknown"));
  EXPECT_THAT(refusal(LabelType::kOutcome, saying(step, "success")), HasSubstr("part"));
  EXPECT_THAT(refusal(LabelType::kSubtask, saying(whole, "grasp")), HasSubstr("no times"));
  Label backwards = saying(step, "x");
  backwards.begin_ns = 5;
  EXPECT_THAT(refusal(LabelType::kText, backwards), HasSubstr("goes from 5 to 0"));
  EXPECT_THAT(message_of([] { check_head({.name = "a/b", .author = "x", .kind = "person"}); }),
              HasSubstr("is no name"));
  EXPECT_THAT(message_of([] { check_head({.name = "a", .author = "", .kind = "person"}); }),
              HasSubstr("--author"));
  EXPECT_THAT(message_of([] { check_head({.name = "a", .author = "x", .kind = "cat"}); }),
              HasSubstr("none of person"));
  EXPECT_THAT(message_of([] { parse_label_type("exclusoin"); }), HasSubstr("'exclusion'"));
}

class LabelImport : public LabelTest {
 protected:
  std::vector<ImportedLabels> import(const fs::path& file) const {
    const std::vector<LabelledEpisode> episodes = labelled_episodes(at("a"));
    return import_labels(file, *parquet_, episodes);
  }
  std::string refusal(const fs::path& file) const {
    return message_of([&] { import(file); });
  }
  static void write(const fs::path& file, const std::string& select) {
    io::Parquet::open()->query("COPY (" + select + ") TO '" + file.string() + "' (FORMAT parquet)",
                               file.string());
  }

  const std::shared_ptr<const io::Parquet> parquet_ = io::Parquet::open();
};

TEST_F(LabelImport, AStreamComesBackAsItWas) {
  write_blind_dataset(at("a"), {4, 3});
  const LabelStream stream = number_rows(at("a"), head("value", LabelType::kValue), 0);
  const std::vector<ImportedLabels> imported = import(stream.file);
  ASSERT_EQ(imported.size(), 1U);
  EXPECT_EQ(imported[0].head, stream.head);
  EXPECT_EQ(hash_labels(imported[0].head, imported[0].labels), stream.hash);
}

TEST_F(LabelImport, SidecarsOfGyre01AreTargets) {
  write_blind_dataset(at("a"), {2, 1});
  fs::create_directory(at("a/labels"));
  write(at("a/labels/corrections.parquet"),
        "SELECT * FROM (VALUES ('" + small_episode(2, 0).hash() + "', 0, 0, 0::FLOAT), ('" +
            small_episode(2, 0).hash() + "', 0, 1, 1::FLOAT), ('" + small_episode(1, 1).hash() +
            "', 1, 0, 1::FLOAT)) t(episode_hash, episode_index, frame_index, target)");
  EXPECT_EQ(frame_labels(Dataset(at("a")), "corrections"), (Frames{{0, 1}, {1}}));
  EXPECT_THAT(Labels(at("a")).streams(), IsEmpty());
  const ImportedLabels imported = import(at("a/labels/corrections.parquet")).at(0);
  EXPECT_EQ(imported.head.name, "corrections");
  write_labels(at("a"), imported.head, imported.labels);
  EXPECT_EQ(frame_labels(Dataset(at("a")), "corrections"), (Frames{{0, 1}, {1}}));
}

TEST_F(LabelImport, LeRobotsProgressIsTwoStreams) {
  write_blind_dataset(at("a"), {2, 1});
  write(at("sarm_progress.parquet"),
        "SELECT * FROM (VALUES (0, 0, 0, 0.25::FLOAT, 0.5::FLOAT), (1, 0, 1, 1.0000001::FLOAT, "
        "'nan'::FLOAT), (2, 1, 0, 0.75::FLOAT, NULL)) t(index, episode_index, frame_index, "
        "progress_sparse, progress_dense)");
  for (const ImportedLabels& one : import(at("sarm_progress.parquet"))) {
    write_labels(at("a"), one.head, one.labels);
  }
  EXPECT_EQ(frame_labels(Dataset(at("a")), "progress_sparse"), (Frames{{0.25F, 1}, {0.75F}}));
  const Frames dense = frame_labels(Dataset(at("a")), "progress_dense");
  EXPECT_EQ(dense[0][0], 0.5F);
  EXPECT_THAT((std::array{dense[0][1], dense[1][0]}), Each(IsNan()));
  write(at("far.parquet"),
        "SELECT 0 AS episode_index, 2 AS frame_index, 0.5::FLOAT AS progress_dense");
  EXPECT_THAT(refusal(at("far.parquet")),
              AllOf(HasSubstr("episode 0 has no frame 2"), HasSubstr("frames are 0 to 1")));
  write(at("other.parquet"), "SELECT 9 AS episode_index, 0 AS frame_index, 1 AS progress_dense");
  EXPECT_THAT(refusal(at("other.parquet")), HasSubstr("episode 9 is not here"));
}

TEST_F(LabelImport, AModelsTableIsReadWithAHeadOfItsOwn) {
  write_blind_dataset(at("a"), {3});
  write(at("scores.parquet"),
        "SELECT 0 AS episode_index, unnest([0, 2]) AS frame_index, unnest([0.5, -2]) AS value");
  const std::vector<LabelledEpisode> episodes = labelled_episodes(at("a"));
  LabelHead critic = head("advantage", LabelType::kAdvantage, "critic");
  const ImportedLabels scores =
      import_labels(at("scores.parquet"), *parquet_, episodes, critic).at(0);
  write_labels(at("a"), scores.head, scores.labels);
  const Frames read = frame_labels(Dataset(at("a")), "advantage");
  EXPECT_THAT(read[0], ElementsAre(0.5F, IsNan(), -2));
  critic.type = LabelType::kText;
  EXPECT_THAT(message_of([&] { import_labels(at("scores.parquet"), *parquet_, episodes, critic); }),
              HasSubstr("frame_index and text, but episode_index, frame_index, value"));
}

TEST_F(LabelImport, OthersLabelsAreRefusedInOneLine) {
  write_blind_dataset(at("a"), {4});
  write_blind_dataset(at("b"), {6}, 7);
  const LabelStream strange = number_rows(at("b"), head("value", LabelType::kValue), 0);
  EXPECT_THAT(refusal(strange.file), AllOf(HasSubstr("1 episodes that are not here"),
                                           HasSubstr(small_episode(6, 7).hash())));
  LabelHead other = head("value", LabelType::kValue);
  other.contract_hash = "feedfeedfeedfeed";
  EXPECT_THAT(refusal(number_rows(at("a"), other, 0).file),
              AllOf(HasSubstr("feedfeedfeedfeed"), HasSubstr(blind_embodiment().contract_hash())));
  Label late = about(at("a"), 0, 0, 1);
  late.begin_ns = late.end_ns = 400'000'000;
  late.value = 1;
  EXPECT_THAT(refusal(write_labels(at("a"), head("late", LabelType::kValue), {late}).file),
              AllOf(HasSubstr("0.400 s"), HasSubstr("4 recorded frames end at 0.300 s")));
}

TEST_F(LabelImport, DamageAndLaterFormatsAreNamed) {
  write_blind_dataset(at("a"), {4});
  const LabelStream stream = number_rows(at("a"), head("value", LabelType::kValue), 0);
  const std::string bytes = io::read_text(stream.file);
  io::write_atomically(at("torn.parquet"), bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(refusal(at("torn.parquet")), HasSubstr("torn.parquet"));
  const std::string from = "SELECT * FROM '" + stream.file.string() + "'";
  const auto rewritten = [&](const std::string& name, const std::string& select,
                             const std::string& json) {
    io::Parquet::open()->query("COPY (" + select + ") TO '" + at(name).string() +
                                   "' (FORMAT parquet, KV_METADATA {gyre: '" + json + "'})",
                               name);
    return refusal(at(name));
  };
  EXPECT_THAT(rewritten("later.parquet", from, R"({"format": 2})"),
              AllOf(HasSubstr("format 2, this Gyre reads 1"), HasSubstr("update Gyre")));
  EXPECT_THAT(rewritten("broken.parquet", from, R"({"format": 1})"), HasSubstr("broken head"));
  const std::string known = io::Parquet::open()->metadata(stream.file, "gyre");
  EXPECT_THAT(rewritten("changed.parquet", from + " WHERE value > 0", known),
              HasSubstr("was changed"));
  write(at("strange.parquet"), "SELECT 1 AS score");
  EXPECT_THAT(refusal(at("strange.parquet")), HasSubstr("its columns are score"));
  io::write_atomically(at("a/labels/torn.parquet"), bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(message_of([&] { const Labels labels(at("a")); }), HasSubstr("torn.parquet"));
}

}  // namespace
}  // namespace gyre::data
