// Where other people's files lie: paths of any letters, links, hidden files, pointers, and what
// their meta/ folders lack.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/foreign_testing.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::ForeignFolder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;
using testing::Told;

constexpr const char* kPointerText =
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";

// What the folder named holds, whatever lies beside it and would match as a pattern.
TEST(DatasetPlaces, APathIsAPath) {
  const std::vector<std::pair<std::string, std::string>> pairs = {{"take[12]", "take1"},
                                                                  {"w?", "wx"},
                                                                  {"a*", "ab"},
                                                                  {"**", "deep"},
                                                                  {"[take]", "t"},
                                                                  {"cloth (left arm), 100 %", "x"},
                                                                  {"Tücher falten ✓", "x"},
                                                                  {"it's {0} \"so\"", "x"},
                                                                  {"~", "x"},
                                                                  {"task=demo", "x"},
                                                                  {"episode_index=0", "x"},
                                                                  {"timestamp=2026-01-05", "x"},
                                                                  {"back\\slash", "x"},
                                                                  {"\xff latin", "x"}};
  ForeignFolder other;
  other.tasks = {{io::int_column("task_index", {0}), io::string_column("task", {"wrong"})}};
  for (const auto& [name, beside] : pairs) {
    TemporaryFolder folder;
    fs::create_directories((folder / beside).parent_path());
    other.write(folder / beside);
    fs::rename(ForeignFolder({5, 4}, 10, true).write(folder / "plain"), folder / name);
    const Dataset dataset(folder / name);
    const EpisodeRows episode = dataset.read(1);
    EXPECT_EQ(episode.rows[3].task, "fold it") << name;
    EXPECT_EQ(episode.rows[3].state, ForeignFolder::state(1, 3)) << name;
    EXPECT_EQ(episode.rows[3].time_ns, 300'000'000) << name;
  }
}

// Names of the folder above never become columns either.
TEST(DatasetPlaces, AFoldersNameIsNoColumn) {
  TemporaryFolder folder;
  ForeignFolder foreign;
  for (io::Table& table : foreign.data) ForeignFolder::remove(table, "timestamp");
  foreign.info["features"].erase("timestamp");
  const Dataset dataset(foreign.write(folder / "timestamp=7/task_index=3/d"));
  EXPECT_EQ(dataset.read(1).rows[2].time_ns, 200'000'000);
  EXPECT_EQ(dataset.read(1).rows[2].task, "fold it");
}

// snapshots/<revision> of links to blobs, read-only, as a hub's client keeps them; and folders that
// are links.
TEST(DatasetPlaces, LinksAreFollowed) {
  TemporaryFolder folder;
  ForeignFolder({5, 4}, 10, true).write(folder / "d");
  int number = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "d")) {
    if (!entry.is_regular_file()) continue;
    const fs::path name = entry.path().lexically_relative(folder / "d");
    const fs::path link = folder / "hub/snapshots/5f3d" / name;
    const fs::path blob = folder / "hub/blobs" / std::to_string(number++);
    fs::create_directories(blob.parent_path());
    fs::create_directories(link.parent_path());
    fs::copy_file(entry.path(), blob);
    fs::create_symlink(fs::relative(blob, link.parent_path()), link);
  }
  const auto read_only = [&](fs::perms bits, fs::perm_options how) {
    for (const auto& entry : fs::recursive_directory_iterator(folder / "hub")) {
      if (!entry.is_symlink()) fs::permissions(entry.path(), bits, how);
    }
  };
  const fs::perms write = fs::perms::owner_write;
  read_only(write, fs::perm_options::remove);
  const Dataset hub(folder / "hub/snapshots/5f3d");
  EXPECT_EQ(hub.read(1).rows[3].state, ForeignFolder::state(1, 3));
  EXPECT_EQ(hub.hash(), Dataset(folder / "d").hash());
  read_only(write, fs::perm_options::add);

  for (const char* part : {"meta/episodes/chunk-000", "data", "videos"}) {
    const fs::path store = folder / ("store" + std::to_string(number++));
    fs::rename(folder / "d" / part, store);
    fs::create_directory_symlink(store, folder / "d" / part);
  }
  const Dataset linked(folder / "d");
  EXPECT_EQ(linked.read(1).rows[3].state, ForeignFolder::state(1, 3));
  EXPECT_EQ(linked.hash(), hub.hash());
  fs::create_directory_symlink(folder / "d/meta", folder / "d/meta/episodes/round");
  EXPECT_THAT(message_of([&] { Dataset(folder / "d"); }), HasSubstr("meta/episodes"));
}

