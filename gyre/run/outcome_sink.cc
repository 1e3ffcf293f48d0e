#include "gyre/run/outcome_sink.h"

#include <utility>

namespace gyre::run {
namespace {

constexpr std::string_view kJudge = "judge";  // the author of a bench's verdicts

}  // namespace

bool OutcomeSink::wants(RecordKind kind) const {
  return kind == RecordKind::kHeader || kind == RecordKind::kGoal || kind == RecordKind::kChunk ||
         kind == RecordKind::kEvent || kind == RecordKind::kStep;
}

void OutcomeSink::take(const Record& record) {
  if (record.kind == RecordKind::kHeader) return begin(record);
  if (!attempt_) return;
  switch (record.kind) {
    case RecordKind::kGoal:
      take_goal(record.get<Goal>());
      break;
    case RecordKind::kChunk: {
      const std::string& hash = record.get<ActionChunk>().policy_hash;
      mixed_ |= !attempt_->policy_hash.empty() && attempt_->policy_hash != hash;
      attempt_->policy_hash = hash;
      break;
    }
    case RecordKind::kStep:
      attempt_->helped |=
          record.step.source == Source::kHuman || record.step.source == Source::kExpert;
      break;
    case RecordKind::kEvent:
      take_event(record.event);
      break;
    default:
      break;
  }
}

void OutcomeSink::begin(const Record& record) {
  finish();
  const Header& header = record.get<Header>();
  if (!header.attempt) return;
  const Episode& episode = header.episode;
  attempt_ = AttemptEnd{.number = episode.number,
                        .embodiment = episode.embodiment,
                        .task_name = episode.task_name,
                        .words = episode.instruction,
                        .seed = episode.seed,
                        .began_ns = record.time_ns};
}

// Other words than the attempt began with are another task.
void OutcomeSink::take_goal(const Goal& goal) {
  if (goal.task == attempt_->words) return;
  if (!attempt_->words.empty()) attempt_->task_name.clear();
  attempt_->words = goal.task;
}

void OutcomeSink::take_event(const Event& event) {
  if (std::holds_alternative<event::ScopeOverridden>(event.body)) attempt_->overridden = true;
  if (const auto* end = std::get_if<event::EpisodeEnded>(&event.body)) {
    if (end->episode == attempt_->number) finish();
    return;
  }
  const auto* verdict = std::get_if<event::Verdict>(&event.body);
  if (verdict == nullptr) return;
  const bool person = event.author.view() != kJudge;
  if (attempt_->by_person && !person) return;
  attempt_->by_person = person;
  attempt_->success.reset();
  if (verdict->outcome != event::Outcome::kUnknown) {
    attempt_->success = verdict->outcome == event::Outcome::kSuccess;
  }
}

void OutcomeSink::finish() {
  if (!attempt_) return;
  if (mixed_) attempt_->policy_hash.clear();
  mixed_ = false;
  const AttemptEnd ended = *std::exchange(attempt_, std::nullopt);
  tell_(ended);
}

}  // namespace gyre::run
