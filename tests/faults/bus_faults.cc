// A servo bus with random faults, unplugs and kills of its driver; every value that is taken and
// every command is judged.
//
//   bus_faults [--cycles N] [--port-cycles N] [--unplugs N] [--kills N] [--seed N] [--json FILE|-]
//
// --cycles and --unplugs run in simulated time behind the real wire's timing (1 Mbaud, USB turns)
// and follow from the seed. --port-cycles and --kills run by the wall clock on a pseudo-terminal,
// the killed driver in a process of its own. Exits 0 when no spoilt value was taken, nothing passed
// its budget, no command was outside its limits, and the arm was always left as its folder
// promises.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>  // NOLINT: kill() is not in <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/core/stop_signal.h"
#include "gyre/io/file.h"
#include "gyre/robot/fake/arm.h"
#include "gyre/robot/fake/port.h"
#include "gyre/robot/feetech/arm.h"
#include "gyre/robot/feetech/promise.h"
#include "gyre/robot/feetech/supervisor.h"
#include "gyre/robot/testing.h"
#include "gyre/run/filtered_robot.h"
#include "tests/faults/bus_watch.h"
#include "tests/faults/command.h"

namespace {

using namespace gyre;
using namespace gyre::faults;
using fake::ReplyFault;
using feetech::LoopMode;
using feetech::LoopState;

constexpr int64_t kPeriodNs = 5'000'000;
constexpr int64_t kGraceNs = 50'000;  // two bytes' time, in which one too many would come
constexpr double kFaultRate = 0.01;
constexpr size_t kServos = 6;

double percentile_of(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<size_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(at));
  return values[at];
}

// What the servos really said, answer by answer.
class Truth {
 public:
  explicit Truth(fake::Bus& bus) {
    bus.on_answer = [this](const fake::Servo& servo, std::span<const uint8_t> parameters,
                           ReplyFault fault) {
      if (parameters.size() != feetech::kFeedbackBytes || servo.id() > kServos) return;
      Said& said = said_[servo.id() - size_t{1}];
      said.next = (said.next + 1) % kKept;
      said.newest[said.next] = feetech::decode_feedback(parameters, 0);
      said.fault = fault;
    };
  }

  enum class Kind { kRight, kOld, kCompensating, kWrong };
  Kind judge(size_t servo, const feetech::Feedback& taken) const {
    const Said& said = said_[servo];
    const auto same = [&](const feetech::Feedback& f) {
      return f.position == taken.position && f.velocity == taken.velocity && f.load == taken.load &&
             f.voltage == taken.voltage && f.temperature == taken.temperature &&
             f.current == taken.current && f.moving == taken.moving &&
             (f.status & ~taken.status) == 0;
    };
    if (same(said.newest[said.next])) return Kind::kRight;
    if (std::ranges::any_of(said.newest, same)) return Kind::kOld;
    return said.fault == ReplyFault::kCompensating ? Kind::kCompensating : Kind::kWrong;
  }

 private:
  static constexpr size_t kKept = 32;
  struct Said {
    std::array<feetech::Feedback, kKept> newest{};
    size_t next = 0;
    ReplyFault fault = ReplyFault::kNone;
  };
  std::array<Said, kServos> said_;
};

// Counts of one run of cycles.
struct CycleFindings {
  int64_t cycles = 0, taken = 0, wrong = 0, old_taken = 0, compensating_taken = 0;
  int64_t beyond_plausible = 0, over_budget = 0, latched = 0, lost = 0;
  double longest_ms = 0, p999_ms = 0, per_second = 0;
};

// Judges what the loop took in its last cycle.
void judge_cycle(const Truth& truth, const LoopState& state, std::vector<int>& last,
                 int64_t& last_ns, CycleFindings& found) {
  if (state.time_ns == last_ns || state.time_ns == 0) return;
  const double since_s = static_cast<double>(state.time_ns - last_ns) * 1e-9;
  ++found.taken;
  for (size_t i = 0; i < kServos; ++i) {
    switch (truth.judge(i, state.servos[i])) {
      case Truth::Kind::kRight:
        break;
      case Truth::Kind::kOld:
        ++found.old_taken;
        break;
      case Truth::Kind::kCompensating:
        ++found.compensating_taken;
        break;
      case Truth::Kind::kWrong:
        ++found.wrong;
        break;
    }
    constexpr double kMost = 6000, kNoise = 17;  // ticks a second that a joint can turn
    if (last_ns > 0 && std::abs(state.servos[i].position - last[i]) > kMost * since_s + kNoise) {
      ++found.beyond_plausible;
    }
    last[i] = state.servos[i].position;
  }
  last_ns = state.time_ns;
}

