#include "gyre/run/real_arena.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/rng.h"
#include "gyre/run/attempt.h"
#include "gyre/run/join_method.h"
#include "gyre/run/safety_events.h"
#include "gyre/run/session.h"
#include "gyre/run/threaded_port.h"

namespace gyre::run {
namespace {

// Several policies of one robot, of which one is asked. Changed between episodes alone: the answer
// to a question of another episode is dropped by its generation.
class ChosenPort : public PolicyPort {
 public:
  void choose(PolicyPort& port) noexcept { port_ = &port; }

  void reset(uint64_t noise_seed) noexcept override { port_->reset(noise_seed); }
  bool has_room() const noexcept override { return port_->has_room(); }
  void submit(const Question& question, int64_t tick) noexcept override {
    port_->submit(question, tick);
  }
  bool poll(int64_t tick, Answer& answer) noexcept override { return port_->poll(tick, answer); }
  double expected_delay() const noexcept override { return port_->expected_delay(); }

 private:
  PolicyPort* port_ = nullptr;
};

class NoEvents : public EventSink {
 public:
  bool post(const Event&) noexcept override { return false; }
};

// An attempt that is being made, by its tape.
struct MadeAttempt {
  void add(const Step& step) {
    hash.add(step.state, step.sent);
    safety.after(step, none);
    ++steps;
    moved |= step.source == Source::kPolicy;
    held += moved && step.mode == Mode::kFallback ? 1 : 0;
    helped |= step.source == Source::kHuman;
  }
  Header header;
  EpisodeHash hash;
  SafetyEvents safety;
  NoEvents none;
  int64_t steps = 0, held = 0;
  bool moved = false, helped = false, success = false;
};

// The result of each attempt that came to its end, in order.
class ResultSink : public TapeSink {
 public:
  explicit ResultSink(bool alone) : alone_(alone) {}

  std::string_view name() const override { return "results"; }
  bool wants(RecordKind kind) const override {
    return kind == RecordKind::kHeader || kind == RecordKind::kEvent || kind == RecordKind::kStep;
  }
  void take(const Record& record) override {
    if (record.kind == RecordKind::kHeader) return begin(record.get<Header>());
    if (!made_) return;
    if (record.kind == RecordKind::kStep) return made_->add(record.step);
    if (const auto* verdict = std::get_if<event::Verdict>(&record.event.body)) {
      made_->success = verdict->outcome == event::Outcome::kSuccess;
    }
    if (std::holds_alternative<event::EpisodeEnded>(record.event.body)) finish();
  }

  std::optional<AttemptResult> next() {
    const std::lock_guard lock(mutex_);
    if (ended_.empty()) return std::nullopt;
    AttemptResult result = std::move(ended_.front());
    ended_.pop_front();
    return result;
  }

 private:
  void begin(const Header& header) {
    made_.reset();
    if (header.attempt) made_.emplace().header = header;
  }
  void finish() {
    AttemptResult result{
        .episode = made_->header.episode,
        .hash = made_->hash.hex(),
        .time_s = static_cast<double>(made_->steps) * made_->header.contract.tick_s(),
        .held_ticks = made_->held,
        .safety_events = made_->safety.count()};
    result.episode.success = made_->success && !(alone_ && made_->helped);
    result.episode.steps = made_->steps;
    result.subtasks_done = *result.episode.success ? 1 : 0;
    made_.reset();
    const std::lock_guard lock(mutex_);
    ended_.push_back(std::move(result));
  }

  bool alone_;  // the policy is to succeed without a person's hands
  std::optional<MadeAttempt> made_;
  std::mutex mutex_;  // of the rest
  std::deque<AttemptResult> ended_;
};

// A policy as it drives: its port, and its name on the tape.
struct Driving {
  Driving(const infer::Engine& engine, const Embodiment& contract, const LoopConfig& loop)
      : port(EngineClient(engine, contract,
                          {.think = loop.think,
                           .flow_steps = loop.flow_steps,
                           .method = join_method(loop.method),
                           .draws = loop.draws,
                           .speed = loop.speed,
                           .timed = true}),
             contract),
        span{.policy = engine.checkpoint().folder.string(),
             .policy_hash = engine.checkpoint().policy_hash} {}
  ThreadedPort port;
  SessionSpan span;
};

// The attempts of one make(), as a session.
class Making {
 public:
  Making(RealArena::Place place, const std::vector<Trial>& trials, const AttemptOptions& options,
         const RealArena::Options& arena)
      : place_(std::move(place)),
        trials_(trials),
        results_(options.driver == Driver::kPolicy),
        watchers_(options.watch ? options.watch(*place_.bench, 0) : Watchers{}) {
    const Embodiment& contract = place_.bench->robot().embodiment();
    for (const Trial& trial : trials) {
      if (trial.engine == nullptr) {
        throw Error("a real bench", "has no expert that could drive", "give it a policy");
      }
      if (!policies_.contains(trial.engine)) {
        policies_.emplace(trial.engine,
                          std::make_unique<Driving>(*trial.engine, contract, options.loop));
      }
    }
    set_trial(0);
    SessionOptions how{.loop = options.loop,
                       .real_time = arena.real_time,
                       .paused = true,
                       .hold_at_end_s = arena.hold_at_end_s,
                       .first_episode = options.first_number,
                       .span = [this] { return span(); }};
    how.loop.real_time = true;
    session_.emplace(*place_.bench, &port_, how, [this](int64_t) {
      set_trial(desk_->advance());
      return true;
    });
    desk_.emplace(*session_, place_.bench->clock(),
                  BenchDesk::Options{.attempts = std::ssize(trials), .attempt_s = arena.attempt_s});
    desk_->show(trials_.front().attempt);
    session_->add(results_);
    for (const auto& sink : watchers_.sinks) session_->add(*sink);
    for (TapeSink* sink : arena.sinks) session_->add(*sink);
  }

