#include "bench_leader.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bench_arm.h"
#include "bench_facts.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/fake/arm.h"
#include "gyre/robot/fake/port.h"
#include "gyre/robot/feetech/arm.h"
#include "gyre/robot/feetech/leader.h"
#include "gyre/run/bench_real.h"
#include "gyre/run/leader_pilot.h"
#include "gyre/run/session.h"

namespace gyre::apps {
namespace {

constexpr size_t kJoint = 0;     // shoulder_pan: nothing weighs on it
constexpr double kWay = 0.5;     // rad to either side
constexpr double kWaveS = 2;     // there and back
constexpr double kStartS = 2.5;  // until the goals have their full speed and no offset is left
constexpr int kBusPriority = 60;
constexpr double kNearEnd = 0.1;  // rad: near the ends the filter brakes for the turn

// An arm on a pseudo-terminal whose bus has so many cycles a second.
struct PlayedArm {
  explicit PlayedArm(double rate) : bus({.timing = fake::Timing::real()}) {
    setup = fake::played_arm(scratch.path().string(), bus);
    RobotFolder folder = *setup.folder;
    folder.driver.rate = rate;
    setup.folder = std::make_shared<const RobotFolder>(std::move(folder));
  }
  io::ScratchFolder scratch;
  fake::Bus bus;
  feetech::ArmSetup setup;
  fake::Port port{bus, scratch.path() / "port"};
};

struct Place {
  int64_t time_ns = 0;
  double value = 0;
};

// A position of the joint and its time.
class Log {
 public:
  void add(double value) {
    const std::lock_guard lock(mutex_);
    places_.push_back({SteadyClock().now_ns(), value});
  }
  std::vector<Place> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(places_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Place> places_;
};

// Notes each answer of a leader.
class NotedLeader : public LeaderArm {
 public:
  NotedLeader(const PlayedArm& arm, Log& log) : leader_(arm.setup, arm.port.path()), log_(log) {}
  std::string name() const override { return leader_.name(); }
  double period_s() const override { return leader_.period_s(); }
  RobotStatus read(std::span<float> joints) noexcept override {
    const RobotStatus status = leader_.read(joints);
    if (status == RobotStatus::kOk) log_.add(joints[kJoint]);
    return status;
  }

