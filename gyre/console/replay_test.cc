#include "gyre/console/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "gyre/core/testing.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_testing.h"

namespace gyre::console {
namespace {

// Keeps the steps' times of two files and more.
class ReplayedSteps : public run::TapeSink {
 public:
  std::string_view name() const override { return "test"; }
  void take(const Record& record) override {
    const std::lock_guard lock(mutex_);
    if (record.kind == RecordKind::kHeader) ++headers_;
    if (record.kind == RecordKind::kStep) times_.push_back(record.step.time_ns);
    changed_.notify_all();
  }
  std::vector<int64_t> after_headers(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return headers_ >= count; });
    return times_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int headers_ = 0;
  std::vector<int64_t> times_;
};

void write_spans(const std::filesystem::path& path, int count, int64_t period_ns = 10'000'000) {
  data::JournalFolder folder(path, data::JournalFolder::Mode::kCreate);
  for (int i = 0; i < count; ++i) {
    data::testing::write_span(
        folder, data::testing::small_span({.number = i, .steps = 3, .period_ns = period_ns}));
  }
}

TEST(Replay, PlaysFileAfterFileByAClockThatNeverRunsBack) {
  const data::testing::TemporaryFolder folder;
  write_spans(folder / "j", 2);
  const auto robots = replayed_robots(folder / "j", 3);
  ASSERT_EQ(robots.size(), 3);
  EXPECT_EQ(robots[0]->contract().name, data::testing::small_embodiment().name);
  ReplayedSteps steps;
  robots[2]->begin(steps);
  const std::vector<int64_t> times = steps.after_headers(4);  // around the end of the folder
  robots[2]->end();
  ASSERT_GE(times.size(), 9);
  EXPECT_TRUE(std::ranges::is_sorted(times));
  EXPECT_EQ(times[2] - times[0], 20'000'000);
  EXPECT_EQ(robots[2]->status().mode, Mode::kPolicy);
}

TEST(Replay, PlaysFasterByAClockThatIsTheRecordings) {
  const data::testing::TemporaryFolder folder;
  constexpr int64_t kPeriodNs = 150'000'000'000;  // three spans outlast the test's time limit
  write_spans(folder / "j", 2, kPeriodNs);
  const auto robots = replayed_robots(folder / "j", 1, 1000);
  ReplayedSteps steps;
  robots[0]->begin(steps);
  const std::vector<int64_t> times = steps.after_headers(4);
  robots[0]->end();
  ASSERT_GE(times.size(), 9);
  EXPECT_EQ(times[2] - times[0], 2 * kPeriodNs);
}

TEST(Replay, TakesNoOrders) {
  const data::testing::TemporaryFolder folder;
  write_spans(folder / "j", 1);
  const auto robots = replayed_robots(folder / "j", 1);
  EXPECT_NE(robots[0]->refusal(), "");
  EXPECT_FALSE(robots[0]->say("go left", "ann"));
}

TEST(Replay, AFolderWithoutJournalsIsAnError) {
  const data::testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "empty");
  EXPECT_NE(message_of([&] { replayed_robots(folder / "empty", 1); }).find("empty"),
            std::string::npos);
}

}  // namespace
}  // namespace gyre::console
