// gyre bench robot: a servo bus on a pseudo-terminal: its cycles, and how fast trouble is answered.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "bench_arm.h"
#include "bench_facts.h"
#include "bench_leader.h"
#include "gyre/core/error.h"
#include "options.h"
#include "verbs.h"

namespace gyre::apps {
namespace {

struct RobotBench {
  int64_t cycles = 20'000;
  double seconds = 10, rate = 200;
  int trials = 20;
  bool leader = true;
  std::string json;
};

// Read and write of all six servos, one cycle after another.
nlohmann::json fastest_cycles(int64_t cycles) {
  RunningArm arm({});
  std::vector<double> times;
  const std::vector<double> goals(arm.setup_.joints.size(), 2048);
  for (int i = 0; i < 3; ++i) arm.loop_.cycle(arm.wire_.now_ns() + 5'000'000);
  arm.loop_.drive();
  arm.loop_.cycle(arm.wire_.now_ns() + 5'000'000);
  const int64_t begin = arm.wire_.now_ns();
  for (int64_t i = 0; i < cycles; ++i) {
    const int64_t start = arm.wire_.now_ns();
    arm.loop_.post(goals);
    arm.loop_.cycle(start + 5'000'000);
    times.push_back(static_cast<double>(arm.wire_.now_ns() - start) * 1e-6);
    if (i % 1000 == 0) stop_if_asked();
  }
  const double seconds = static_cast<double>(arm.wire_.now_ns() - begin) * 1e-9;
  return {{"cycles", cycles},
          {"per_second", static_cast<double>(cycles) / seconds},
          {"missed", arm.loop_.newest().missed},
          {"p50_ms", percentile(times, 0.5)},
          {"p99_ms", percentile(times, 0.99)},
          {"p999_ms", percentile(times, 0.999)},
          {"longest_ms", percentile(times, 1)}};
}

// At the real wire's timing.
nlohmann::json paced_cycles(double rate, double seconds) {
  RunningArm arm(fake::Timing::real());
  arm.run(rate);
  arm.drive();
  const int64_t missed = arm.loop_.newest().missed, cycles = arm.loop_.newest().cycles;
  const int64_t late = arm.late_;
  const std::vector<double> goals(arm.setup_.joints.size(), 2048);
  const int64_t end = arm.wire_.now_ns() + std::llround(seconds * 1e9);
  while (arm.wire_.now_ns() < end) {
    arm.loop_.post(goals);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    stop_if_asked();
  }
  const feetech::LoopState& state = arm.loop_.newest();
  return {{"rate_hz", rate},
          {"cycles", state.cycles - cycles},
          {"missed", state.missed - missed},
          {"begun_a_period_late", arm.late_ - late},
          {"per_second", static_cast<double>(state.cycles - cycles) / seconds}};
}

nlohmann::json summary(std::vector<double> times) {
  return {{"trials", times.size()},
          {"p50_ms", percentile(times, 0.5)},
          {"most_ms", percentile(times, 1)}};
}

// From a blocked motor that gives half its torque to the servo's lowered torque limit. A trial in
// which the bus was lost, since the machine was busy with other things, is made again and counted.
nlohmann::json stalls(double rate, int trials) {
  constexpr int kMostAgain = 20;
  int again = 0;
  std::vector<double> times;
  RunningArm arm(fake::Timing::real());
  std::atomic<int64_t> lowered_ns{0};
  arm.port_.with_bus([&](fake::Bus& bus) {
    bus.on_write = [&](const fake::Servo& servo, uint8_t address, std::span<const uint8_t> bytes) {
      const feetech::Register& limit = feetech::info(feetech::Reg::kTorqueLimit);
      if (servo.id() == 3 && address == limit.address && decode(limit, bytes) < 1000 &&
          lowered_ns == 0) {
        lowered_ns = SteadyClock().now_ns();
      }
    };
  });
  arm.run(rate);
  arm.drive();
  while (static_cast<int>(times.size()) < trials) {
    stop_if_asked();
    const int64_t losses = arm.loop_.newest().losses;
    const double goal = times.size() % 2 == 0 ? 3100 : 1000;
    std::atomic<int64_t> pressed_ns{0};
    lowered_ns = 0;
    arm.port_.with_bus([&](fake::Bus& bus) {
      fake::Servo& elbow = bus.servo(3);
      const double wall = elbow.shaft() + (goal > 2000 ? 150 : -150);
      elbow.block(goal > 2000 ? std::nullopt : std::optional(wall),
                  goal > 2000 ? std::optional(wall) : std::nullopt);
    });
    std::vector<double> goals(arm.setup_.joints.size());
    std::copy_n(arm.loop_.newest().goals.begin(), goals.size(), goals.begin());
    goals[2] = goal;
    arm.loop_.post(goals);
    const bool backed_off = arm.wait(5, [&] {
      arm.port_.with_bus([&](fake::Bus& bus) {
        if (const auto since = bus.servo(3).blocked_since_ns(); since && pressed_ns == 0) {
          pressed_ns = *since;
        }
      });
      return lowered_ns != 0;
    });
    const bool lost = arm.loop_.newest().losses != losses;
    if (!lost && (!backed_off || pressed_ns == 0)) {
      throw Error("bench robot", "a stall was not answered", "tell the makers of it");
    }
    if (!lost) times.push_back(static_cast<double>(lowered_ns - pressed_ns) * 1e-6);
    if (lost && ++again > kMostAgain) {
      throw Error("bench robot", "the bus is lost again and again", "give it a quiet machine");
    }
    arm.port_.with_bus([](fake::Bus& bus) { bus.servo(3).block(std::nullopt, std::nullopt); });
    arm.loop_.clear();
    arm.resume();
  }
  nlohmann::json result = summary(times);
  result["made_again"] = again;
  return result;
}

// From the unplugged cable to the loop that is latched and sends nothing; `silent`: the port stays
// and the servos lose their power.
nlohmann::json losses(double rate, int trials, bool silent) {
  std::vector<double> times;
  RunningArm arm(fake::Timing::real());
  arm.run(rate);
  arm.drive();
  for (int trial = 0; trial < trials; ++trial) {
    stop_if_asked();
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + trial));
    const int64_t begin = arm.wire_.now_ns();
    const auto kill = [&](bool dead) {
      arm.port_.with_bus([&](fake::Bus& bus) {
        for (fake::Servo& servo : bus.servos) servo.dead = dead;
      });
    };
    silent ? kill(true) : arm.port_.unplug();
    arm.wait(5, [&] { return arm.loop_.newest().mode == feetech::LoopMode::kLost; });
    times.push_back(static_cast<double>(arm.wire_.now_ns() - begin) * 1e-6);
    silent ? kill(false) : arm.port_.plug();
    arm.wait(5, [&] { return arm.loop_.newest().mode == feetech::LoopMode::kLatched; });
    arm.loop_.clear();
    arm.wait(5, [&] { return arm.loop_.newest().mode == feetech::LoopMode::kDriving; });
  }
  return summary(times);
}

