#include "gyre/run/attempt.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/core/ordered_pool.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/run/attempt_setup.h"
#include "gyre/run/ladder_port.h"
#include "gyre/run/lock_step_port.h"
#include "gyre/run/monitor_sink.h"
#include "gyre/run/safety_events.h"
#include "gyre/run/scene_monitor.h"
#include "gyre/run/threaded_port.h"

namespace gyre::run {
namespace {

class HashMonitor : public Monitor {
 public:
  void after(const Step& step, EventSink&) override { hash_.add(step.state, step.sent); }
  std::string hex() { return hash_.hex(); }

 private:
  EpisodeHash hash_;
};

// The policy's own picture size, so that its contract is met.
int image_size_for(const Arena& arena, const infer::Engine* engine, const std::string& embodiment,
                   int otherwise) {
  if (engine == nullptr) return otherwise;
  const auto& known = engine->checkpoint().embodiments;
  const auto found = known.find(arena.contract(embodiment, otherwise).name);
  if (found == known.end() || found->second.contract.cameras.empty()) return otherwise;
  return found->second.contract.cameras.front().width;
}

// A policy that answers in simulated or wall time, and where it is remote by the simulated link,
// perhaps a second one for when that is bad.
class Ports {
 public:
  Ports(const infer::Engine& engine, const Embodiment& contract, const LoopConfig& loop,
        bool simulated, bool think) {
    const bool lock_step = simulated && !loop.real_time;
    const auto client = [&] {
      return EngineClient(engine, contract,
                          {.think = think,
                           .flow_steps = loop.flow_steps,
                           .method = join_method(loop.method),
                           .draws = loop.draws,
                           .speed = loop.speed,
                           .timed = !lock_step});
    };
    if (!lock_step) {
      first_ = std::make_unique<ThreadedPort>(client(), contract);
      return;
    }
    const auto ticks = [&](double seconds) { return std::llround(seconds / contract.tick_s()); };
    first_ = std::make_unique<LockStepPort>(
        client(), contract,
        LockStepPort::Link{.delay = loop.delay_ticks,
                           .jitter = loop.jitter_ticks,
                           .loss = loop.loss,
                           .cut_from = ticks(loop.cut_at_s),
                           .cut_to = ticks(loop.cut_at_s + loop.cut_s)});
    if (!loop.local) return;
    local_ = std::make_unique<LockStepPort>(client(), contract, LockStepPort::Link{});
    ladder_ = std::make_unique<LadderPort>(*first_, *local_, contract, loop.ladder);
  }
  PolicyPort& port() { return ladder_ ? *ladder_ : *first_; }

