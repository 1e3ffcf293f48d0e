#include "gyre/flywheel/report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

Comparison compare(int64_t before, int64_t gained, int64_t lost, int64_t episodes) {
  return {.before = wilson(before, episodes),
          .after = wilson(before + gained - lost, episodes),
          .paired = paired_difference(gained, lost, episodes)};
}

class ReportTest : public ::testing::Test {
 protected:
  ReportTest()
      : folder_(fs::temp_directory_path() / ("gyre_report_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "clip.mp4") << "video";
    report_.run = "a run";
    report_.command = "gyre demo";
    report_.frontier = compare(2, 26, 1, 40);
    report_.trained = compare(90, 2, 3, 96);
    report_.frontier_families = {{"pick_place", compare(2, 26, 1, 40)}};
    report_.trained_families = {{"push", compare(12, 0, 1, 16)}, {"stack", compare(9, 1, 1, 16)}};
    report_.gate = GateResult{.attempts = 400,
                              .rows = {{.name = "frontier",
                                        .against = "predecessor",
                                        .visible = 0.12,
                                        .most_pairs = 200,
                                        .paired = paired_difference(26, 1, 40),
                                        .looks = 1,
                                        .statistic = 4.9,
                                        .boundary = 4.88,
                                        .state = "holds"}},
                              .safety = {{.against = "predecessor", .attempts = 200}},
                              .decision = {true, "promoted: a gain"}};
    report_.decision = report_.gate->decision;
    report_.learning = {{"loss", {{0, 1.2}, {100, 0.4}, {200, 0.2}}}};
    report_.clips = {{"Before: <purple> block", "failed", folder_ / "clip.mp4"}};
    report_.hashes = {{"policy before", "assets/policies/nano", "0123abcd", "shipped"}};
  }
  ~ReportTest() override { fs::remove_all(folder_); }

  fs::path folder_;
  Report report_;
};

TEST_F(ReportTest, JsonHoldsWhatReadersRelyOn) {
  write_report(report_, folder_);
  const auto json = nlohmann::json::parse(std::ifstream(folder_ / "report.json"));
  for (const char* suite : {"trained", "frontier"}) {
    for (const char* when : {"before", "after"}) {
      for (const char* key : {"episodes", "successes", "rate", "low", "high"}) {
        EXPECT_TRUE(json.at(suite).at(when).at(key).is_number()) << suite << when << key;
      }
    }
    for (const char* key : {"difference", "low", "high"}) {
      EXPECT_TRUE(json.at(suite).at("paired").at(key).is_number());
    }
  }
  EXPECT_TRUE(json.at("promoted").get<bool>());
  EXPECT_EQ(json.at("reason"), report_.decision.reason);
  EXPECT_EQ(json.at("gate").at("tests")[0].at("paired").at("gained"), 26);
  EXPECT_EQ(json.at("frontier").at("after").at("successes"), 27);
}

TEST_F(ReportTest, PageNeedsNothingElseAndEscapesWords) {
  const std::string page = report_page(report_);
  EXPECT_EQ(page.find("http"), std::string::npos);
  EXPECT_EQ(page.find("<purple>"), std::string::npos);
  EXPECT_NE(page.find("&lt;purple&gt;"), std::string::npos);
  EXPECT_NE(page.find("data:video/mp4;base64,dmlkZW8="), std::string::npos);
  EXPECT_NE(page.find("Promoted"), std::string::npos);
  EXPECT_NE(page.find("0123abcd"), std::string::npos);
}

TEST_F(ReportTest, TableShowsEveryFamilyAndTheReason) {
  const std::string table = report_table(report_);
  for (const char* word :
       {"frontier", "trained", "push", "stack", "27/40", "promoted:", "predecessor", "4.88"}) {
    EXPECT_NE(table.find(word), std::string::npos) << word << "\n" << table;
  }
}

TEST_F(ReportTest, NamesAClipThatIsGone) {
  report_.clips[0].file = folder_ / "gone.mp4";
  EXPECT_THROW(report_page(report_), Error);
}

TEST(LinePlot, DrawsNothingWithoutAtLeastTwoPoints) {
  EXPECT_EQ(line_plot({{"loss", {{1, 2}}}}, "x", "y"), "");
  EXPECT_NE(line_plot({{"loss", {{1, 2}, {2, 1}}}}, "x", "y"), "");
}

}  // namespace
}  // namespace gyre::flywheel
