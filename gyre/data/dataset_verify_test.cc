#include "gyre/data/dataset_verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/data/dataset_edit_testing.h"
#include "gyre/data/dataset_repair.h"
#include "gyre/io/file.h"
#include "gyre/io/video.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using testing::change_rows;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kFirstData;
using testing::small_episode;
using testing::write_dataset;

class DatasetVerify : public ::testing::Test {
 protected:
  void SetUp() override { write_dataset(folder_ / "d", {8, 5, 6}); }

  fs::path at(const std::string& name) const { return folder_ / ("d/" + name); }
  std::vector<std::string> findings(const VerifyOptions& options = {}) const {
    std::vector<std::string> lines;
    for (const Finding& finding : verify_dataset(folder_ / "d", options).findings) {
      lines.push_back(finding.line());
    }
    return lines;
  }
  void change_info(const std::function<void(json&)>& change) const {
    json info = json::parse(io::read_text(at("meta/info.json")));
    change(info);
    io::write_atomically(at("meta/info.json"), info.dump());
  }
  RepairReport repair(const RepairOptions& options = {}) const {
    return repair_dataset(folder_ / "d", options, {.out = folder_ / "mended"});
  }

  testing::TemporaryFolder folder_;
};

TEST_F(DatasetVerify, AWholeDatasetHasNoFinding) {
  const VerifyReport report = verify_dataset(folder_ / "d");
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.episodes, 3);
  EXPECT_EQ(report.frames, 19);
  EXPECT_EQ(report.video_frames, 38);
  EXPECT_THAT(report.passed_over, IsEmpty());
  EXPECT_THAT(verify_dataset(folder_ / "d", {.depth = VerifyOptions::Depth::kRows}).passed_over,
              ElementsAre("pictures were not decoded"));
}

TEST_F(DatasetVerify, CountsThatAreWrong) {
  change_info([](json& info) { info["total_frames"] = 20; });
  EXPECT_THAT(findings(), ElementsAre("counts: meta/info.json says 20 frames, there are 19"));
}

TEST_F(DatasetVerify, NumbersAndTimesThatAreWrong) {
  change_rows(at(kFirstData),
              "* REPLACE (CASE WHEN index = 9 THEN 4 ELSE frame_index END AS frame_index, "
              "CASE WHEN index = 16 THEN 0.05::FLOAT ELSE timestamp END AS timestamp)");
  EXPECT_THAT(findings(), AllOf(Contains("episode 1, frame 1: numbers: frame_index is 4, not 1"),
                                Contains(HasSubstr("episode 2, frame 3: times: 0.050000 s comes "
                                                   "after 0.200000 s: times go back")),
                                Contains(HasSubstr("episode 2, frame 3: times: at 0.05"))));
  const RepairReport report = repair();
  EXPECT_THAT(report.done, Contains(HasSubstr("numbered")));
  EXPECT_THAT(report.done, Contains(HasSubstr("frame_index / fps")));
  EXPECT_TRUE(verify_dataset(folder_ / "mended").ok());
}

TEST_F(DatasetVerify, AValueThatIsNotFiniteIsNamedByJoint) {
  change_rows(at(kFirstData),
              "* REPLACE (CASE WHEN index = 10 THEN [\"observation.state\"[1], 'nan'::FLOAT, 0.5] "
              "ELSE \"observation.state\" END AS \"observation.state\")");
  EXPECT_THAT(findings(), Contains("episode 1, frame 2, observation.state elbow: not finite: nan"));
  EXPECT_EQ(repair().edit.episodes, 3);
  fs::remove_all(folder_ / "mended");
  const RepairReport report = repair({.drop_non_finite = true});
  EXPECT_EQ(report.edit.episodes, 2);
  EXPECT_THAT(report.done, Contains(HasSubstr("left out episode 1, frame 2")));
}

