#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gyre/robot/leader.h"
#include "gyre/run/leader_motion.h"
#include "gyre/run/operator.h"

namespace gyre::run {

// Lets a robot follow a leader arm. One thread cycles the leader's bus and beats with each answer,
// so that a bus that hangs falls silent. A leader that is engaged takes the robot over once it is
// near in every joint, and only from a robot that nobody drives and that is not stopped. It lets go
// when it is disengaged or lost; a stop disengages it. The robot then holds still at once and is
// paused.
class LeaderPilot {
 public:
  using Note = std::function<void(const std::string& line)>;

  // `operations` must outlive it. `note` tells a person of the leader's loss and return; on its
  // thread. Throws Error as LeaderMotion does.
  LeaderPilot(std::unique_ptr<LeaderArm> leader, const std::shared_ptr<const RobotFolder>& folder,
              const Embodiment& contract, Operator& operations, Note note);
  ~LeaderPilot();  // lets go
  LeaderPilot(const LeaderPilot&) = delete;
  LeaderPilot& operator=(const LeaderPilot&) = delete;

  void engage(bool engaged) noexcept { engaged_ = engaged; }
  bool engaged() const noexcept { return engaged_; }
  // Each episode begins with the robot in a pose of its own, as in simulation: a leader that is not
  // near it lets go. Before begin().
  void robot_restarts() noexcept { restarts_ = true; }
  // A few words for the status line: "leader: elbow_flex is 0.42 away".
  std::string words() const;

  void begin();  // starts the thread
  void turn();   // one turn of the thread's work

 private:
  enum class Stand : uint8_t { kOff, kAway, kFollowed, kLost };
  void work();
  void lead(const LoopStatus& robot);
  void release();
  bool may_take_over(const LoopStatus& robot) const noexcept;
  bool put_elsewhere(const LoopStatus& robot) noexcept;

  std::unique_ptr<LeaderArm> leader_;
  LeaderMotion motion_;
  Operator& operations_;
  Note note_;
  std::vector<float> joints_;  // [J + 1] of each arm
  bool leads_ = false;
  bool drove_ = false;  // the robot has followed since the take-over
  bool lost_ = false;
  bool restarts_ = false;
  int64_t episode_ = -1, episode_tick_ = -1;  // the robot's newest episode began there; -1: seen
  std::atomic<bool> engaged_{false}, leave_{false};
  std::atomic<Stand> stand_{Stand::kOff};
  std::atomic<const char*> furthest_{""};
  std::atomic<double> distance_{0};
  std::thread thread_;
};

}  // namespace gyre::run
