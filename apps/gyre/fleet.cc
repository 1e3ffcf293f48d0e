// gyre sim --fleet: many simulated robots on one policy server.
#include "fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "bench_facts.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/run/session.h"
#include "gyre/sim/arena.h"
#include "gyre/sim/bench_wall.h"
#include "options.h"

namespace gyre::apps {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int64_t kNsInMs = 1'000'000;
constexpr double kServerSeconds = 10;
constexpr double kSettleShare = 0.1;  // of the time, before memory is looked at for the first time

// Counts what a robot's tape holds, in bounded memory.
class FleetSink : public run::TapeSink {
 public:
  static constexpr size_t kMostMs = 5000;

  std::string_view name() const override { return "fleet"; }
  bool wants(RecordKind kind) const override {
    return kind == RecordKind::kStep || kind == RecordKind::kChunk;
  }
  void take(const Record& record) override {
    if (record.kind == RecordKind::kStep) {
      missing_ += record.step.tick - next_tick_;
      next_tick_ = record.step.tick + 1;
      return;
    }
    const int64_t age_ms =
        (record.time_ns - record.get<ActionChunk>().observation_time_ns) / kNsInMs;
    ++latencies_[static_cast<size_t>(std::clamp<int64_t>(age_ms, 0, kMostMs - 1))];
    ++chunks_;
  }

  // After the tape's end.
  int64_t steps() const { return next_tick_ - missing_; }
  int64_t missing() const { return missing_; }
  int64_t chunks() const { return chunks_; }
  const std::array<int64_t, kMostMs>& latencies() const { return latencies_; }

 private:
  int64_t next_tick_ = 0, missing_ = 0, chunks_ = 0;
  std::array<int64_t, kMostMs> latencies_{};  // chunks by milliseconds from observation to use
};

// One robot of the fleet.
class Member {
 public:
  Member(const FleetOptions& options, int number)
      : embodiment_(options.embodiment),
        suite_(options.suite),
        seed_(options.seed + static_cast<uint64_t>(number)),
        bench_(attempt(0), {.image_size = options.image_size}),
        port_(bench_.robot().embodiment(),
              remote_options(options.remote, options.loop, fmt::format("fleet-{}", number))),
        session_(bench_, &port_, session_options(options), [this](int64_t episode) {
          bench_.restart(attempt(episode));
          return true;
        }) {
    session_.add(sink_);
  }

  void begin() {
    port_.require_connected(kServerSeconds);
    session_.begin();
  }
  void end() { session_.end(); }
  bool running() const { return session_.running(); }

  const run::Session& session() const { return session_; }
  const FleetSink& sink() const { return sink_; }
  int64_t skipped_periods() const { return bench_.kitchen().skipped_periods(); }
  int64_t connections() const { return port_.connections(); }

 private:
  static run::SessionOptions session_options(const FleetOptions& options) {
    return {.loop = options.loop,
            .real_time = {.priority = 0, .lock_memory = false},
            .policy = options.remote.url};
  }
  run::Attempt attempt(int64_t episode) const {
    return arena_.deal(suite_, {embodiment_}, episode + 1, seed_).back();
  }

