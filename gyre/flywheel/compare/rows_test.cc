#include "gyre/flywheel/compare/rows.h"

#include <gtest/gtest.h>

#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/flywheel/testing.h"
#include "gyre/io/file.h"

namespace gyre::flywheel {
namespace {

class CompareRowsTest : public ::testing::Test {
 protected:
  CompareRow row(const std::string& key, const std::string& collection = "c0") const {
    return {.task = "lift",
            .recipe = "hg_dagger",
            .helped = 10,
            .seed = 3,
            .key = key,
            .collection = collection,
            .policy = "p0",
            .outcomes = "0110",
            .refused = "",
            .seconds = 30.5,
            .critic_seconds = 1.25,
            .steps = 170};
  }
  testing::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "deep/rows.jsonl";
};

TEST_F(CompareRowsTest, StandOnDiskAndAreFoundByKey) {
  {
    CompareRows rows(file_);
    EXPECT_EQ(rows.find("k1"), nullptr);
    rows.add(row("k1"));
    rows.add(row("k2"));
  }
  const CompareRows rows(file_);
  ASSERT_EQ(rows.rows().size(), 2U);
  ASSERT_NE(rows.find("k1"), nullptr);
  EXPECT_EQ(*rows.find("k1"), row("k1"));
}

TEST_F(CompareRowsTest, ALineThatAKillLeftIsPassedOverAndWrittenOver) {
  CompareRows(file_).add(row("k1"));
  std::ofstream(file_, std::ios::app) << R"({"task": "li)";
  CompareRows rows(file_);
  EXPECT_EQ(rows.rows().size(), 1U);
  rows.add(row("k2"));
  EXPECT_EQ(CompareRows(file_).rows().size(), 2U);
}

TEST_F(CompareRowsTest, ARefusedOneSaysWhy) {
  CompareRow refused = row("k1");
  refused.outcomes = refused.policy = "";
  refused.refused = "0 of 6 attempts succeeded";
  CompareRows(file_).add(refused);
  EXPECT_EQ(CompareRows(file_).find("k1")->refused, "0 of 6 attempts succeeded");
}

TEST_F(CompareRowsTest, NameTheLineThatIsNone) {
  CompareRows(file_).add(row("k1"));
  std::ofstream(file_, std::ios::app) << "{}\n";
  EXPECT_NE(message_of([&] { CompareRows rows(file_); }).find("line 2"), std::string::npos);
  CompareRow odd = row("k1");
  odd.outcomes = "012";
  EXPECT_NE(message_of([&] { parse_row(row_line(odd), "here"); }).find("other than 0 and 1"),
            std::string::npos);
  odd.outcomes = "";
  EXPECT_NE(message_of([&] { parse_row(row_line(odd), "here"); }).find("neither"),
            std::string::npos);
}

TEST_F(CompareRowsTest, OfAnotherCollectionAreRefused) {
  CompareRows rows(file_);
  rows.add(row("k1"));
  rows.require_collection("lift", 10, "c0");
  rows.require_collection("lift", 20, "c1");
  rows.require_collection("push", 10, "c1");
  EXPECT_NE(message_of([&] { rows.require_collection("lift", 10, "c1"); }).find("c0"),
            std::string::npos);
}

}  // namespace
}  // namespace gyre::flywheel