 private:
  feetech::Leader leader_;
  Log& log_;
};

void note_goals(fake::Port& port, const feetech::ArmSetup& setup, Log& log) {
  const feetech::JointMap map = setup.joints[kJoint];
  port.with_bus([&log, map](fake::Bus& bus) {
    bus.on_write = [&log, map](const fake::Servo& servo, uint8_t address,
                               std::span<const uint8_t> bytes) {
      const feetech::Register& goal = feetech::info(feetech::Reg::kGoalPosition);
      if (servo.id() != map.id || address != goal.address) return;
      log.add(map.value(decode(goal, bytes)));
    };
  });
}

// The hand swings the joint for so long.
void swing_joint(PlayedArm& leader, double seconds) {
  const feetech::JointMap& map = leader.setup.joints[kJoint];
  const int64_t begin = SteadyClock().now_ns();
  for (;;) {
    const double since = static_cast<double>(SteadyClock().now_ns() - begin) * 1e-9;
    if (since > seconds) return;
    if (stop_requested()) throw Error("bench robot", "was interrupted", "start it again");
    const double phase = std::fmod(since / kWaveS + 0.25, 1.0);
    const double at = kWay * (4 * std::abs(phase - 0.5) - 1);
    leader.port.with_bus([&](fake::Bus& bus) {
      bus.servo(map.id).pull(static_cast<int>(std::lround(map.tick(at))));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// The time (ms) from the leader's place to the goal of the same place, for each goal on the way.
std::vector<double> lags(const std::vector<Place>& leader, const std::vector<Place>& goals) {
  std::vector<double> found;
  size_t next = 0;
  for (const Place& goal : goals) {
    if (std::abs(goal.value) > kWay - kNearEnd) continue;
    while (next < leader.size() && leader[next].time_ns < goal.time_ns) ++next;
    // Back to where the leader went through this place.
    for (size_t i = next; i-- > 1;) {
      const Place &before = leader[i - 1], &after = leader[i];
      if (goal.time_ns - after.time_ns > 200'000'000) break;
      const double way = after.value - before.value;
      const double share = (goal.value - before.value) / way;
      if (!(share >= 0 && share <= 1) || way == 0) continue;
      const double at = static_cast<double>(before.time_ns) +
                        share * static_cast<double>(after.time_ns - before.time_ns);
      found.push_back((static_cast<double>(goal.time_ns) - at) * 1e-6);
      break;
    }
  }
  return found;
}

std::vector<double> measured_lags(PlayedArm& leader, Log& led, Log& goals, double seconds) {
  swing_joint(leader, kStartS);
  led.take();
  goals.take();
  swing_joint(leader, seconds);
  const std::vector<double> found = lags(led.take(), goals.take());
  if (found.empty()) throw Error("bench robot", "the follower did not follow", "try again");
  return found;
}

nlohmann::json summary_of(std::vector<double> times) {
  return {{"goals", times.size()},
          {"p50_ms", percentile(times, 0.5)},
          {"p99_ms", percentile(times, 0.99)},
          {"most_ms", percentile(times, 1)}};
}

// The buses alone: the leader's thread leaves what it reads to the follower's bus.
std::vector<double> buses_alone(double rate, double seconds) {
  PlayedArm leader(rate);
  RunningArm follower(fake::Timing::real());
  Log led, goals;
  note_goals(follower.port_, follower.setup_, goals);
  NotedLeader reads(leader, led);
  follower.run(rate);
  follower.drive();
  std::atomic<bool> ending{false};
  std::thread thread([&] {
    run::make_real_time({.priority = kBusPriority, .lock_memory = false});
    std::vector<float> joints(follower.setup_.joints.size());
    std::vector<double> ticks(joints.size());
    for (int64_t due = SteadyClock().now_ns(); !ending;) {
      if (reads.read(joints) == RobotStatus::kOk) {
        for (size_t i = 0; i < ticks.size(); ++i) {
          ticks[i] = follower.setup_.joints[i].tick(joints[i]);
        }
        follower.loop_.post(ticks);
      }
      due = std::max<int64_t>(due + std::llround(1e9 / rate), SteadyClock().now_ns());
      SteadyClock().sleep_until(due);
    }
  });
  struct End {
    std::atomic<bool>& ending;
    std::thread& thread;
    ~End() {
      ending = true;
      thread.join();
    }
  };
  const End end{ending, thread};
  return measured_lags(leader, led, goals, seconds);
}

// Through the pilot, the control loop, the safety filter and the driver.
std::vector<double> through_session(double rate, double seconds) {
  PlayedArm leader(rate), follower(rate);
  Log led, goals;
  note_goals(follower.port, follower.setup, goals);
  auto reads = std::make_unique<NotedLeader>(leader, led);
  std::vector<std::unique_ptr<Robot>> arms;
  arms.push_back(std::make_unique<feetech::Arm>(
      follower.setup,
      feetech::ArmOptions{.port = follower.port.path(), .control_period_s = 1 / rate}));
  run::RealBench bench(follower.setup.folder, std::move(arms), {}, {.box = false});
  run::Session session(bench, nullptr, {.real_time = {.lock_memory = false}},
                       [](int64_t) { return false; });
  session.begin();
  run::LeaderPilot pilot(std::move(reads), follower.setup.folder, bench.robot().embodiment(),
                         session, [](const std::string&) {});
  pilot.engage(true);
  pilot.begin();
  return measured_lags(leader, led, goals, seconds);
}

}  // namespace

nlohmann::json leader_to_follower(double rate, double seconds) {
  const std::vector<double> alone = buses_alone(rate, seconds);
  const std::vector<double> session = through_session(rate, seconds);
  const nlohmann::json bus = summary_of(alone), whole = summary_of(session);
  const auto adds = [&](const char* key) {
    return whole[key].get<double>() - bus[key].get<double>();
  };
  return {{"rate_hz", rate},
          {"buses_alone", bus},
          {"session", whole},
          {"adds_p50_ms", adds("p50_ms")},
          {"adds_p99_ms", adds("p99_ms")}};
}

}  // namespace gyre::apps
