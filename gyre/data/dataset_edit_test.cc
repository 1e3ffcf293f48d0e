#include "gyre/data/dataset_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/data/dataset_edit_plan.h"
#include "gyre/data/dataset_edit_testing.h"
#include "gyre/data/dataset_verify.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::small_embodiment;
using testing::small_episode;
using testing::write_dataset;

class DatasetEditing : public ::testing::Test {
 protected:
  fs::path at(const std::string& name) const { return folder_ / name; }
  EditReport edit(const DatasetEdit& what, const std::string& out) {
    return edit_dataset(what, {.out = at(out), .provenance = {"data test", {"x"}}});
  }
  // Finds nothing wrong, every picture decoded.
  static void expect_whole(const fs::path& folder) {
    std::string lines;
    for (const Finding& finding : verify_dataset(folder).findings) lines += finding.line() + '\n';
    EXPECT_EQ(lines, "") << folder;
  }
  // Episodes equal in all that training reads.
  static void expect_same(const EpisodeRows& found, const EpisodeRows& wanted, size_t first = 0) {
    ASSERT_LE(first + found.rows.size(), wanted.rows.size());
    EXPECT_EQ(found.seed, wanted.seed);
    EXPECT_EQ(found.success, wanted.success);
    for (size_t i = 0; i < found.rows.size(); ++i) {
      const Row &a = found.rows[i], &b = wanted.rows[first + i];
      EXPECT_EQ(a.index, static_cast<int64_t>(i));
      EXPECT_EQ(a.time_ns, b.time_ns);
      EXPECT_EQ(a.state, b.state);
      EXPECT_EQ(a.action, b.action);
      EXPECT_EQ(a.subtask, b.subtask);
      EXPECT_EQ(a.grounding, b.grounding);
      ASSERT_EQ(a.images.size(), b.images.size());
      for (size_t c = 0; c < a.images.size(); ++c) {
        EXPECT_LT(testing::mean_difference(a.images[c], b.images[c]), 4) << i;
      }
    }
  }

  testing::TemporaryFolder folder_;
};

TEST_F(DatasetEditing, AMergeHoldsBothAndKnowsItsInputs) {
  write_dataset(at("a"), {9, 4}, 10);
  write_dataset(at("b"), {7}, 20, "turn the arm");
  const EditReport report = edit(merge_plan({at("a"), at("b")}), "c");
  EXPECT_EQ(report.episodes, 3);
  EXPECT_EQ(report.frames, 20);
  EXPECT_THAT(report.notes, IsEmpty());  // no picture was encoded again
  const Dataset merged(at("c"));
  EXPECT_EQ(merged.hash(), report.hash);
  expect_same(merged.read(0), small_episode(9, 10));
  expect_same(merged.read(1), small_episode(4, 11));
  const EpisodeRows last = merged.read(2);
  expect_same(last, small_episode(7, 20, "turn the arm"));
  EXPECT_EQ(last.instruction, "turn the arm");
  expect_whole(at("c"));
  const json history = json::parse(io::read_text(at("c/meta/gyre_history.json")));
  EXPECT_EQ(history[0]["verb"], "data test");
  EXPECT_EQ(history[0]["inputs"][1]["folder"], at("b").string());
  EXPECT_EQ(history[0]["inputs"][1]["hash"], Dataset(at("b")).hash());
  EXPECT_THAT(history_lines(read_history(at("c"))),
              ElementsAre(HasSubstr("data test x (of " + at("a").string())));
}

TEST_F(DatasetEditing, OtherContractsAreNotMerged) {
  write_dataset(at("a"), {4});
  Embodiment other = small_embodiment();
  other.state[1].name = "wrist";
  {
    DatasetWriter writer(at("b"), other);
    writer.add(small_episode(4, 1));
    writer.finish();
  }
  const std::string message = message_of([&] { edit(merge_plan({at("a"), at("b")}), "c"); });
  EXPECT_THAT(message, HasSubstr(at("a").string()));
  EXPECT_THAT(message, HasSubstr(at("b").string()));
  EXPECT_THAT(message, HasSubstr("observation.state"));
  EXPECT_FALSE(fs::exists(at("c")));
  Embodiment slow = small_embodiment();
  slow.action_period_s = 0.2;
  {
    DatasetWriter writer(at("d"), slow);
    writer.add(small_episode(4, 1));
    writer.finish();
  }
  EXPECT_THAT(message_of([&] {
                edit(merge_plan({at("a"), at("d")}), "c");
              }),
              HasSubstr("fps: 10 and 5"));
}