std::vector<double> wandering_goals(const std::vector<feetech::LoopJoint>& joints, double t) {
  std::vector<double> goals;
  for (size_t i = 0; i < joints.size(); ++i) {
    const double middle = (joints[i].tick_min + joints[i].tick_max) * 0.5;
    goals.push_back(middle + 600 * std::sin(t * (0.9 + 0.13 * static_cast<double>(i))));
  }
  return goals;
}

nlohmann::json fault_counts(const fake::Bus& bus) {
  nlohmann::json counts;
  for (size_t kind = 1; kind < fake::kReplyFaults; ++kind) {
    const auto fault = static_cast<ReplyFault>(kind);
    counts[std::string(name_of(fault))] = bus.faults(fault);
  }
  return counts;
}

nlohmann::json bus_counts(const feetech::BusStatistics& s) {
  return {{"exchanges", s.exchanges},     {"attempts", s.attempts},
          {"silent", s.silent},           {"short", s.short_},
          {"header", s.header},           {"id", s.id},
          {"length", s.length},           {"error_byte", s.error_byte},
          {"checksum", s.checksum},       {"long", s.long_},
          {"stray_bytes", s.stray_bytes}, {"failed", s.failed},
          {"over_budget", s.over_budget}};
}

nlohmann::json report(const CycleFindings& found, const fake::Bus& bus,
                      const feetech::ServoLoop& loop, const LoopState& state) {
  return {{"cycles", found.cycles},
          {"answers_taken", found.taken},
          {"faulty_packets", fault_counts(bus)},
          {"spoilt_values_taken", found.wrong},
          {"old_answers_taken", found.old_taken},
          {"compensating_errors_taken", found.compensating_taken},
          {"taken_beyond_plausible", found.beyond_plausible},
          {"implausible_discarded", state.implausible},
          {"cycles_without_an_answer", state.missed},
          {"cycles_over_budget", found.over_budget},
          {"latched", found.latched},
          {"lost", found.lost},
          {"cycle_p999_ms", found.p999_ms},
          {"longest_cycle_ms", found.longest_ms},
          {"cycles_per_second", found.per_second},
          {"bus", bus_counts(loop.bus_statistics())}};
}

// Cycles in simulated time, 1 % of the answers spoilt.
nlohmann::json simulated_cycles(int64_t cycles, uint64_t seed, bool& holds) {
  const WorkFolder work("bus_faults");
  fake::Bus bus({.timing = fake::Timing::real(), .seed = seed});
  const feetech::ArmSetup setup = fake::played_arm(work.path().string(), bus);
  fake::SimulatedWire wire(bus);
  feetech::Bus master(wire, 1'000'000);
  feetech::ServoLoop loop(wire, master, feetech::LoopOptions::of(setup));
  const Truth truth(bus);
  GoalWatch goals(bus, loop.options().joints);
  CycleFindings found{.cycles = cycles};
  std::vector<double> times;
  std::vector<int> last(kServos);
  int64_t last_ns = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < cycles; ++i) {
    constexpr int64_t kFaultless = 20;  // torque comes on first
    if (i == 2) loop.drive();
    if (i == kFaultless) bus.set_fault_rate(kFaultRate);
    const int64_t begin = wire.now_ns();
    goals.set_clock(begin);
    loop.post(wandering_goals(loop.options().joints, static_cast<double>(i) * 0.005));
    const LoopMode before = loop.newest().mode;
    loop.cycle(begin + kPeriodNs);
    const LoopState& state = loop.newest();
    judge_cycle(truth, state, last, last_ns, found);
    const double took_ms = static_cast<double>(wire.now_ns() - begin) * 1e-6;
    if (before == LoopMode::kDriving && state.mode == LoopMode::kDriving) {
      times.push_back(took_ms);
      found.longest_ms = std::max(found.longest_ms, took_ms);
      found.over_budget += wire.now_ns() > begin + kPeriodNs + kGraceNs;
    }
    if (state.mode == LoopMode::kLatched) {
      found.latched += before != LoopMode::kLatched;
      loop.clear();
    }
    found.lost += state.mode == LoopMode::kLost && before != LoopMode::kLost;
    wire.sleep_until(begin + kPeriodNs);
  }
  found.per_second =
      static_cast<double>(cycles) /
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  found.p999_ms = percentile_of(times, 0.999);
  nlohmann::json result = report(found, bus, loop, loop.newest());
  result["commands_outside"] = goals.outside();
  result["first_complaint"] = goals.first_complaint();
  holds = holds && found.wrong == 0 && found.beyond_plausible == 0 && found.over_budget == 0 &&
          goals.outside() == 0;
  return result;
}