  // False when a person quit, a stop was requested or `take` wanted no more.
  bool run(const std::function<void(BenchDesk&)>& attend, const std::string& what,
           const TakeResult& take) {
    Progress progress(what, std::ssize(trials_), "attempts");
    int64_t taken = 0;
    bool more = true;
    const auto take_results = [&] {
      while (more) {
        std::optional<AttemptResult> result = results_.next();
        if (!result) break;
        more = take(taken, std::move(*result));
        progress.update(++taken);
      }
      return more;
    };
    desk_->set_look([&] { return take_results() && session_->running(); });
    session_->begin();
    attend(*desk_);
    session_->end();
    take_results();
    return taken == std::ssize(trials_);
  }

 private:
  // The attempt of this number is the next one; behind the last one nothing changes.
  void set_trial(int64_t number) {
    if (number >= std::ssize(trials_)) return;
    const Trial& trial = trials_[static_cast<size_t>(number)];
    driving_ = policies_.at(trial.engine).get();
    port_.choose(driving_->port);
    place_.prepare(trial.attempt);
    if (desk_) desk_->show(trial.attempt);
  }
  SessionSpan span() { return desk_->opened() ? driving_->span : SessionSpan{.attempt = false}; }

  RealArena::Place place_;
  const std::vector<Trial>& trials_;
  ResultSink results_;
  Watchers watchers_;
  std::map<const infer::Engine*, std::unique_ptr<Driving>> policies_;
  Driving* driving_ = nullptr;  // the control thread's, once the session has begun
  ChosenPort port_;
  std::optional<BenchDesk> desk_;  // the control thread calls it until the session has ended
  std::optional<Session> session_;
};

// The policy's own picture size, so that its contract is met.
int picture_size(const infer::Engine* engine, const std::string& embodiment, int otherwise) {
  if (engine == nullptr) return otherwise;
  const auto& known = engine->checkpoint().embodiments;
  const auto found = known.find(embodiment);
  if (found == known.end() || found->second.contract.cameras.empty()) return otherwise;
  return found->second.contract.cameras.front().width;
}

}  // namespace

RealArena::RealArena(Options options) : options_(std::move(options)) {
  const auto wordless = [](const BenchTask& task) { return task.words.empty(); };
  if (options_.tasks.empty() || std::ranges::any_of(options_.tasks, wordless)) {
    throw Error("--task", "is missing", "say what is to be done, as a policy is told it");
  }
}

void RealArena::require_known(const std::string& embodiment) const {
  if (embodiment == options_.embodiment) return;
  throw Error("robot '" + embodiment + "'", "is not on this bench", options_.embodiment + " is");
}

Embodiment RealArena::contract(const std::string& embodiment, int image_size) const {
  require_known(embodiment);
  return options_.contract(image_size);
}

std::vector<Attempt> RealArena::deal(const std::string& suite,
                                     const std::vector<std::string>& embodiments, int64_t count,
                                     uint64_t seed) const {
  if (suite != kSuite) {
    throw Error("suite '" + suite + "'", "is unknown on a real bench",
                fmt::format("its tasks are the suite '{}'", kSuite));
  }
  if (embodiments.empty()) throw Error("embodiments", "there are none", "name at least one");
  for (const std::string& embodiment : embodiments) require_known(embodiment);
  std::vector<Attempt> attempts;
  for (int64_t i = 0; i < count; ++i) {
    const BenchTask& task = options_.tasks[static_cast<size_t>(i) % options_.tasks.size()];
    attempts.push_back({.embodiment = options_.embodiment,
                        .task = task.name,
                        .family = task.family,
                        .seed = Rng::stream(seed, fmt::format("attempt/{}", i)).bits() >> 11,
                        .instruction = task.words,
                        .number = i});
  }
  return attempts;
}

Attempt RealArena::attempt(const std::string& task, const std::string& embodiment,
                           uint64_t seed) const {
  require_known(embodiment);
  const auto found = std::ranges::find(options_.tasks, task, &BenchTask::name);
  if (found == options_.tasks.end()) {
    throw Error("task '" + task + "'", "is none of this bench", "name it with --task");
  }
  return {.embodiment = embodiment,
          .task = found->name,
          .family = found->family,
          .seed = seed,
          .instruction = found->words};
}

std::unique_ptr<Bench> RealArena::open(const Attempt& attempt, const BenchOptions& options) const {
  require_known(attempt.embodiment);
  Place place = options_.open(options.image_size);
  place.prepare(attempt);
  return std::move(place.bench);
}

bool RealArena::make(const std::vector<Trial>& trials, const AttemptOptions& options, int,
                     const std::string& what, const TakeResult& take) const {
  if (trials.empty()) return true;
  for (const Trial& trial : trials) require_known(trial.attempt.embodiment);
  Making making(options_.open(picture_size(trials.front().engine, options_.embodiment,
                                           options.bench.image_size)),
                trials, options, options_);
  return making.run(options_.attend, what, take);
}

}  // namespace gyre::run