// {"turn": 0, "grip": 1} beside {"grip": 0, "turn": 1}.
TEST_F(DatasetEditing, NamesAsAMapAreComparedByTheirPlaces) {
  for (const char* name : {"a", "b"}) {
    write_dataset(at(name), {4}, 10);
    json info = json::parse(io::read_text(at(name) / "meta/info.json"));
    const json names = info["features"]["observation.state"]["names"];
    json map = json::object();
    const size_t n = names.size();
    for (size_t i = 0; i < n; ++i) map[names[i].get<std::string>()] = *name == 'a' ? i : n - 1 - i;
    info["features"]["observation.state"]["names"] = map;
    io::write_atomically(at(name) / "meta/info.json", info.dump());
    fs::remove(at(name) / "meta/gyre.json");
  }
  EXPECT_THAT(message_of([&] {
                edit(merge_plan({at("a"), at("b")}), "c");
              }),
              HasSubstr("feature 'observation.state', names"));
}

TEST_F(DatasetEditing, DeletedEpisodesAreGoneAndTheRestIsNumberedAnew) {
  write_dataset(at("a"), {5, 6, 7, 8});
  edit(delete_plan(at("a"), "0,2"), "b");
  const Dataset rest(at("b"));
  ASSERT_EQ(rest.episodes().size(), 2U);
  expect_same(rest.read(0), small_episode(6, 1));
  expect_same(rest.read(1), small_episode(8, 3));
  expect_whole(at("b"));
  EXPECT_THAT(message_of([&] { delete_plan(at("a"), "1,4"); }),
              HasSubstr("has no episode 4; its episodes are 0 to 3"));
  EXPECT_THAT(message_of([&] { delete_plan(at("a"), "0-3"); }), HasSubstr("every episode"));
  EXPECT_THAT(message_of([&] { delete_plan(at("a"), "two"); }), HasSubstr("'two'"));
  expect_whole(at("a"));
}

TEST_F(DatasetEditing, ACutBeginsAtZeroAndSaysWhatItEncodedAnew) {
  write_dataset(at("a"), {20, 9}, 4);
  const EditReport even = edit(trim_plan(at("a"), {"0=6:16"}), "even");
  EXPECT_THAT(even.notes, IsEmpty());  // a key frame each third frame
  expect_same(Dataset(at("even")).read(0), small_episode(20, 4), 6);
  expect_whole(at("even"));
  const EditReport odd = edit(trim_plan(at("a"), {"0=5:-3"}), "odd");
  EXPECT_THAT(odd.notes, ElementsAre(HasSubstr("front: 1 episodes were encoded anew"),
                                     HasSubstr("wrist: 1 episodes")));
  const EpisodeRows cut = Dataset(at("odd")).read(0);
  EXPECT_EQ(cut.rows.size(), 12U);
  expect_same(cut, small_episode(20, 4), 5);
  expect_whole(at("odd"));
  EXPECT_THAT(message_of([&] { trim_plan(at("a"), {"1=3:10"}); }),
              HasSubstr("frames 3:10 are not in it; it has frames 0 to 8"));
}