// The same on a pseudo-terminal, as fast as it goes.
nlohmann::json port_cycles(int64_t cycles, uint64_t seed, bool& holds) {
  const WorkFolder work("bus_faults");
  fake::Bus bus({.seed = seed});
  const feetech::ArmSetup setup = fake::played_arm(work.path().string(), bus);
  const Truth truth(bus);
  fake::Port port(bus, work.path() / "port");
  feetech::SerialPort wire(port.path(), 1'000'000);
  feetech::Bus master(wire, 1'000'000);
  feetech::ServoLoop loop(wire, master, feetech::LoopOptions::of(setup));
  CycleFindings found{.cycles = cycles};
  std::vector<double> times;
  std::vector<int> last(kServos);
  int64_t last_ns = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < cycles; ++i) {
    if (i == 2) loop.drive();
    if (i == 20) port.with_bus([](fake::Bus& b) { b.set_fault_rate(kFaultRate); });
    const int64_t begin = wire.now_ns();
    const double t =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    loop.post(wandering_goals(loop.options().joints, t));
    loop.cycle(begin + kPeriodNs);
    const LoopState& state = loop.newest();
    port.with_bus([&](fake::Bus&) { judge_cycle(truth, state, last, last_ns, found); });
    if (state.mode == LoopMode::kDriving && i > 20) {
      times.push_back(static_cast<double>(wire.now_ns() - begin) * 1e-6);
      found.longest_ms = std::max(found.longest_ms, times.back());
    }
    if (state.mode == LoopMode::kLatched) {
      ++found.latched;
      loop.clear();
    }
    if (state.mode == LoopMode::kLost) {  // nobody ran the other end for a while
      ++found.lost;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      --i;
    }
  }
  found.over_budget = loop.bus_statistics().over_budget;
  found.per_second =
      static_cast<double>(cycles) /
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  found.p999_ms = percentile_of(times, 0.999);
  // By the wall clock another program may take the processor: such a cycle is told, not judged.
  holds = holds && found.wrong == 0 && found.beyond_plausible == 0;
  return report(found, bus, loop, loop.newest());
}

// Unplugs at random moments of a motion, in simulated time.
nlohmann::json unplugs(int64_t count, uint64_t seed, bool& holds) {
  int64_t goals_sent = 0, outside = 0, promise_broken = 0, moved_before_clear = 0, late_latch = 0;
  int64_t not_resumed = 0;
  double longest_latch_ms = 0;
  std::string complaint;
  Rng rng = Rng::stream(seed, "unplugs");
  const WorkFolder work("bus_faults");
  for (int64_t round = 0; round < count; ++round) {
    fake::Bus bus({.timing = fake::Timing::real(), .seed = seed + static_cast<uint64_t>(round)});
    const feetech::ArmSetup setup = fake::played_arm(work.path().string(), bus);
    fake::SimulatedWire wire(bus);
    feetech::Bus master(wire, 1'000'000);
    feetech::LoopOptions options = feetech::LoopOptions::of(setup);
    options.hold_at_exit = rng.chance(0.5);
    const bool power_too = rng.chance(0.2);
    feetech::ServoLoop loop(wire, master, options);
    GoalWatch goals(bus, options.joints);
    const auto run = [&](double seconds, bool posts) {
      const auto cycles = std::lround(seconds * 1e9 / kPeriodNs);
      for (int64_t i = 0; i < cycles; ++i) {
        const int64_t begin = wire.now_ns() + rng.below(1000);
        goals.set_clock(begin);
        const double t = static_cast<double>(begin) * 1e-9;
        if (posts) loop.post(wandering_goals(options.joints, t));
        loop.cycle(begin + kPeriodNs);
        wire.sleep_until(begin + kPeriodNs);
      }
    };
    run(0.02, false);
    loop.drive();
    run(rng.uniform(0.1, 2.5), true);
    wire.sleep_until(wire.now_ns() + rng.below(kPeriodNs));
    wire.plugged = false;
    bus.forget();
    const int64_t lost_ns = wire.now_ns();
    while (loop.newest().mode != LoopMode::kLost && wire.now_ns() < lost_ns + 1'000'000'000) {
      run(0.005, true);
    }
    const double latch_ms = static_cast<double>(wire.now_ns() - lost_ns) * 1e-6;
    longest_latch_ms = std::max(longest_latch_ms, latch_ms);
    late_latch += latch_ms > 50;
    run(rng.uniform(0, 0.5), true);
    if (power_too) {
      for (fake::Servo& servo : bus.servos) servo.restart();
    }
    wire.plugged = true;
    goals.forget();
    run(0.5, true);
    const bool torque = bus.servos[0].torque();
    promise_broken += torque != (options.hold_at_exit && !power_too);
    std::vector<double> at;
    for (const fake::Servo& servo : bus.servos) at.push_back(servo.shaft());
    run(0.3, true);
    for (size_t i = 0; i < kServos; ++i) {
      if (std::abs(bus.servos[i].shaft() - at[i]) > 3) {
        ++moved_before_clear;
        break;
      }
    }
    loop.clear();
    goals.forget();
    run(0.5, true);
    not_resumed += loop.newest().mode != LoopMode::kDriving;
    goals_sent += goals.goals();
    outside += goals.outside();
    if (complaint.empty()) complaint = goals.first_complaint();
  }
  holds = holds && outside == 0 && promise_broken == 0 && moved_before_clear == 0 &&
          late_latch == 0 && not_resumed == 0;
  return {{"unplugs", count},
          {"goals_sent", goals_sent},
          {"commands_outside", outside},
          {"first_complaint", complaint},
          {"promises_broken", promise_broken},
          {"moved_before_a_person_cleared", moved_before_clear},
          {"latched_later_than_50_ms", late_latch},
          {"longest_to_latch_ms", longest_latch_ms},
          {"not_resumed_after_clear", not_resumed}};
}