TEST(DatasetPlaces, HiddenFilesArePassedOver) {
  TemporaryFolder folder;
  const fs::path path = ForeignFolder().write(folder / "d");
  const std::string hash = Dataset(path).hash();
  for (const char* name : {"meta/.DS_Store", "meta/episodes/chunk-000/._file-000.parquet",
                           "meta/episodes/.cache/file-000.parquet", "data/chunk-000/.DS_Store"}) {
    ForeignFolder::write_text(path / name, "Mac OS X");
  }
  EXPECT_EQ(Dataset(path).hash(), hash);
  EXPECT_EQ(Dataset(path).read(1).rows.size(), 4u);
}

TEST(DatasetPlaces, GitLfsPointersAreNamedWithTheRemedy) {
  TemporaryFolder folder;
  const fs::path path = ForeignFolder({5, 4}, 10, true).write(folder / "d");
  ForeignFolder::write_text(path / "videos/observation.images.top/chunk-000/file-000.mp4",
                            kPointerText);
  EXPECT_THAT(Dataset(path).present(), IsEmpty());
  EXPECT_THAT(message_of([&] { Dataset(path).read(0); }),
              AllOf(HasSubstr("file-000.mp4"), HasSubstr("git lfs pull")));
  ForeignFolder::write_text(path / "data/chunk-000/file-000.parquet", kPointerText);
  EXPECT_THAT(message_of([&] { Dataset(path).read(0); }),
              AllOf(HasSubstr("file-000.parquet"), HasSubstr("git lfs pull")));
  ForeignFolder::write_text(path / "meta/episodes/chunk-000/file-000.parquet", kPointerText);
  EXPECT_THAT(message_of([&] { Dataset{path}; }),
              AllOf(HasSubstr("meta/episodes"), HasSubstr("git lfs pull")));
  ForeignFolder::write_text(path / "meta/info.json", kPointerText);
  EXPECT_THAT(message_of([&] { Dataset{path}; }),
              AllOf(HasSubstr("info.json"), HasSubstr("git lfs pull")));
}

TEST(DatasetPlaces, APlaceThatIsNullIsAMissingEpisode) {
  ForeignFolder foreign({5, 4}, 10, true);
  io::Column& chunk =
      ForeignFolder::column(foreign.episodes, "videos/observation.images.top/chunk_index");
  chunk.nulls = {0, 1};
  TemporaryFolder folder;
  const Dataset dataset(foreign.write(folder / "d"));
  EXPECT_EQ(dataset.missing(), std::vector<int64_t>{1});
  EXPECT_THAT(message_of([&] { dataset.read(1); }),
              AllOf(HasSubstr("episode 1"), HasSubstr("its video 'observation.images.top'")));
  EXPECT_EQ(dataset.read(0).rows.size(), 5u);
  ForeignFolder::remove(foreign.episodes, "videos/observation.images.top/from_timestamp");
  EXPECT_EQ(Dataset(foreign.write(folder / "e")).missing().size(), 2u);
}