TEST_F(DatasetEditing, ASplitDealsEachEpisodeOnce) {
  write_dataset(at("a"), {4, 4, 4, 4, 4});
  const auto parts = split_plan(at("a"), {"train=0.8", "val=0.2"});
  ASSERT_EQ(parts.size(), 2U);
  edit(parts[0].second, "train");
  edit(parts[1].second, "val");
  EXPECT_EQ(Dataset(at("train")).episodes().size(), 4U);
  expect_same(Dataset(at("val")).read(0), small_episode(4, 4));
  std::vector<int64_t> shuffled;
  for (const auto& [name, part] : split_plan(at("a"), {"a=0.4", "b=0.6"}, 7)) {
    for (const KeptEpisode& kept : part.episodes) shuffled.push_back(kept.episode);
  }
  EXPECT_THAT(shuffled, ::testing::UnorderedElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(message_of([&] {
                split_plan(at("a"), {"x=0-2", "y=2"});
              }),
              HasSubstr("episode 2 would be in two parts"));
  EXPECT_THAT(message_of([&] { split_plan(at("a"), {"../x=0"}); }), HasSubstr("no folder's name"));
}

TEST_F(DatasetEditing, WordsChange) {
  write_dataset(at("a"), {4, 4}, 0, "a = b");
  DatasetEdit plan = tasks_plan(at("a"), {"a = b=lift it"}, {"1=lower it"});
  edit(plan, "b");
  const Dataset changed(at("b"));
  EXPECT_EQ(changed.read(0).instruction, "lift it");
  EXPECT_EQ(changed.read(0).rows[2].task, "lift it");
  EXPECT_EQ(changed.read(1).instruction, "lower it");
  expect_whole(at("b"));
  EXPECT_THAT(message_of([&] { edit(tasks_plan(at("a"), {"a == b=x"}, {}), "c"); }),
              HasSubstr("has no task"));
}

// Columns, annotations and files that Gyre does not know.
TEST_F(DatasetEditing, WhatGyreDoesNotKnowGoesWithTheFrames) {
  write_dataset(at("a"), {6, 5});
  testing::change_rows(at("a") / testing::kFirstData,
                       "*, (index * 3)::UTINYINT AS touch, [index, index + 1]::SMALLINT[] AS pair, "
                       "TIMESTAMP '2026-01-02 03:04:05' + to_seconds(index) AS clock");
  testing::change_rows(
      at("a/meta/episodes/chunk-000/file-000.parquet"),
      "*, episode_index::INTEGER + 40 AS quality, ['grasp', 'lift'] AS subtask_names");
  json info = json::parse(io::read_text(at("a/meta/info.json")));
  info["features"]["touch"] = {{"dtype", "uint8"}, {"shape", {1}}, {"names", nullptr}};
  info["features"]["pair"] = {{"dtype", "int16"}, {"shape", {2}}, {"names", nullptr}};
  info["features"]["clock"] = {{"dtype", "string"}, {"shape", {1}}, {"names", nullptr}};
  info["mood"] = "good";
  io::write_atomically(at("a/meta/info.json"), info.dump());
  io::write_atomically(at("a/meta/modality.json"), "{\"state\": 1}");
  edit(delete_plan(at("a"), "0"), "b");
  const auto parquet = io::Parquet::open();
  std::map<std::string, std::string> types;
  for (const auto& column : parquet->columns(at("b") / testing::kFirstData)) {
    types[column.name] = column.type;
  }
  EXPECT_EQ(types["touch"], "UTINYINT");
  EXPECT_EQ(types["pair"], "SMALLINT[]");
  EXPECT_EQ(types["clock"], "TIMESTAMP");
  const io::Table rows = parquet->query("SELECT touch, pair[2], epoch(clock)::BIGINT % 60 FROM '" +
                                            (at("b") / testing::kFirstData).string() + "'",
                                        "b");
  EXPECT_THAT(rows.columns[0].ints, ElementsAre(18, 21, 24, 27, 30));
  EXPECT_THAT(rows.columns[1].ints, ElementsAre(7, 8, 9, 10, 11));
  EXPECT_THAT(rows.columns[2].ints, ElementsAre(11, 12, 13, 14, 15));
  const io::Table episodes =
      parquet->read(at("b/meta/episodes/chunk-000/file-000.parquet"), {"quality", "subtask_names"});
  EXPECT_THAT(episodes.columns[0].ints, ElementsAre(41));
  EXPECT_THAT(episodes.columns[1].children[0].strings, ElementsAre("grasp", "lift"));
  EXPECT_EQ(json::parse(io::read_text(at("b/meta/info.json")))["mood"], "good");
  EXPECT_EQ(io::read_text(at("b/meta/modality.json")), "{\"state\": 1}");
  expect_whole(at("b"));
}

TEST_F(DatasetEditing, AnEditInPlaceKeepsTheFormerFolder) {
  write_dataset(at("a"), {5, 6});
  const std::string before = Dataset(at("a")).hash();
  const EditReport report = edit_dataset(delete_plan(at("a"), "1"), {});
  EXPECT_EQ(report.backup, at("a.backup"));
  EXPECT_EQ(Dataset(at("a")).episodes().size(), 1U);
  EXPECT_EQ(Dataset(at("a.backup")).hash(), before);
  edit_dataset(whole_dataset(at("a")), {});
  EXPECT_TRUE(fs::exists(at("a.backup-2")));
  expect_whole(at("a"));
}

TEST_F(DatasetEditing, NothingIsWrittenThatWasNotAskedFor) {
  write_dataset(at("a"), {5, 6});
  EXPECT_EQ(edit_dataset(delete_plan(at("a"), "1"), {.out = at("b"), .dry_run = true}).episodes, 1);
  EXPECT_FALSE(fs::exists(at("b")));
  const EditReport stopped =
      edit_dataset(delete_plan(at("a"), "1"), {.out = at("b"), .stop = [] { return true; }});
  EXPECT_TRUE(stopped.stopped);
  EXPECT_FALSE(fs::exists(at("b")));
  fs::create_directory(at("full"));
  io::write_atomically(at("full/file"), "x");
  EXPECT_THAT(message_of([&] { edit(whole_dataset(at("a")), "full"); }),
              HasSubstr("is there already"));
  EXPECT_THAT(message_of([&] { edit(whole_dataset(at("a")), "no/such/place"); }),
              HasSubstr("no such folder"));
  // A data file that is torn: the edit fails, and leaves no trace.
  const std::string bytes = io::read_text(at("a") / testing::kFirstData);
  io::write_atomically(at("a") / testing::kFirstData, bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(message_of([&] { edit(whole_dataset(at("a")), "b"); }),
              HasSubstr("file-000.parquet"));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(at(".")))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("a", "full"));
}