// The driver's process: drives until it is told to end, or is killed.
int drive_port(const std::string& port, const std::string& calibration, bool hold) {
  install_stop_signal();
  RobotFolder folder = *RobotFolder::load("so101");
  if (hold) folder.driver.at_exit = RobotFolder::Driver::AtExit::kHold;
  const auto shared = std::make_shared<const RobotFolder>(folder);
  feetech::supervise([shared, port] { feetech::keep_promise(*shared, port); });
  auto arm = std::make_unique<feetech::Arm>(
      feetech::arm_setup(shared, calibration),
      feetech::ArmOptions{.port = port, .before_torque = feetech::arm_needs_promise});
  run::FilteredRobot robot(std::move(arm));
  std::printf("%d\n", static_cast<int>(::getpid()));
  std::fflush(stdout);
  RobotState state;
  state.values.resize(robot.embodiment().state.size());
  std::vector<float> command(robot.embodiment().action.size());
  for (int64_t tick = 0; !stop_requested(); ++tick) {
    robot.read(state);
    for (size_t i = 0; i < command.size(); ++i) {
      const Field& field = robot.embodiment().action[i];
      const double middle = (field.min + field.max) / 2, half = (field.max - field.min) / 2;
      // Beyond the limits on purpose.
      command[i] = static_cast<float>(middle + 1.3 * half *
                                                   std::sin(static_cast<double>(tick) * 0.02 *
                                                            (1 + 0.1 * static_cast<double>(i))));
    }
    write_command(robot, command);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return 0;
}

// A driver in a process of its own, begun by this program's file.
struct Driver {
  pid_t supervisor = -1;
  pid_t process = -1;  // that drives
};

Driver begin_driver(const std::string& port, const std::string& calibration, const std::string& log,
                    bool hold) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) throw Error("bus_faults", "no pipe");
  Driver driver;
  driver.supervisor = ::fork();
  if (driver.supervisor == 0) {
    ::dup2(pipe_ends[1], STDOUT_FILENO);
    ::close(pipe_ends[0]);
    ::close(pipe_ends[1]);
    ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    ::execl("/proc/self/exe", "bus_faults", "--drive", port.c_str(), calibration.c_str(),
            hold ? "hold" : "torque_off", nullptr);
    ::_exit(3);
  }
  ::close(pipe_ends[1]);
  std::FILE* const out = ::fdopen(pipe_ends[0], "r");
  int process = -1;
  if (std::fscanf(out, "%d", &process) != 1) process = -1;  // NOLINT(cert-err34-c)
  std::fclose(out);
  driver.process = process;
  return driver;
}

