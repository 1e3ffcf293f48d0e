#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/robot/kinematics.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/run/joint_tracker.h"
#include "gyre/run/status_sink.h"

namespace gyre::run {

// Makes actions of a robot's `joint` or `ee` contract from the joints of a leader arm [J + 1],
// those of several arms one after the other, smoothed without a delay of steady motion. The
// difference that there is at the start fades out over a second, so nothing jumps.
class LeaderMotion {
 public:
  // The leader's distance from the robot in the joint, or the direction, with the largest one.
  struct Gap {
    const char* what = "";  // a field's name, or "hand" and "turn" of an `ee` contract
    double distance = 0;    // rad, m or openings
    bool near = false;      // the robot may follow
  };

  // Throws Error for a contract that is not the folder's.
  LeaderMotion(const std::shared_ptr<const RobotFolder>& folder, const Embodiment& contract);

  // `robot` is the newest status, with its command and state.
  Gap gap(std::span<const float> joints, const LoopStatus& robot) noexcept;
  void begin(std::span<const float> joints, const LoopStatus& robot) noexcept;
  // The action [D] after `seconds` more. rates() then has the rates [D] (units/s) at which its
  // positions move on; empty under `ee`.
  std::span<const float> act(std::span<const float> reading, const LoopStatus& robot,
                             double seconds) noexcept;

  std::span<const float> rates() const noexcept { return rates_; }

 private:
  Pose pose_of(std::span<const float> joints) noexcept;

  std::shared_ptr<const RobotFolder> folder_;
  std::vector<Field> fields_;
  std::optional<Kinematics> kinematics_;  // of an `ee` contract
  std::vector<double> joints_;            // [J]
  JointTracker tracker_;                  // of all the leader's values
  std::vector<float> offsets_, action_;   // [D], what the robot stood apart at the start
  std::vector<float> rates_;              // [D]; empty under `ee`
  Vec3 turn_offset_{}, way_offset_{};     // the same of the hand
  double left_ = 0;                       // share of it that is left
};

}  // namespace gyre::run