TEST_F(DatasetEditing, FeaturesAndCamerasAreDropped) {
  write_dataset(at("a"), {5});
  DatasetEdit drop = whole_dataset(at("a"));
  drop.drop = {"observation.images.wrist", "observation.grounding", "source"};
  edit(drop, "b");
  const Dataset rest(at("b"));
  ASSERT_EQ(rest.embodiment().cameras.size(), 1U);
  EXPECT_EQ(rest.read(0).rows[0].images.size(), 1U);
  EXPECT_FALSE(fs::exists(at("b/videos/observation.images.wrist")));
  expect_whole(at("b"));
  drop.drop = {"sourse"};
  EXPECT_THAT(message_of([&] { edit(drop, "c"); }), HasSubstr("did you mean 'source'?"));
  drop.drop = {"index"};
  EXPECT_THAT(message_of([&] { edit(drop, "c"); }), HasSubstr("every dataset has 'index'"));
  drop.drop = {"observation.images.wrist"};
  EXPECT_THAT(message_of([&] { edit(drop, "c"); }), HasSubstr("observation.grounding"));
}

TEST_F(DatasetEditing, VideosAreEncodedAnewInAnotherSize) {
  write_dataset(at("a"), {6});
  DatasetEdit encode = whole_dataset(at("a"));
  encode.encode =
      DatasetEdit::Encode{.codec = "av1", .crf = {}, .group = 3, .width = 64, .height = 64};
  edit(encode, "b");
  const Dataset small(at("b"));
  EXPECT_EQ(small.embodiment().cameras[1].width, 64);
  EXPECT_EQ(small.read(0).rows[5].images[0].height, 64);
  const json info = json::parse(io::read_text(at("b/meta/info.json")));
  const json& front = info["features"]["observation.images.front"];
  EXPECT_EQ(front["info"]["video.codec"], "av1");
  EXPECT_EQ(front["shape"], json({64, 64, 3}));
  expect_whole(at("b"));
}

}  // namespace
}  // namespace gyre::data
