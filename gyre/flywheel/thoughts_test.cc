#include "gyre/flywheel/thoughts.h"

#include <gtest/gtest.h>

#include <memory>

namespace gyre::flywheel {
namespace {

Record step_on(int64_t goal, Source source = Source::kPolicy) {
  Record record;
  record.step.goal_id = goal;
  record.step.source = source;
  return record;
}

Record shared(RecordKind kind, decltype(Record::shared) value) {
  Record record;
  record.kind = kind;
  record.shared = std::move(value);
  return record;
}

TEST(Thoughts, AreCountedWhereThePolicyActsOnASubtaskThatItNamed) {
  ThoughtStore store;
  ThoughtSink sink(store, 7);
  const auto goal = [&](int64_t id, const char* subtask, const char* author) {
    sink.take(shared(RecordKind::kGoal, std::make_shared<const Goal>(
                                            Goal{.id = id, .subtask = subtask, .author = author})));
  };
  const auto truth = [&](const char* subtask) {
    sink.take(shared(RecordKind::kTruth, std::make_shared<const Truth>(Truth{subtask, {}})));
  };
  goal(1, "", "task");
  goal(2, "lift it", "policy");
  goal(3, "lower it", "ann");
  sink.take(step_on(2));  // the truth is not known
  truth("lift it");
  sink.take(step_on(1));
  sink.take(step_on(2));
  truth("lower it");
  sink.take(step_on(2));
  sink.take(step_on(2));
  sink.take(step_on(2, Source::kExpert));
  sink.take(step_on(3));
  sink.end();
  EXPECT_EQ(store.take(6), Thoughts{});
  EXPECT_EQ(store.take(7), (Thoughts{.periods = 3, .wrong = 2}));
}

}  // namespace
}  // namespace gyre::flywheel
