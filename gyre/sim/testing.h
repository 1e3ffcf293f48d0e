#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gyre/core/episode.h"
#include "gyre/robot/testing.h"
#include "gyre/run/arena.h"
#include "gyre/sim/arena.h"

// What the tests of the simulator share.
namespace gyre::sim {

// Keeps what monitors post.
class EventList : public run::EventSink {
 public:
  bool post(const Event& event) noexcept override {
    events.push_back(event);
    return true;
  }
  std::vector<Event> events;
};

struct AttemptResult {
  bool success = false;
  int64_t steps = 0;
  std::string hash;  // over states and actions
  std::vector<Event> events;
  std::vector<TruthPtr> truths;
};

// The smallest loop: reads, lets the source propose, writes, judges; until the judge or the time
// limit ends it. `source` null: the bench's expert.
inline AttemptResult make_attempt(run::Bench& bench, run::CommandSource* source = nullptr) {
  const std::unique_ptr<run::CommandSource> expert = bench.expert();
  if (source == nullptr) source = expert.get();
  Robot& robot = bench.robot();
  RobotState state;
  state.values.resize(robot.embodiment().state.size());
  Proposal proposal;
  EpisodeHash hash;
  EventList sink;
  AttemptResult result;
  const int per_action = robot.embodiment().ticks_per_action();
  for (Step step; step.index < bench.time_limit_ticks() && !bench.judge().done(); ++step.index) {
    robot.read(state);
    const run::Tick tick{.tick = step.index,
                         .index = step.index,
                         .time_ns = bench.clock().now_ns(),
                         .action_start = step.index % per_action == 0};
    result.truths.push_back(bench.judge().before(tick));
    source->propose(tick, proposal);
    hash.add(state.values, proposal.action);
    write_command(robot, proposal.action);
    bench.judge().after(step, sink);
    ++result.steps;
  }
  result.success = bench.judge().success();
  result.hash = hash.hex();
  result.events = std::move(sink.events);
  return result;
}

// A bench at a task of the kitchen with a robot's contract.
inline std::unique_ptr<run::Bench> open_bench(const std::string& task,
                                              const std::string& embodiment, uint64_t seed,
                                              const run::BenchOptions& options = {}) {
  const KitchenArena arena;
  return arena.open(arena.attempt(task, embodiment, seed), options);
}

}  // namespace gyre::sim