  sim::KitchenArena arena_;
  std::string embodiment_, suite_;
  uint64_t seed_;
  FleetSink sink_;
  sim::WallBench bench_;
  run::RemotePort port_;
  run::Session session_;
};

using Fleet = std::vector<std::unique_ptr<Member>>;

struct Memory {
  double begin_mib = 0, end_mib = 0;
};

// Lets the fleet drive; returns the memory of this program early and at the end.
Memory let_drive(const Fleet& fleet, double seconds) {
  Memory memory;
  Progress progress("driving", static_cast<int64_t>(seconds), "seconds");
  const auto begin = Steady::now();
  const auto passed = [&] { return std::chrono::duration<double>(Steady::now() - begin).count(); };
  while (passed() < seconds && !stop_requested()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (memory.begin_mib == 0 && passed() >= kSettleShare * seconds) {
      memory.begin_mib = resident_mib();
    }
    int64_t successes = 0;
    for (const auto& member : fleet) successes += member->session().status().successes;
    progress.update(static_cast<int64_t>(passed()), fmt::format("{} succeeded", successes));
  }
  memory.end_mib = resident_mib();
  return memory;
}

// The latency that a share of all chunks stays below, milliseconds.
int64_t quantile(const std::array<int64_t, FleetSink::kMostMs>& counts, double share) {
  int64_t all = 0, sum = 0;
  for (const int64_t count : counts) all += count;
  for (size_t ms = 0; ms < counts.size(); ++ms) {
    sum += counts[ms];
    if (static_cast<double>(sum) >= share * static_cast<double>(all)) {
      return static_cast<int64_t>(ms);
    }
  }
  return 0;
}

nlohmann::json result_of(const Fleet& fleet, double seconds, const Memory& memory) {
  std::array<int64_t, FleetSink::kMostMs> latencies{};
  int64_t steps = 0, missing = 0, chunks = 0, held = 0, dropped = 0, failed = 0, lost = 0;
  int64_t episodes = 0, successes = 0, skipped = 0, connections = 0;
  for (const auto& member : fleet) {
    const run::LoopStatus status = member->session().status();
    for (size_t ms = 0; ms < latencies.size(); ++ms)
      latencies[ms] += member->sink().latencies()[ms];
    steps += member->sink().steps();
    missing += member->sink().missing();
    chunks += member->sink().chunks();
    held += member->session().held_ticks();
    dropped += status.dropped_chunks;
    failed += status.failed_inferences;
    lost += status.lost_records;
    episodes += status.verdicts;
    successes += status.successes;
    skipped += member->skipped_periods();
    connections += member->connections();
  }
  return {{"robots", fleet.size()},
          {"seconds", seconds},
          {"steps", steps},
          {"missing_steps", missing},
          {"lost_records", lost},
          {"chunks", chunks},
          {"chunks_a_second", static_cast<double>(chunks) / seconds},
          {"latency_ms", {{"p50", quantile(latencies, 0.5)}, {"p99", quantile(latencies, 0.99)}}},
          {"held_ticks", held},
          {"dropped_chunks", dropped},
          {"failed_requests", failed},
          {"connections", connections},
          {"episodes", episodes},
          {"successes", successes},
          {"skipped_physics_periods", skipped},
          {"memory_mib", {{"begin", memory.begin_mib}, {"end", memory.end_mib}}}};
}

std::string describe(const nlohmann::json& result) {
  return fmt::format(
      "{} robots for {:.0f} s: {} control periods, {} missing, {} held\n"
      "  {} chunks ({:.1f} a second), {} dropped, {} requests failed, {} connections\n"
      "  from observation to use {} ms (median), {} ms (99 %)\n"
      "  {} of {} episodes succeeded, memory {:.1f} MiB early, {:.1f} at the end\n",
      result["robots"].get<size_t>(), result["seconds"].get<double>(),
      result["steps"].get<int64_t>(), result["missing_steps"].get<int64_t>(),
      result["held_ticks"].get<int64_t>(), result["chunks"].get<int64_t>(),
      result["chunks_a_second"].get<double>(), result["dropped_chunks"].get<int64_t>(),
      result["failed_requests"].get<int64_t>(), result["connections"].get<int64_t>(),
      result["latency_ms"]["p50"].get<int64_t>(), result["latency_ms"]["p99"].get<int64_t>(),
      result["successes"].get<int64_t>(), result["episodes"].get<int64_t>(),
      result["memory_mib"]["begin"].get<double>(), result["memory_mib"]["end"].get<double>());
}

}  // namespace

void run_fleet(const FleetOptions& options, const std::string& json) {
  Fleet fleet;
  for (int number = 0; number < options.robots; ++number) {
    fleet.push_back(std::make_unique<Member>(options, number));
  }
  const auto begin = Steady::now();
  for (const auto& member : fleet) member->begin();
  const Memory memory = let_drive(fleet, options.seconds);
  for (const auto& member : fleet) member->end();
  const double seconds = std::chrono::duration<double>(Steady::now() - begin).count();
  const nlohmann::json result = result_of(fleet, seconds, memory);
  print_result(describe(result), result, json);
}

}  // namespace gyre::apps
