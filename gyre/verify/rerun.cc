#include "gyre/verify/rerun.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "gyre/core/error.h"
#include "gyre/data/journal_reader.h"

namespace gyre::verify {
namespace {

using Files = std::vector<std::filesystem::path>;

// Drives with recorded commands up to a control period.
class RecordedCommands : public run::CommandSource {
 public:
  RecordedCommands(const RecordedAttempt& attempt, int64_t end) : attempt_(attempt), end_(end) {}
  Source source() const noexcept override { return Source::kExpert; }
  bool wants_control(const run::Tick& tick) noexcept override { return tick.index < end_; }
  void propose(const run::Tick& tick, Proposal& proposal) noexcept override {
    std::ranges::copy(attempt_.steps[static_cast<size_t>(tick.index)].command,
                      proposal.action.begin());
    proposal.valid = true;
  }

 private:
  const RecordedAttempt& attempt_;
  int64_t end_;
};

// Finds the first control period that differs from the recorded one.
class StepComparison : public run::Monitor {
 public:
  StepComparison(const RecordedAttempt& attempt, int64_t& first)
      : attempt_(attempt), first_(first) {}
  void after(const Step& step, run::EventSink&) override {
    if (first_ >= 0) return;
    const auto index = static_cast<size_t>(step.index);
    const bool same = index < attempt_.steps.size() && step.state == attempt_.steps[index].state &&
                      step.sent == attempt_.steps[index].sent;
    if (!same) first_ = step.index;
  }

 private:
  const RecordedAttempt& attempt_;
  int64_t& first_;
};

Rerun make(const run::Arena& arena, const infer::Engine* engine, const RecordedAttempt& attempt,
           run::AttemptOptions options, int64_t recorded_steps) {
  const Episode& episode = attempt.header->episode;
  run::Attempt again = arena.attempt(episode.task_name, episode.embodiment, episode.seed);
  again.instruction = episode.instruction;
  again.number = episode.number;
  options.start_state = attempt.header->start_state;
  Rerun rerun;
  options.watch = [&](run::Bench&, int64_t) {
    run::Watchers watchers;
    watchers.monitors.push_back(std::make_unique<StepComparison>(attempt, rerun.first_other_step));
    if (recorded_steps > 0) {
      watchers.sources.push_back(std::make_unique<RecordedCommands>(attempt, recorded_steps));
    }
    return watchers;
  };
  rerun.result = run::make_attempt(arena, engine, again, options);
  if (rerun.first_other_step < 0 && rerun.result.episode.steps < std::ssize(attempt.steps)) {
    rerun.first_other_step = rerun.result.episode.steps;
  }
  return rerun;
}

[[noreturn]] void refuse(const Files& files, const std::string& what, const std::string& remedy) {
  throw Error(files.front().string(), what, remedy);
}

// Takes the records of one attempt.
class AttemptRecords {
 public:
  void begin(const HeaderPtr& header) {
    attempt.header = header;
    ++attempts;
  }
  void take(const Record& record) {
    if (record.kind == RecordKind::kStep) {
      const Step& step = record.step;
      whole &= step.index == std::ssize(attempt.steps);
      attempt.steps.push_back({step.state, step.sent, step.of(step.source).action});
      hash_.add(step.state, step.sent);
    } else if (const auto* verdict = std::get_if<event::Verdict>(&record.event.body)) {
      attempt.success = verdict->outcome == event::Outcome::kSuccess;
    } else if (std::holds_alternative<event::EpisodeEnded>(record.event.body)) {
      ended = true;
    }
  }
  void finish() { attempt.hash = hash_.hex(); }

  RecordedAttempt attempt;
  int64_t attempts = 0;
  bool whole = true, ended = false;

 private:
  EpisodeHash hash_;
};

}  // namespace

RecordedAttempt read_attempt(const Files& files, std::optional<int64_t> episode) {
  data::JournalReader reader(
      files, {.pixels = data::Pixels::kNone,
              .kinds = {RecordKind::kHeader, RecordKind::kStep, RecordKind::kEvent}});
  AttemptRecords records;
  bool wanted = false;
  for (Record record; reader.next(record);) {
    if (record.kind == RecordKind::kHeader) {
      const auto& header = record.get<Header>();
      wanted = header.attempt && (!episode || header.episode.number == *episode);
      if (wanted) records.begin(std::get<HeaderPtr>(record.shared));
    } else if (wanted) {
      records.take(record);
    }
  }
  records.finish();
  if (records.attempts == 0) {
    refuse(files, episode ? fmt::format("there is no episode {}", *episode) : "there is no episode",
           "`gyre data info` says what the journal holds");
  }
  if (records.attempts > 1) {
    refuse(files, fmt::format("the journal holds {} episodes", records.attempts),
           "choose one with --episode N");
  }
  if (records.attempt.header->start_state.empty()) {
    refuse(files, "the episode has no start state: it was not simulated, or its begin is lost",
           "its decisions can be asked again without --rerun and --take-over-at");
  }
  if (!records.whole || !records.ended) {
    refuse(files,
           records.ended ? "control periods of the episode are lost" : "the episode broke off",
           "its decisions can be asked again without --rerun and --take-over-at");
  }
  records.attempt.setup = run::read_setup(records.attempt.header->setup);
  return std::move(records.attempt);
}

Rerun rerun(const run::Arena& arena, const infer::Engine* engine, const RecordedAttempt& attempt) {
  return make(arena, engine, attempt, attempt.setup.options, 0);
}

Rerun take_over(const run::Arena& arena, const infer::Engine& engine,
                const RecordedAttempt& attempt, int64_t at) {
  if (at < 0 || at >= std::ssize(attempt.steps)) {
    throw Error(fmt::format("--take-over-at {}", at),
                fmt::format("the episode has {} steps", attempt.steps.size()),
                "choose a step before its end");
  }
  run::AttemptOptions options = attempt.setup.options;
  options.driver = run::Driver::kPolicy;
  options.loop.shadow = false;  // the policy's first request is the one after the take-over
  Rerun counterfactual = make(arena, &engine, attempt, options, at);
  if (counterfactual.first_other_step >= 0 && counterfactual.first_other_step < at) {
    throw Error(attempt.header->episode.task_name,
                fmt::format("the recorded commands lead elsewhere from step {} on",
                            counterfactual.first_other_step),
                "the simulator is another than the recorded one");
  }
  return counterfactual;
}

}  // namespace gyre::verify
