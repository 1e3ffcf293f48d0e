// gyre bench drive: what the control loop costs, and how late it wakes, beside a bare loop of
// clock_nanosleep of the same priority, and beside work that is the same in each period.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bench_facts.h"
#include "bench_loop.h"
#include "bench_wakeups.h"
#include "gyre/core/error.h"
#include "gyre/core/progress.h"
#include "gyre/core/stop_signal.h"
#include "gyre/run/real_time.h"
#include "gyre/run/tick_guard.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct DriveBench {
  BenchLoopOptions loop;
  double block_seconds = 10;
  int blocks = 20, plain_blocks = 5;
  int priority = 80, cpu = 0;
  bool load = true;
  double simulated_hours = 0;
  bool guarded = false;  // the other process: a loop that the kernel watches
  std::string json;
};

// The blocks of both kinds, in turns, on one thread.
struct Turns {
  run::RealTimeReport real_time;
  std::vector<Block> loop, bare, same;
  int64_t held = 0;
};

std::vector<double> work_of(const std::vector<Block>& blocks) {
  std::vector<double> work;
  for (const Block& block : blocks) {
    work.insert(work.end(), block.work_us.begin(), block.work_us.end());
  }
  return work;
}

// Sleeps and works alone: no loop. `lines`: of the work of each period.
class BareLoop {
 public:
  BareLoop(const DriveBench& bench, Sleeper& sleeper)
      : period_ns_(std::llround(1e9 / bench.loop.rate_hz)), sleeper_(sleeper) {}

  void run(Block& block, int64_t ticks, int64_t lines) {
    sleeper_.begin(block, static_cast<size_t>(ticks));
    int64_t due_ns = monotonic_ns();
    for (int64_t tick = 0; tick < ticks && !stop_requested(); ++tick) {
      sleeper_.sleep_until(due_ns);
      due_ns = std::max(due_ns, monotonic_ns() - period_ns_) + period_ns_;
      work_.run(lines);
    }
  }

  // The lines of work that takes as long as `block`'s, by the median.
  int64_t lines_like(const Block& block, int64_t ticks) {
    int64_t lines = 500;
    for (int i = 0; i < 3; ++i) {
      Block tried;
      run(tried, ticks, lines);
      const double ratio = percentile(block.work_us, 0.5) / percentile(tried.work_us, 0.5);
      lines = std::llround(static_cast<double>(lines) * std::clamp(ratio, 0.1, 10.0)) + 1;
    }
    return lines;
  }

 private:
  int64_t period_ns_;
  Sleeper& sleeper_;
  SameWork work_;
};