void bench_robot(const RobotBench& bench) {
  nlohmann::json result{{"fastest", fastest_cycles(bench.cycles)},
                        {"paced", paced_cycles(bench.rate, bench.seconds)},
                        {"stall_to_torque_down", stalls(bench.rate, bench.trials)},
                        {"unplugged_to_latched", losses(bench.rate, bench.trials, false)},
                        {"silent_to_latched", losses(bench.rate, bench.trials, true)},
                        {"commit", bench_commit()},
                        {"cpu", processor()}};
  const nlohmann::json& fastest = result["fastest"];
  const nlohmann::json& paced = result["paced"];
  const auto line = [&](const char* key) {
    return fmt::format("{:.1f} ms (most {:.1f}, {} trials)", result[key]["p50_ms"].get<double>(),
                       result[key]["most_ms"].get<double>(), result[key]["trials"].get<int>());
  };
  std::string text = fmt::format(
      "cycles of six servos   {:.0f} a second, p50 {:.3f} ms, p99.9 {:.3f} ms\n"
      "at the wire's timing   {:.0f} a second of {:.0f}: {} missed, {} late\n"
      "stall, torque down     {}\nunplugged, latched     {}\nsilent, latched        {}\n",
      fastest["per_second"].get<double>(), fastest["p50_ms"].get<double>(),
      fastest["p999_ms"].get<double>(), paced["per_second"].get<double>(),
      paced["rate_hz"].get<double>(), paced["missed"].get<int64_t>(),
      paced["begun_a_period_late"].get<int64_t>(), line("stall_to_torque_down"),
      line("unplugged_to_latched"), line("silent_to_latched"));
  if (bench.leader) {
    const nlohmann::json leader = leader_to_follower(bench.rate, bench.seconds);
    result["leader_to_follower"] = leader;
    text += fmt::format(
        "leader to follower     {:.1f} ms (p99 {:.1f}), of it beyond the buses' own {:.1f} (p99 "
        "{:.1f})\n",
        leader["session"]["p50_ms"].get<double>(), leader["session"]["p99_ms"].get<double>(),
        leader["adds_p50_ms"].get<double>(), leader["adds_p99_ms"].get<double>());
  }
  print_result(text, result, bench.json);
}

}  // namespace

void add_bench_robot(CLI::App& app) {
  const auto options = std::make_shared<RobotBench>();
  CLI::App* verb = app.add_subcommand(
      "robot", "the servo bus on a pseudo-terminal: cycles, and the answers to stall and loss");
  verb->add_option("--cycles", options->cycles, "as fast as they go")
      ->check(at_least(100))
      ->type_name("N");
  verb->add_option("--seconds", options->seconds, "at the real wire's timing")
      ->check(CLI::Range(1.0, 3600.0))
      ->type_name("S");
  verb->add_option("--rate", options->rate, "cycles a second at the real wire's timing")
      ->check(CLI::Range(20.0, 500.0))
      ->type_name("HZ");
  verb->add_option("--trials", options->trials, "stalls and losses")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  verb->add_flag("--leader,!--no-leader", options->leader, "also a leader arm and its follower");
  add_json_option(*verb, options->json);
  verb->callback([options] { bench_robot(*options); });
}

}  // namespace gyre::apps