// Numbers of the index that became doubles or lost precision, words without a list.
TEST(DatasetPlaces, TheIndexMayHaveOtherTypes) {
  ForeignFolder foreign({5, 4}, 10, true);
  for (io::Column& column : foreign.episodes.columns) {
    if (column.kind == io::ColumnKind::kInt64) {
      column = io::double_column(column.name, {column.ints.begin(), column.ints.end()});
    } else if (column.kind == io::ColumnKind::kDouble) {
      column = io::float_column(column.name, {column.doubles.begin(), column.doubles.end()});
    } else {
      column = io::string_column(column.name, {"fold it", "hang it"});
    }
  }
  foreign.tasks = {{io::double_column("task_index", {0}), io::string_column("task", {"fold it"})}};
  TemporaryFolder folder;
  const Dataset dataset(foreign.write(folder / "d"));
  EXPECT_EQ(dataset.episode(1).tasks, std::vector<std::string>{"hang it"});
  const EpisodeRows episode = dataset.read(1);
  EXPECT_LT(testing::mean_difference(episode.rows[3].images[0], ForeignFolder::picture(1, 3)), 8);
  ForeignFolder::column(foreign.episodes, "length").doubles[1] = 4.5;
  EXPECT_THAT(message_of([&] { Dataset(foreign.write(folder / "e")); }),
              AllOf(HasSubstr("file-000.parquet"), HasSubstr("'length'")));
}

TEST(DatasetPlaces, WordsThatMetaLacksAreThoseOfTheEpisode) {
  ForeignFolder foreign;
  TemporaryFolder folder;
  Told told;
  for (int64_t& task : ForeignFolder::column(foreign.data[1], "task_index").ints) task = 5;
  const Dataset dataset(foreign.write(folder / "d"), {.tell = told.tell()});
  EXPECT_EQ(dataset.read(1).rows[0].task, "fold it");
  EXPECT_THAT(told.text(), HasSubstr("no words for task 5"));
  fs::remove(folder / "d/meta/tasks.parquet");
  EXPECT_EQ(Dataset(folder / "d").read(0).instruction, "fold it");
  // pandas' way to store an index without a name.
  foreign.tasks.columns[1].name = "__index_level_0__";
  EXPECT_EQ(Dataset(foreign.write(folder / "e")).read(0).rows[0].task, "fold it");
}

TEST(DatasetPlaces, LinesOfWhiteSpaceAndWindowsEndsArePassedOver) {
  TemporaryFolder folder;
  ForeignFolder foreign;
  for (const char* version : {"v2.1", "v2.0"}) {
    const fs::path path = foreign.write_v2(folder / version, version);
    for (const char* name : {"episodes.jsonl", "tasks.jsonl", "info.json"}) {
      std::string text = io::read_text(path / "meta" / name), windows = "\xef\xbb\xbf";
      for (char c : text) windows += c == '\n' ? "\r\n" : std::string(1, c);
      ForeignFolder::write_text(path / "meta" / name, windows + "\r\n   \t\n\n");
    }
    const Dataset dataset(path);
    EXPECT_EQ(dataset.version(), version);
    EXPECT_EQ(dataset.read(1).rows[3].state, ForeignFolder::state(1, 3));
    EXPECT_EQ(dataset.read(1).rows[3].task, "fold it");
    EXPECT_EQ(dataset.stats("action")->max, (std::vector<double>{9, 9})) << version;
  }
  ForeignFolder::write_text(folder / "v2.1/meta/tasks.jsonl", "\n\n{\"task_index\": 0, \"ta");
  EXPECT_THAT(message_of([&] { Dataset(folder / "v2.1"); }),
              HasSubstr("tasks.jsonl: line 3 is broken"));
  ForeignFolder::write_text(folder / "v2.1/meta/tasks.jsonl", "\n{\"task_index\": \"x\"}");
  EXPECT_THAT(message_of([&] { Dataset(folder / "v2.1"); }), HasSubstr("tasks.jsonl: line 2"));
}

