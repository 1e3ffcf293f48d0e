#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/core/event.h"
#include "gyre/core/picture.h"
#include "gyre/core/rng.h"
#include "gyre/robot/camera.h"
#include "gyre/robot/robot.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/run/command_source.h"
#include "gyre/run/latency.h"
#include "gyre/run/policy_port.h"
#include "gyre/run/teleop_source.h"
#include "tests/faults/drive_faults_story.h"

// The world that a control loop drives in: clock, robot, cameras, transport and person, all of
// simulated time, each with the faults of a story. It writes down the truth for the checker.
namespace gyre::faults {

inline constexpr int kPixels = 4;  // of each side of a picture

// The truth about one control period.
struct TickTruth {
  int64_t true_ns = 0;       // since the drive began; no jump of the clock is in it
  int64_t state_age_ns = 0;  // true age of the newest state that was handed over
  bool state_read = false;
  bool state_finite = true;
  bool faulty = false;        // the robot answered kFault
  bool hold_unknown = false;  // the robot has no finite position to hold
  int64_t camera_age_ns = 0;  // true age of the oldest newest picture
  int64_t heartbeat_age_ns = INT64_MAX;
  std::vector<float> command;        // [J + 1], what reached the innermost robot; empty: nothing
  bool stopped = false;              // Robot::stop() was called
  std::vector<event::Order> orders;  // posted before the tick
  int64_t goal_id = 0;               // in force
  double stall_s = 0;                // the host kept the loop waiting before it
};

// The truth about one question to the policy.
struct QuestionTruth {
  int64_t attempt = 0, id = 0, generation = 0, goal_id = 0;
  int64_t tick = 0;
  int64_t true_ns = 0;
};

class World {
 public:
  World(const Story& story, std::shared_ptr<const RobotFolder> folder);

  const Story& story;
  std::shared_ptr<const RobotFolder> folder;
  Embodiment joints;    // contract of the innermost robot
  Embodiment contract;  // contract of the drive
  std::vector<TickTruth> truth;
  std::vector<QuestionTruth> questions;
  int64_t attempt = 0;
  std::vector<event::Order> given;  // for the next tick
  int64_t goal_id = 0;

  int64_t tick() const { return static_cast<int64_t>(truth.size()) - 1; }
  TickTruth& now() { return truth.back(); }
  const StoryFault* active(DriveFault kind) const { return story.active(kind, tick()); }
  int64_t true_ns() const { return true_ns_; }
  int64_t clock_ns() const { return true_ns_ + offset_ns_; }
  // The next control period begins when the clock has reached `clock_ns`.
  // A world of sockets really waits until then.
  void advance(int64_t clock_ns);

 private:
  int64_t begin_ns_ = 0;  // of the steady clock, for a world of sockets
  int64_t true_ns_ = 0;
  int64_t offset_ns_ = 1'000'000'000'000;  // the clock's, to true time
};

// Sleeping moves true time on; every sleep is a new control period.
class WorldClock : public Clock {
 public:
  explicit WorldClock(World& world) : world_(world) {}
  int64_t now_ns() const noexcept override { return world_.clock_ns(); }
  void sleep_until(int64_t time_ns) noexcept override { world_.advance(time_ns); }
  int64_t unix_ns(int64_t time_ns) const noexcept override { return time_ns; }
  bool simulated() const noexcept override { return false; }

 private:
  World& world_;
};

// The innermost joint robot: follows commands with a lag.
class WorldArm : public Robot {
 public:
  explicit WorldArm(World& world);
  const Embodiment& embodiment() const noexcept override { return world_.joints; }
  RobotStatus read(RobotState& state) noexcept override;
  WriteResult write(std::span<const float> command) noexcept override;
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override;
  RobotStatus stop() noexcept override;
  std::string fault() const override { return "the motors are off"; }

 private:
  void move() noexcept;
  bool faulty() noexcept;
  World& world_;
  std::vector<float> at_, target_, sent_;  // [J + 1]
  std::vector<float> measured_;            // [J + 1], of the newest state
  int64_t moved_ns_ = 0;                   // true time of at_
  int64_t measured_true_ns_ = 0, measured_clock_ns_ = 0;
};

class WorldCamera : public Camera {
 public:
  WorldCamera(World& world, const CameraSpec& spec, int index);
  const CameraSpec& spec() const noexcept override { return spec_; }
  PictureRef newest() noexcept override;

 private:
  World& world_;
  CameraSpec spec_;
  int index_;
  PictureRef newest_;
  int64_t next_id_ = 0, taken_true_ns_ = -1;
};

// A policy behind a bad link, or one beside the robot that answers slowly and never fails.
class WorldPort : public run::PolicyPort {
 public:
  enum class Place { kRemote, kLocal };
  WorldPort(World& world, Place place);
  void reset(uint64_t) noexcept override {}
  bool has_room() const noexcept override { return true; }
  void submit(const run::Question& question, int64_t tick) noexcept override;
  bool poll(int64_t tick, run::Answer& answer) noexcept override;
  double expected_delay() const noexcept override { return latency_.expected(); }

 private:
  struct Waiting {
    int64_t asked = 0, due = 0;  // ticks of the world
    run::Answer answer;
  };
  bool suffers(DriveFault fault) const;
  std::vector<float> actions(int horizon) const;
  std::shared_ptr<ActionChunk> chunk(const run::Question& question);
  void spoil(ActionChunk& chunk);
  World& world_;
  Place place_;
  Rng rng_;
  run::Latency latency_;
  std::deque<Waiting> waiting_;
  std::vector<double> phase_, rate_;  // [D], of the policy's swings
};

// A person whose device sends commands and heartbeats, by the run-time's own source.
class WorldPerson : public run::CommandSource {
 public:
  WorldPerson(World& world, const Clock& clock, run::EventSink& orders);
  Source source() const noexcept override { return Source::kHuman; }
  bool wants_control(const run::Tick& tick) noexcept override;
  void propose(const run::Tick& tick, Proposal& proposal) noexcept override {
    teleop_.propose(tick, proposal);
  }

 private:
  bool at_hand() const;
  std::vector<float> action();
  World& world_;
  run::TeleopSource teleop_;
  Rng rng_;
  std::vector<std::pair<int64_t, int64_t>> shifts_;  // ticks in which the person drives
  int64_t beat_every_;                               // ticks
  int64_t heartbeat_true_ns_ = INT64_MIN / 2;
  bool drives_ = false;
};

}  // namespace gyre::faults