// Kills of the driver, or of its supervisor, at random moments.
nlohmann::json kills(int64_t count, uint64_t seed, bool& holds) {
  Rng rng = Rng::stream(seed, "kills");
  const WorkFolder work("bus_faults");
  fake::Bus bus({.seed = seed});
  const feetech::ArmSetup setup = fake::played_arm(work.path().string(), bus);
  GoalWatch goals(bus, feetech::LoopOptions::of(setup).joints);
  fake::Port port(bus, work.path() / "port");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const std::string log = work.path() / "log";
  std::string complaint;
  int64_t promise_broken = 0, not_begun = 0;
  std::array<int64_t, 3> by_kind{};
  for (int64_t round = 0; round < count; ++round) {
    const bool hold = rng.chance(0.5);
    port.with_bus([&](fake::Bus& b) {
      for (fake::Servo& servo : b.servos) servo.write(40, std::array<uint8_t, 1>{0});
      goals.forget();
    });
    const Driver driver = begin_driver(port.path(), setup.file.string(), log, hold);
    if (driver.process < 0) {
      ++not_begun;
      ::waitpid(driver.supervisor, nullptr, 0);
      if (complaint.empty()) complaint = io::read_text(log);
      continue;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(rng.below(150'000)));
    const auto kind = static_cast<size_t>(rng.below(3));
    ++by_kind[kind];
    // The driver is killed; it is told to end through its supervisor; the supervisor is killed.
    ::kill(kind == 0 ? driver.process : driver.supervisor, kind == 1 ? SIGTERM : SIGKILL);
    ::waitpid(driver.supervisor, nullptr, 0);
    // A driver whose supervisor was killed becomes a child of this process.
    ::waitpid(driver.process, nullptr, 0);
    port.with_bus([&](fake::Bus& b) {
      const bool kept = std::ranges::all_of(b.servos, [&](const fake::Servo& servo) {
        using feetech::Reg;
        if (!hold) return !servo.torque();
        return servo.torque() &&
               std::abs(servo.value(Reg::kGoalPosition) - servo.value(Reg::kPresentPosition)) < 200;
      });
      promise_broken += !kept;
    });
  }
  holds = holds && promise_broken == 0 && goals.outside() == 0 && not_begun == 0;
  return {{"kills", count},
          {"driver_killed", by_kind[0]},
          {"told_to_end", by_kind[1]},
          {"supervisor_killed", by_kind[2]},
          {"drivers_that_did_not_begin", not_begun},
          {"goals_sent", goals.goals()},
          {"commands_outside", goals.outside()},
          {"first_complaint", complaint.empty() ? goals.first_complaint() : complaint},
          {"promises_broken", promise_broken}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::string(argv[1]) == "--drive") {
    try {
      return drive_port(argv[2], argv[3], std::string(argv[4]) == "hold");
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      return 2;
    }
  }
  Command command;
  int64_t cycles = 100'000, port_count = 0, unplug_count = 0, kill_count = 0;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i];
    char* end = argv[i];
    const long long number = i + 1 < argc ? std::strtoll(argv[i + 1], &end, 10) : 0;
    const bool is_number = i + 1 < argc && *end == 0 && number >= 0;
    if (flag == "--json" && i + 1 < argc) {
      command.json = argv[i + 1];
    } else if (flag == "--cycles" && is_number) {
      cycles = number;
    } else if (flag == "--port-cycles" && is_number) {
      port_count = number;
    } else if (flag == "--unplugs" && is_number) {
      unplug_count = number;
    } else if (flag == "--kills" && is_number) {
      kill_count = number;
    } else if (flag == "--seed" && is_number) {
      command.seed = static_cast<uint64_t>(number);
    } else {
      std::fprintf(stderr,
                   "bus_faults: %s: not --cycles, --port-cycles, --unplugs, --kills, --seed with a "
                   "number, or --json FILE\n",
                   flag.c_str());
      return 2;
    }
  }
  bool holds = true;
  nlohmann::json result{{"seed", command.seed}};
  if (cycles > 0) result["cycles"] = simulated_cycles(cycles, command.seed, holds);
  if (port_count > 0) result["port_cycles"] = port_cycles(port_count, command.seed, holds);
  if (unplug_count > 0) result["unplugs"] = unplugs(unplug_count, command.seed, holds);
  if (kill_count > 0) result["kills"] = kills(kill_count, command.seed, holds);
  return print_report(result, holds, command);
}