// Columns of every kind beside state and action, and language annotations with double times.
TEST(DatasetPlaces, MoreColumnsAreReadOrPassedOver) {
  for (const char* time : {"FLOAT", "DOUBLE", "BIGINT", "VARCHAR"}) {
    TemporaryFolder folder;
    ForeignFolder foreign;
    for (const auto& [name, dtype] : {std::pair{"observation.contact", "bool"},
                                      {"observation.mode", "string"},
                                      {"observation.grid", "float32"},
                                      {"when", "datetime"},
                                      {"source", "string"},
                                      {"language_persistent", "language"}}) {
      foreign.info["features"][name] = {{"dtype", dtype}, {"shape", {1}}, {"names", nullptr}};
    }
    const fs::path path = foreign.write(folder / "d");
    const std::string file = (path / "data/chunk-000/file-000.parquet").string();
    ForeignFolder::parquet().query(
        fmt::format(R"(COPY (SELECT *, frame_index % 2 = 0 AS "observation.contact",
                         'grasp é' AS "observation.mode",
                         [[1.0, 2.0], [3.0, 4.0]] AS "observation.grid", now() AS "when",
                         'teleop' AS source, now() AS "next.success",
                         [{{'role': 'assistant', 'content': 'reach', 'style': 'subtask',
                            'timestamp': 0::{0}}},
                          {{'role': 'assistant', 'content': 'fold', 'style': 'subtask',
                            'timestamp': '1'::{0}}}] AS language_persistent
                       FROM read_parquet('{1}')) TO '{1}.new' (FORMAT parquet))",
                    time, file),
        "more columns");
    fs::rename(file + ".new", file);
    Told told;
    const Dataset dataset(path, {.tell = told.tell()});
    const EpisodeRows episode = dataset.read(0);
    EXPECT_EQ(episode.rows[3].state, ForeignFolder::state(0, 3));
    EXPECT_EQ(episode.rows[3].source, Source::kHuman);
    EXPECT_FALSE(episode.success.has_value());
    const bool text = std::string(time) == "VARCHAR";
    EXPECT_EQ(episode.rows[3].subtask, text ? "" : "reach") << time;
    EXPECT_THAT(told.text(), AllOf(HasSubstr("nothing reads observation.contact, "
                                             "observation.mode, observation.grid, when"),
                                   HasSubstr("column 'source' is passed over"),
                                   HasSubstr("column 'next.success' is passed over")));
    EXPECT_EQ(told.text().find("language_persistent") != std::string::npos, text);
  }
}

TEST(DatasetPlaces, WhatTheFileLacksIsNamedWithWhatItHas) {
  ForeignFolder foreign;
  for (io::Table& table : foreign.data) ForeignFolder::column(table, "action").name = "act";
  TemporaryFolder folder;
  EXPECT_THAT(message_of([&] { Dataset(foreign.write(folder / "d")).read(0); }),
              AllOf(HasSubstr("file-000.parquet: it has no column 'action'"), HasSubstr("act")));
}

// Episodes that do not lie side by side in their file, and rows that belong to none.
TEST(DatasetPlaces, RowsOfAnEpisodeAreFoundWhereverTheyLie) {
  ForeignFolder foreign({6, 3, 2});
  const io::Table first = foreign.data[0];
  foreign.data = {io::slice(first, 0, 2), foreign.data[1], io::slice(first, 2, 4), foreign.data[2],
                  foreign.data[2]};
  for (int64_t& index : ForeignFolder::column(foreign.data[4], "episode_index").ints) index = 9;
  TemporaryFolder folder;
  const Dataset dataset(foreign.write(folder / "d"));
  EXPECT_EQ(dataset.read(0).rows[5].state, ForeignFolder::state(0, 5));
  EXPECT_EQ(dataset.read(2).rows[1].state, ForeignFolder::state(2, 1));
  ForeignFolder::column(foreign.episodes, "length").ints = {6, 4, 2};
  EXPECT_THAT(message_of([&] { Dataset(foreign.write(folder / "e")).read(1); }),
              HasSubstr("3 frames of episode 1, not 4"));
}

TEST(DatasetPlaces, APathOfInfoJsonStaysInTheFolder) {
  for (const char* path : {"../other/{file_index}.parquet", "/etc/{file_index}.parquet",
                           "data/{nothing}.parquet", "data/{file_index:0999999999d}"}) {
    ForeignFolder foreign;
    foreign.info["data_path"] = path;
    TemporaryFolder folder;
    const auto written = foreign.write(folder / "d");
    if (std::string(path).find("9999") != std::string::npos) {
      EXPECT_THAT(Dataset(written).present(), IsEmpty());
    } else {
      EXPECT_THAT(message_of([&] { Dataset{written}; }), HasSubstr("its path")) << path;
    }
  }
}

}  // namespace
}  // namespace gyre::data