TEST_F(DatasetVerify, EqualEpisodesAreDoubles) {
  fs::remove_all(folder_ / "d");
  DatasetWriter writer(folder_ / "d", testing::small_embodiment());
  for (const uint64_t seed : {3, 4, 3}) writer.add(small_episode(6, seed));
  writer.finish();
  EXPECT_THAT(findings(),
              ElementsAre("episode 2: duplicate: has the states and actions of episode 0"));
  EXPECT_EQ(repair({.drop_duplicates = true}).edit.episodes, 2);
}

TEST_F(DatasetVerify, StatisticsThatAreWrong) {
  json stats = json::parse(io::read_text(at("meta/stats.json")));
  stats["action"]["mean"][1] = 5.0;
  io::write_atomically(at("meta/stats.json"), stats.dump());
  EXPECT_THAT(findings(), ElementsAre(AllOf(HasSubstr("action elbow: statistics: mean is"),
                                            HasSubstr("said to be 5"))));
  EXPECT_TRUE(repair().before.counts.contains("statistics"));
  EXPECT_TRUE(verify_dataset(folder_ / "mended").ok());
}

TEST_F(DatasetVerify, AContractThatTheRowsDoNotFit) {
  json gyre = json::parse(io::read_text(at("meta/gyre.json")));
  gyre["embodiment"]["cameras"][0]["width"] = 65;
  gyre["episodes"][2]["hash"] = "0123456789abcdef";
  io::write_atomically(at("meta/gyre.json"), gyre.dump());
  EXPECT_THAT(findings(),
              AllOf(Contains(HasSubstr("contract: meta/gyre.json states the hash")),
                    Contains(HasSubstr("camera is 65x48")),
                    Contains(HasSubstr("episode 2: contract: its states and actions"))));
}

// The second episode's pictures begin a frame late, and the file lacks one.
TEST_F(DatasetVerify, PicturesThatAreNotWhereTheTableSays) {
  const fs::path file = at("videos/observation.images.front/chunk-000/file-000.mp4");
  {
    io::VideoWriter writer(file, 64, 48, 10);
    for (int i = 0; i < 18; ++i) writer.add(testing::moving_square(64, 48, i));
    writer.finish();
  }
  for (const auto depth : {VerifyOptions::Depth::kRows, VerifyOptions::Depth::kDecode}) {
    EXPECT_THAT(
        findings({.depth = depth}),
        ElementsAre("episode 2: video: observation.images.front has 5 frames, the table 6"));
  }
  const RepairReport report = repair();
  EXPECT_EQ(report.edit.episodes, 2);
  EXPECT_THAT(report.done, ElementsAre(HasSubstr("left out episode 2: video")));
  EXPECT_TRUE(verify_dataset(folder_ / "mended").ok());
}

TEST_F(DatasetVerify, APictureThatDoesNotDecode) {
  const fs::path file = at("videos/observation.images.front/chunk-000/file-000.mp4");
  std::string bytes = io::read_text(file);
  for (size_t i = bytes.size() - 400; i < bytes.size() - 100; ++i) bytes[i] = '\x55';
  io::write_atomically(file, bytes);
  EXPECT_THAT(findings({.depth = VerifyOptions::Depth::kRows}), IsEmpty());
  EXPECT_THAT(findings(), Contains(HasSubstr("unreadable: ")));
}

TEST_F(DatasetVerify, AFileThatIsNotHere) {
  fs::remove(at("videos/observation.images.wrist/chunk-000/file-000.mp4"));
  EXPECT_THAT(findings(), Contains(HasSubstr("episode 0: missing: ")));
  EXPECT_THAT(message_of([&] { repair(); }), HasSubstr("no episode of it can be used"));
}

TEST_F(DatasetVerify, TheReportAsJson) {
  change_info([](json& info) { info["total_episodes"] = 4; });
  const json report = verify_dataset(folder_ / "d");
  EXPECT_EQ(report["ok"], false);
  EXPECT_EQ(report["counts"], json({{"counts", 1}}));
  EXPECT_EQ(report["findings"][0]["text"], "meta/info.json says 4 episodes, there are 3");
}

}  // namespace
}  // namespace gyre::data