 private:
  std::unique_ptr<PolicyPort> first_, local_, ladder_;
};

HeaderPtr make_header(Bench& bench, const infer::Engine* engine, const Episode& episode,
                      const AttemptOptions& options, const Tape& tape) {
  auto header = std::make_shared<Header>();
  header->contract = bench.robot().embodiment();
  header->attempt = true;
  header->episode = episode;
  if (tape.wants(RecordKind::kHeader)) header->start_state = bench.save();
  header->setup = setup_text(options, engine);
  if (engine != nullptr) {
    header->policy = engine->checkpoint().folder.string();
    header->policy_hash = engine->checkpoint().policy_hash;
  }
  return header;
}

}  // namespace

AttemptResult make_attempt(const Arena& arena, const infer::Engine* engine, const Attempt& attempt,
                           const AttemptOptions& options, int64_t index) {
  BenchOptions bench_options = options.bench;
  bench_options.image_size =
      image_size_for(arena, engine, attempt.embodiment, options.bench.image_size);
  const std::unique_ptr<Bench> bench = arena.open(attempt, bench_options);
  if (!options.start_state.empty()) bench->restore(options.start_state);
  const Embodiment& contract = bench->robot().embodiment();
  Clock& clock = bench->clock();

  AttemptResult result;
  result.long_horizon = attempt.long_horizon;
  Episode& episode = result.episode;
  episode = {.number = attempt.number.value_or(index),
             .embodiment = contract.name,
             .task_name = attempt.task,
             .family = attempt.family,
             .instruction = bench->attempt().instruction,
             .seed = attempt.seed};

  Watchers watchers = options.watch ? options.watch(*bench, index) : Watchers{};
  HashMonitor hash;
  SafetyEvents safety;
  const bool in_tick = clock.simulated();
  Tape tape(contract, in_tick ? Tape::WhenFull::kWait : Tape::WhenFull::kDrop);
  for (auto& sink : watchers.sinks) tape.add(*sink);
  std::optional<Ports> ports;
  std::optional<PolicySource> policy;
  if (engine != nullptr) {
    ports.emplace(*engine, contract, options.loop, in_tick,
                  options.loop.think || attempt.long_horizon);
    policy.emplace(ports->port(), contract, options.loop, tape);
  }
  ControlLoop loop(bench->robot(), bench->cameras(), clock, tape, policy ? &*policy : nullptr,
                   options.loop);
  for (auto& source : watchers.sources) loop.add_source(*source);
  std::unique_ptr<CommandSource> source;
  if (options.driver == Driver::kHelped) source = bench->helper(options.help);
  if (options.driver == Driver::kExpert) source = bench->expert();
  if (source) loop.add_source(*source);
  Judge& judge = bench->judge();
  loop.add_monitor(judge);
  loop.add_monitor(hash);
  loop.add_monitor(safety);
  SceneMonitor scenes(*bench, tape);
  if (in_tick && tape.wants(RecordKind::kScene)) loop.add_monitor(scenes);
  for (auto& monitor : watchers.monitors) loop.add_monitor(*monitor);

  bool broken = false;
  const Outcome outcome = loop.run(
      make_header(*bench, engine, episode, options, tape), bench->goal(), attempt.seed,
      bench->time_limit_ticks(),
      [&] {
        broken =
            bench->clock().simulated() && (!bench->robot().fault().empty() ||
                                           (policy && policy->failures() > 0) || tape.failed());
        return judge.done() || stop_requested() || broken;
      },
      [&] { return broken || (stop_requested() && !judge.done()); });
  tape.close();
  const auto who = [&] {
    return fmt::format("{} with {}, seed {}", attempt.task, contract.name, attempt.seed);
  };
  if (outcome.faulted) throw Error(who(), bench->robot().fault());
  if (in_tick && outcome.failed_inferences > 0) throw Error(who(), outcome.failure.view());
  episode.success = judge.success();
  episode.steps = outcome.ticks;
  result.hash = hash.hex();
  result.subtasks_done = judge.subtasks_done();
  result.subtasks = judge.subtasks();
  result.time_s = static_cast<double>(outcome.ticks) * contract.tick_s();
  result.held_ticks = outcome.held_ticks;
  result.dropped_chunks = outcome.dropped_chunks;
  result.safety_events = safety.count();
  return result;
}

bool make_attempts(const Arena& arena, const infer::Engine* engine,
                   const std::vector<Attempt>& attempts, const AttemptOptions& options, int workers,
                   const std::string& what, const TakeResult& take) {
  std::vector<Trial> trials;
  trials.reserve(attempts.size());
  for (const Attempt& attempt : attempts) trials.push_back({attempt, engine});
  return arena.make(trials, options, workers, what, take);
}

bool Arena::make(const std::vector<Trial>& trials, const AttemptOptions& options, int workers,
                 const std::string& what, const TakeResult& take) const {
  Progress progress(what, std::ssize(trials), "episodes");
  int64_t successes = 0;
  return run_in_order(
      std::ssize(trials), workers,
      [&](int64_t index) -> std::optional<AttemptResult> {
        if (stop_requested()) return std::nullopt;
        const Trial& trial = trials[static_cast<size_t>(index)];
        AttemptResult result = make_attempt(*this, trial.engine, trial.attempt, options, index);
        if (stop_requested()) return std::nullopt;  // it may have been cut short
        return result;
      },
      [&](int64_t index, std::optional<AttemptResult>&& result) {
        if (!result) return false;
        successes += result->episode.success.value_or(false) ? 1 : 0;
        progress.update(index + 1, fmt::format("{} succeeded", successes));
        return take(index, std::move(*result));
      });
}

}  // namespace gyre::run
