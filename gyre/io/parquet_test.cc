#include "gyre/io/parquet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/io/file.h"

namespace gyre::io {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ParquetTest : public testing::Test {
 protected:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("gyre_parquet_" + std::to_string(getpid()));
  std::shared_ptr<const Parquet> parquet_ = Parquet::open();
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static Table example(int64_t episode, size_t rows) {
    Column notes = list_column("notes", {}, 1, rows);
    notes.children[0] = {.name = "element", .kind = ColumnKind::kStruct};
    notes.children[0].children = {
        string_column("text", std::vector<std::string>(rows, "it's \"so\", {long} enough")),
        float_column("when", std::vector<float>(rows, 0.5f))};
    Column optional = string_column("optional", std::vector<std::string>(rows, "x"));
    optional.nulls.assign(rows, 0);
    optional.nulls[0] = 1;
    std::vector<float> values(rows * 3);
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) * 0.1f;
    return {{int_column("episode", std::vector<int64_t>(rows, episode)),
             list_column("state", float_column("", values), 3, rows),
             list_column("nested",
                         list_column("", double_column("", std::vector<double>(rows * 2, 0.1)), 1,
                                     rows * 2),
                         2, rows),
             bool_column("flag", std::vector<uint8_t>(rows, 1)), std::move(notes),
             std::move(optional)}};
  }
};

TEST_F(ParquetTest, GivesBackEveryKindOfColumn) {
  const auto file = folder_ / "it's.parquet";
  const std::vector<Table> groups = {example(4, 5), example(5, 7)};
  parquet_->write(file, groups);
  const Table all = parquet_->read(file);
  ASSERT_EQ(all.rows(), 12u);
  const Table second = parquet_->read(file, {}, Parquet::RowFilter{"episode", 5});
  ASSERT_EQ(second.rows(), 7u);
  const Table& wanted = groups[1];
  EXPECT_EQ(second.columns[0].ints, wanted.columns[0].ints);
  EXPECT_EQ(second.columns[1].children[0].floats, wanted.columns[1].children[0].floats);
  EXPECT_EQ(second.columns[1].ends, wanted.columns[1].ends);
  EXPECT_EQ(second.columns[2].children[0].children[0].doubles, std::vector<double>(14, 0.1));
  EXPECT_EQ(second.columns[3].bools, wanted.columns[3].bools);
  const Column& notes = second.columns[4].children[0];
  EXPECT_EQ(notes.children[0].strings[3], "it's \"so\", {long} enough");
  EXPECT_EQ(notes.children[1].floats[6], 0.5f);
  EXPECT_TRUE(second.columns[5].is_null(0));
  EXPECT_EQ(second.columns[5].strings[1], "x");
  const Table sliced = slice(all, 5, 7);
  EXPECT_EQ(sliced.columns[1].ends, second.columns[1].ends);
  EXPECT_EQ(sliced.columns[1].children[0].floats, second.columns[1].children[0].floats);
  EXPECT_EQ(sliced.columns[4].children[0].rows(), 7u);
  EXPECT_EQ(sliced.columns[5].nulls, second.columns[5].nulls);
  EXPECT_EQ(parquet_->read(file, {"flag"}).columns.size(), 1u);
  EXPECT_EQ(parquet_->columns(file)[1].type, "FLOAT[]");
}

TEST_F(ParquetTest, OneRowGroupForEachTableWithKeysInTheFooter) {
  const auto file = folder_ / "groups.parquet";
  const std::vector<Table> groups = {example(0, 5), example(1, 7), example(2, 2)};
  parquet_->write(file, groups, {{"huggingface", R"({"it's": 1})"}});
  const std::string from = "'" + file.string() + "')";
  const Table counts = parquet_->query(
      "SELECT DISTINCT row_group_id, row_group_num_rows, compression FROM parquet_metadata(" +
          from + " ORDER BY 1",
      "metadata");
  EXPECT_EQ(counts.columns[1].ints, (std::vector<int64_t>{5, 7, 2}));
  EXPECT_EQ(counts.columns[2].strings[0], "SNAPPY");
  const Table keys = parquet_->query(
      "SELECT key, value FROM parquet_kv_metadata(" + from + " WHERE key = 'huggingface'", "keys");
  ASSERT_EQ(keys.rows(), 1u);
  EXPECT_EQ(keys.columns[1].strings[0], R"({"it's": 1})");
}

TEST_F(ParquetTest, MoreRowsThanOneChunkStayInOrder) {
  std::vector<int64_t> numbers(5000);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<int64_t>(i);
  const std::vector<Table> groups = {{{int_column("n", numbers)}}, {{int_column("n", {-1})}}};
  parquet_->write(folder_ / "long.parquet", groups);
  numbers.push_back(-1);
  EXPECT_EQ(parquet_->read(folder_ / "long.parquet").columns[0].ints, numbers);
}

TEST_F(ParquetTest, ErrorsNameTheFile) {
  EXPECT_THAT(message_of([&] { parquet_->read(folder_ / "none.parquet"); }),
              HasSubstr("none.parquet: no such file"));
  const auto file = folder_ / "cut.parquet";
  parquet_->write(file, std::vector<Table>{example(0, 50)});
  EXPECT_THAT(message_of([&] { parquet_->read(file, {"missing"}); }), HasSubstr("cut.parquet"));
  for (double part : {0.0, 0.5, 0.99}) {
    const auto cut = folder_ / "shorter.parquet";
    std::filesystem::copy_file(file, cut, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(
        cut, static_cast<size_t>(part * static_cast<double>(std::filesystem::file_size(file))));
    EXPECT_THAT(message_of([&] { parquet_->read(cut); }), HasSubstr("shorter.parquet")) << part;
  }
  EXPECT_THAT(message_of([&] { parquet_->write("/dev/full", std::vector<Table>{example(0, 5)}); }),
              HasSubstr("/dev/full"));
  parquet_->query("COPY (SELECT now() AS t) TO '" + (folder_ / "t.parquet").string() + "'", "");
  EXPECT_THAT(message_of([&] { parquet_->read(folder_ / "t.parquet"); }), HasSubstr("column 't'"));
}

// 134 million equal numbers are a file of less than a megabyte.
TEST_F(ParquetTest, AFileThatUnpacksWithoutEndIsRefused) {
  const auto file = folder_ / "bomb.parquet";
  const int64_t rows = Parquet::kMostValues + 1;
  parquet_->query("COPY (SELECT true AS flag FROM range(" + std::to_string(rows) + ")) TO '" +
                      file.string() + "' (FORMAT parquet, ROW_GROUP_SIZE " + std::to_string(rows) +
                      ")",
                  "bomb");
  EXPECT_LT(std::filesystem::file_size(file), 1'000'000);
  EXPECT_THAT(message_of([&] { parquet_->read(file, {}, std::nullopt, 10); }),
              AllOf(HasSubstr("bomb.parquet"), HasSubstr("134217729 values")));
}

TEST_F(ParquetTest, NoLibraryIsOneClearLine) {
  EXPECT_EQ(message_of([] { Parquet::open({"/nowhere/libduckdb.so"}); }),
            "DuckDB: its library libduckdb.so, which reads and writes Parquet, is not here; "
            "run scripts/setup.sh, or name it: GYRE_DUCKDB=FILE");
}

}  // namespace
}  // namespace gyre::io
