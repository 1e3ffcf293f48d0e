#include "gyre/data/recorded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gyre/core/testing.h"
#include "gyre/data/dataset_edit_plan.h"
#include "gyre/data/dataset_edit_testing.h"
#include "gyre/data/dataset_paths.h"
#include "gyre/data/dataset_repair.h"
#include "gyre/io/file.h"

namespace gyre::data {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::small_episode;
using testing::write_blind_dataset;

class Identity : public ::testing::Test {
 protected:
  fs::path at(const std::string& name) const { return folder_ / name; }
  fs::path edit(const DatasetEdit& what, const std::string& out) const {
    return edit_dataset(what, {.out = at(out), .provenance = {}}).folder;
  }
  static std::vector<Recorded> of(const fs::path& folder) {
    return recorded_episodes(Dataset(folder));
  }
  // An episode of `write_blind_dataset` as recorded, cut before `first`.
  static Recorded recorded(int frames, uint64_t seed, int64_t first = 0) {
    return {.hash = small_episode(frames, seed).hash(),
            .from_ns = first * 100'000'000,
            .frames = frames};
  }

  testing::TemporaryFolder folder_;
};

TEST_F(Identity, EveryEditKeepsIt) {
  write_blind_dataset(at("a"), {9, 5}, 10);
  write_blind_dataset(at("b"), {7}, 20);
  EXPECT_THAT(of(at("a")), ElementsAre(recorded(9, 10), recorded(5, 11)));
  const fs::path cut = edit(trim_plan(at("a"), {"0=2:8"}), "cut");
  EXPECT_THAT(of(cut), ElementsAre(recorded(9, 10, 2), recorded(5, 11)));
  EXPECT_NE(Dataset(cut).episodes()[0].hash, recorded(9, 10).hash);
  const fs::path cut_again = edit(trim_plan(cut, {"0=1:-1"}), "cut_again");
  EXPECT_THAT(of(cut_again), ElementsAre(recorded(9, 10, 3), recorded(5, 11)));
  const fs::path both = edit(merge_plan({at("b"), cut_again}), "both");
  EXPECT_THAT(of(both), ElementsAre(recorded(7, 20), recorded(9, 10, 3), recorded(5, 11)));
  const auto parts = split_plan(both, {"x=2", "y=0-1"});
  EXPECT_THAT(of(edit(parts[0].second, "x")), ElementsAre(recorded(5, 11)));
  EXPECT_THAT(of(edit(parts[1].second, "y")), ElementsAre(recorded(7, 20), recorded(9, 10, 3)));
  const RepairReport repaired = repair_dataset(both, {}, {.out = at("mended"), .provenance = {}});
  EXPECT_EQ(of(repaired.edit.folder), of(both));
  edit_dataset(delete_plan(both, "0"), {});
  EXPECT_THAT(of(both), ElementsAre(recorded(9, 10, 3), recorded(5, 11)));
}

TEST_F(Identity, NoFileIsWrittenWhereNoRowChanged) {
  write_blind_dataset(at("a"), {4, 5});
  EXPECT_FALSE(fs::exists(edit(delete_plan(at("a"), "0"), "b") / kRecordedFile));
}

TEST_F(Identity, EpisodesAddedToAnEditedDatasetHaveTheirOwn) {
  write_blind_dataset(at("a"), {9}, 10);
  const fs::path cut = edit(trim_plan(at("a"), {"0=2:"}), "cut");
  write_blind_dataset(cut, {4}, 3);
  EXPECT_THAT(of(cut), ElementsAre(recorded(9, 10, 2), recorded(4, 3)));
}

TEST_F(Identity, OthersRecordingsKeepTheHashOfTheirRows) {
  write_blind_dataset(at("a"), {9, 5}, 10);
  fs::remove(at("a/meta/gyre.json"));
  EXPECT_THAT(of(at("a")), ElementsAre(recorded(9, 10), recorded(5, 11)));
  EXPECT_THAT(of(edit(trim_plan(at("a"), {"1=1:"}), "b")),
              ElementsAre(recorded(9, 10), recorded(5, 11, 1)));
}

TEST_F(Identity, ABrokenFileIsNamed) {
  write_blind_dataset(at("a"), {9});
  const fs::path cut = edit(trim_plan(at("a"), {"0=2:"}), "cut");
  io::write_atomically(cut / kRecordedFile, "PAR1 torn");
  EXPECT_THAT(message_of([&] { of(cut); }), HasSubstr("gyre_recorded.parquet"));
}

TEST(StepTimes, GoFromRowsToNanosecondsAndBack) {
  for (const double fps : {10.0, 30.0, 59.94, 1000.0 / 3}) {
    for (const int64_t row : {0, 1, 7, 100'000, 40'000'000}) {
      EXPECT_EQ(step_at(step_time_ns(row, fps), fps), row) << fps;
    }
  }
  EXPECT_EQ(step_time_ns(1, 30), 33'333'333);
}

}  // namespace
}  // namespace gyre::data