Turns take_turns(const DriveBench& bench, int priority, int blocks) {
  Turns turns;
  turns.loop.resize(static_cast<size_t>(blocks));
  turns.bare.resize(static_cast<size_t>(blocks));
  turns.same.resize(static_cast<size_t>(blocks));
  const int64_t ticks = std::llround(bench.block_seconds * bench.loop.rate_hz);
  std::exception_ptr failure;
  std::thread([&] {
    try {
      Sleeper sleeper;
      BenchLoop loop(bench.loop, sleeper);
      turns.real_time = run::make_real_time({.priority = priority, .affinity = {bench.cpu}});
      const auto done = [] { return stop_requested(); };
      Block warm_up;
      sleeper.begin(warm_up, 0);
      loop.run(std::llround(bench.loop.rate_hz), done);
      BareLoop bare(bench, sleeper);
      int64_t lines = 0;
      for (int i = 0; i < blocks && !stop_requested(); ++i) {
        const auto place = static_cast<size_t>(i);
        sleeper.begin(turns.loop[place], static_cast<size_t>(ticks));
        loop.run(ticks, done);
        bare.run(turns.bare[place], ticks, 0);
        if (lines == 0) lines = bare.lines_like(turns.loop[place], ticks / 20 + 1);
        bare.run(turns.same[place], ticks, lines);
      }
      turns.held = loop.held_ticks();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
  if (stop_requested()) throw Error("bench drive", "was interrupted", "start it again");
  return turns;
}

// Late wake-ups by their cause. Own work can be the cause only where the period before computed
// for as long as a wake-up is late.
nlohmann::json causes(const std::vector<Block>& blocks, const Stolen& stolen) {
  int64_t own = 0, queue = 0, host = 0, host_told = 0;
  double worst_us = 0;
  for (const Block& block : blocks) {
    for (const LateTick& late : block.late) {
      worst_us = std::max(worst_us, static_cast<double>(late.woke_ns - late.due_ns) / 1e3);
      if (late.work_ns >= kLateNs) {
        ++own;
      } else if (2 * late.run_delay_ns >= late.woke_ns - late.due_ns) {
        ++queue;
      } else {
        ++host;
        host_told += stolen.within(late.due_ns, late.woke_ns);
      }
    }
  }
  return {{"own_work", own},
          {"run_queue", queue},
          {"host", host},
          {"host_with_steal_time", host_told},
          {"latest_us", worst_us}};
}

nlohmann::json lateness(const std::vector<Block>& blocks) {
  std::vector<double> p99, all;
  for (const Block& block : blocks) {
    p99.push_back(percentile(block.late_us, 0.99));
    all.insert(all.end(), block.late_us.begin(), block.late_us.end());
  }
  return {{"median_of_block_p99_us", percentile(p99, 0.5)},
          {"p50_us", percentile(all, 0.5)},
          {"p999_us", percentile(all, 0.999)},
          {"block_p99_us", p99},
          {"ticks", all.size()}};
}

nlohmann::json cpu_us(const std::vector<Block>& blocks) {
  const std::vector<double> work = work_of(blocks);
  return {{"p50", percentile(work, 0.5)},
          {"p99", percentile(work, 0.99)},
          {"p999", percentile(work, 0.999)},
          {"most", percentile(work, 1)}};
}

nlohmann::json measure(const DriveBench& bench, int priority, int blocks) {
  Stolen stolen(bench.cpu);
  const Turns turns = take_turns(bench, priority, blocks);
  stolen.end();
  nlohmann::json loop = lateness(turns.loop), bare = lateness(turns.bare);
  loop["late"] = causes(turns.loop, stolen);
  bare["late"] = causes(turns.bare, stolen);
  const double above =
      loop["median_of_block_p99_us"].get<double>() - bare["median_of_block_p99_us"].get<double>();
  return {{"scheduling", turns.real_time.fifo ? "SCHED_FIFO" : "plain"},
          {"priority", turns.real_time.fifo ? priority : 0},
          {"memory_locked", turns.real_time.locked},
          {"pinned", turns.real_time.pinned},
          {"refused", turns.real_time.refused},
          {"blocks_of_each", blocks},
          {"loop", loop},
          {"bare", bare},
          {"p99_above_bare_us", above},
          {"tick_cpu_us", cpu_us(turns.loop)},
          {"same_work_cpu_us", cpu_us(turns.same)},
          {"held_ticks", turns.held},
          {"stolen_s", stolen.seconds()}};
}

// Two seconds of the loop under the kernel's guard; ends the process, which says so on its output.
void run_guarded(const DriveBench& bench) {
  std::thread([&] {
    Sleeper sleeper;
    BenchLoop loop(bench.loop, sleeper);
    run::make_real_time({.priority = bench.priority, .affinity = {bench.cpu}});
    Block block;
    sleeper.begin(block, 0);
    int64_t ticks = 0;
    const int64_t warm = std::llround(bench.loop.rate_hz);
    loop.run(4 * warm, [&] {
      if (++ticks == warm) {
        const int bus[] = {sleeper.descriptor(), STDOUT_FILENO};
        run::allow_only_tick_calls(bus);
      }
      if (ticks < 3 * warm) return false;
      constexpr std::string_view kDone = "{\"guarded_seconds\": 2}\n";
      const bool told = ::write(STDOUT_FILENO, kDone.data(), kDone.size()) > 0;
      ::_exit(told ? 0 : 1);
    });
  }).join();
}

std::string row(const nlohmann::json& result) {
  const auto late = [&](const char* kind) {
    const nlohmann::json& causes = result[kind]["late"];
    return fmt::format("{} own, {} run queue, {} host", causes["own_work"].get<int64_t>(),
                       causes["run_queue"].get<int64_t>(), causes["host"].get<int64_t>());
  };
  const auto cpu = [&](const char* kind) {
    return fmt::format("{:.1f} / {:.1f} / {:.1f}", result[kind]["p50"].get<double>(),
                       result[kind]["p99"].get<double>(), result[kind]["p999"].get<double>());
  };
  return fmt::format(
      "{:<11} wake-up p99 {:.1f} us, bare {:.1f} us, above {:+.1f} us\n"
      "{:<11} CPU of a tick {} us (p50 / p99 / p99.9), of work that is always the same {} us\n"
      "{:<11} more than 1 ms late: {} (bare loop: {}); {} ticks held; stolen {:.2f} s\n",
      result["scheduling"].get<std::string>(),
      result["loop"]["median_of_block_p99_us"].get<double>(),
      result["bare"]["median_of_block_p99_us"].get<double>(),
      result["p99_above_bare_us"].get<double>(), "", cpu("tick_cpu_us"), cpu("same_work_cpu_us"),
      "", late("loop"), late("bare"), result["held_ticks"].get<int64_t>(),
      result["stolen_s"].get<double>());
}

// The loop for hours of simulated time: is a step missing, does memory grow?
void soak(const DriveBench& bench) {
  SimulatedClock clock;
  BenchLoop loop(bench.loop, clock);
  const int64_t minutes = std::llround(60 * bench.simulated_hours);
  const int64_t ticks = std::llround(60 * bench.loop.rate_hz);  // a minute's
  Progress progress("driving", minutes, "minutes");
  double early_mib = 0;
  for (int64_t minute = 0; minute < minutes; ++minute) {
    loop.run(ticks, [] { return stop_requested(); });
    if (stop_requested()) throw Error("bench drive", "was interrupted", "start it again");
    if (minute == minutes / 10) early_mib = resident_mib();
    progress.update(minute + 1);
  }
  const double late_mib = resident_mib();
  const int64_t steps = loop.close(), missing = minutes * ticks - steps;
  const nlohmann::json result{{"simulated_hours", bench.simulated_hours},
                              {"rate_hz", bench.loop.rate_hz},
                              {"embodiment", bench.loop.embodiment},
                              {"steps", steps},
                              {"missing_steps", missing},
                              {"held_ticks", loop.held_ticks()},
                              {"memory_mib", {{"begin", early_mib}, {"end", late_mib}}},
                              {"commit", bench_commit()},
                              {"cpu", processor()}};
  print_result(
      fmt::format("{} simulated hours: {} control periods, {} missing, {} held; memory {:.1f} MiB "
                  "early, {:.1f} at the end\n",
                  bench.simulated_hours, steps, missing, loop.held_ticks(), early_mib, late_mib),
      result, bench.json);
}

void bench_drive(const DriveBench& bench) {
  if (bench.guarded) return run_guarded(bench);
  if (bench.simulated_hours > 0) return soak(bench);
  nlohmann::json rows = nlohmann::json::array();
  std::string text;
  size_t learners = 0;
  {
    std::unique_ptr<Learner> learner;
    if (bench.load) learner = std::make_unique<Learner>(bench.cpu);
    if (learner) learners = learner->processors();
    rows.push_back(measure(bench, bench.priority, bench.blocks));
    text += row(rows.back());
    if (rows.back()["scheduling"] != "plain" && bench.plain_blocks > 0) {
      rows.push_back(measure(bench, 0, bench.plain_blocks));
      text += row(rows.back());
    }
  }
  for (const nlohmann::json& refused : rows.front()["refused"]) {
    text += "not allowed: " + refused.get<std::string>() + '\n';
  }
  const nlohmann::json guard =
      run_apart({"bench", "drive", "--embodiment", bench.loop.embodiment, "--rate",
                 fmt::format("{}", bench.loop.rate_hz), "--guarded"});
  text += "the kernel's guard (clock, sleep, waking, bus) had nothing to stop in 2 s\n";
  print_result(text,
               {{"rows", rows},
                {"guard", guard},
                {"embodiment", bench.loop.embodiment},
                {"rate_hz", bench.loop.rate_hz},
                {"block_seconds", bench.block_seconds},
                {"learning_processors", learners},
                {"commit", bench_commit()},
                {"cpu", processor()}},
               bench.json);
}

}  // namespace

void add_bench_drive(CLI::App& app) {
  const auto options = std::make_shared<DriveBench>();
  CLI::App* verb = app.add_subcommand(
      "drive", "the control loop in real time beside a bare clock_nanosleep loop, blocks in turns");
  verb->add_option("--embodiment", options->loop.embodiment, "of the arm that is not there")
      ->type_name("NAME");
  verb->add_option("--rate", options->loop.rate_hz, "control periods a second")
      ->check(CLI::Range(10.0, 2000.0))
      ->type_name("HZ");
  verb->add_option("--block-seconds", options->block_seconds, "of each block")
      ->check(CLI::Range(0.1, 600.0))
      ->type_name("S");
  verb->add_option("--blocks", options->blocks, "of each kind, in turns")
      ->check(at_least(1))
      ->type_name("N");
  verb->add_option("--plain-blocks", options->plain_blocks,
                   "of each kind without SCHED_FIFO; 0: none")
      ->check(at_least(0))
      ->type_name("N");
  verb->add_option("--priority", options->priority, "of SCHED_FIFO; 0: plain scheduling")
      ->check(CLI::Range(0, 99))
      ->type_name("N");
  verb->add_option("--cpu", options->cpu, "processor of the loop; the others learn")
      ->check(at_least(0))
      ->type_name("N");
  verb->add_flag("!--no-load", options->load, "let the other processors rest");
  verb->add_option("--simulated-hours", options->simulated_hours,
                   "drive for so long in simulated time instead: steps lost, memory")
      ->check(CLI::Range(0.0, 10'000.0))
      ->type_name("H");
  verb->add_flag("--guarded", options->guarded)->group("");
  add_json_option(*verb, options->json);
  verb->callback([options] { bench_drive(*options); });
}

}  // namespace gyre::apps
