#include "gyre/console/turn_view.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "gyre/console/event_text.h"
#include "gyre/core/record.h"

namespace gyre::console {
namespace {

class TurnRecords : public run::TapeSink {
 public:
  std::string_view name() const override { return "test"; }
  void take(const Record& record) override {
    if (record.kind == RecordKind::kStep) ++steps;
    if (record.kind == RecordKind::kEvent && event_text(record.event) == "learn") ++stages;
  }
  std::atomic<int> steps{0}, stages{0};
};

TEST(TurnView, TellsTheStageOnceAndThatItIsAlive) {
  TurnRecords records;
  TurnView view;
  view.begin(records);
  view.tell("learn");
  while (records.steps < 3 || records.stages < 1) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  view.end();
  EXPECT_EQ(records.stages, 1);
  EXPECT_EQ(view.status().goal, "learn");
  EXPECT_NE(view.refusal(), "");
}

}  // namespace
}  // namespace gyre::console
