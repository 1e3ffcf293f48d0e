#include "gyre/console/attempt_view.h"

#include <gtest/gtest.h>

#include <vector>

namespace gyre::console {
namespace {

class ShownRecords : public run::TapeSink {
 public:
  std::string_view name() const override { return "test"; }
  void take(const Record& record) override { records.push_back(record); }
  std::vector<Record> records;
};

Record step_at(int64_t time_ns) {
  Record record;
  record.kind = RecordKind::kStep;
  record.time_ns = record.step.time_ns = time_ns;
  record.step.mode = Mode::kHuman;
  return record;
}

TEST(AttemptView, ShowsOneAttemptAtATimeByAClockThatNeverRunsBack) {
  ShownRecords shown;
  AttemptView view;
  EXPECT_EQ(view.watch(), nullptr) << "there is nowhere to show it";
  view.show_on(shown);
  auto first = view.watch();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(view.watch(), nullptr);
  first->take(step_at(7'000'000'000));
  EXPECT_EQ(view.status().mode, Mode::kHuman);
  Record event;
  event.kind = RecordKind::kEvent;
  event.time_ns = event.event.time_ns = 9'000'000'000;
  first->take(event);
  first.reset();
  const auto second = view.watch();
  ASSERT_NE(second, nullptr);
  event.time_ns = event.event.time_ns = 0;
  second->take(event);
  ASSERT_EQ(shown.records.size(), 3);
  EXPECT_EQ(shown.records[0].step.time_ns, 0);
  EXPECT_EQ(shown.records[1].event.time_ns, 2'000'000'000);
  EXPECT_EQ(shown.records[2].event.time_ns, 2'000'000'000);
}

TEST(AttemptView, ManyControlPeriodsAtOnceBecomeOne) {
  ShownRecords shown;
  AttemptView view;
  view.show_on(shown);
  const auto attempt = view.watch();
  for (int i = 0; i < 10; ++i) attempt->take(step_at(i));
  EXPECT_LT(shown.records.size(), 10);
  EXPECT_EQ(view.status().tick, 0);
  EXPECT_NE(view.refusal(), "");
}

}  // namespace
}  // namespace gyre::console
