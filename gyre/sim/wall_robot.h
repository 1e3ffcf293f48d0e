#pragma once

#include <vector>

#include "gyre/robot/camera.h"
#include "gyre/robot/robot.h"
#include "gyre/sim/wall_kitchen.h"

namespace gyre::sim {

// The control loop's side of a WallKitchen's arm, of the `joint` contract: a driver as a real
// robot's would be. A command returns at once; the state is that of the last physics period.
class WallRobot : public Robot {
 public:
  // The kitchen must outlive the robot.
  WallRobot(WallKitchen& kitchen, const Embodiment& joint_contract);

  const Embodiment& embodiment() const noexcept override { return embodiment_; }
  // kStale when no report has come since the last read; the values are then those of that one.
  RobotStatus read(RobotState& state) noexcept override;
  // Refuses, with kFault, a command of another width or one that is not finite; the servos then go
  // on with the last one until their watchdog brakes.
  WriteResult write(std::span<const float> command) noexcept override;
  std::span<const float> sent() const noexcept override { return sent_; }
  void hold(std::span<float> command) noexcept override;
  RobotStatus stop() noexcept override;
  std::string fault() const override;

 private:
  void send(bool stop) noexcept;
  RobotStatus status(bool fresh) const noexcept;

  WallKitchen& kitchen_;
  Embodiment embodiment_;
  int64_t number_ = 0;          // of the last command
  std::vector<float> sent_;     // [J + 1]
  std::vector<float> targets_;  // [J + 1], what the servos hold or go to
  bool refused_ = false;
};

// The control loop's side of one of a WallKitchen's cameras.
class WallCamera : public Camera {
 public:
  // The kitchen must outlive the camera.
  WallCamera(WallKitchen& kitchen, size_t camera, const CameraSpec& spec)
      : pictures_(kitchen.pictures(camera)), spec_(spec) {}
  const CameraSpec& spec() const noexcept override { return spec_; }
  PictureRef newest() noexcept override {
    pictures_.take();
    return pictures_.value();
  }

 private:
  Latest<PictureRef>& pictures_;
  CameraSpec spec_;
};

}  // namespace gyre::sim
