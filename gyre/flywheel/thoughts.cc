#include "gyre/flywheel/thoughts.h"

#include <utility>

namespace gyre::flywheel {

void ThoughtStore::put(int64_t index, const Thoughts& thoughts) {
  const std::lock_guard lock(mutex_);
  thoughts_[index] = thoughts;
}

Thoughts ThoughtStore::take(int64_t index) {
  const std::lock_guard lock(mutex_);
  auto found = thoughts_.extract(index);
  return found ? found.mapped() : Thoughts{};
}

void ThoughtSink::take(const Record& record) {
  if (record.kind == RecordKind::kGoal) {
    const auto& goal = std::get<GoalPtr>(record.shared);
    if (goal->author == "policy") named_[goal->id] = goal->subtask;
  } else if (record.kind == RecordKind::kTruth) {
    true_ = std::get<TruthPtr>(record.shared)->subtask;
  } else {
    const auto named = named_.find(record.step.goal_id);
    if (named == named_.end() || true_.empty() || record.step.source != Source::kPolicy) return;
    ++thoughts_.periods;
    thoughts_.wrong += named->second == true_ ? 0 : 1;
  }
}

}  // namespace gyre::flywheel
