#include "gyre/sim/disturbed_robot.h"

#include <algorithm>
#include <cmath>

#include "gyre/sim/saved_state.h"

namespace gyre::sim {
namespace {

constexpr int kIterations = 6;

}  // namespace

DisturbedRobot::DisturbedRobot(std::unique_ptr<Robot> robot, World& world,
                               const std::shared_ptr<const RobotFolder>& folder, uint64_t seed)
    : inner_(std::move(robot)),
      world_(world),
      objects_(world.objects()),
      kinematics_(folder),
      joint_space_(inner_->embodiment().action.size() == inner_->embodiment().state.size()),
      ticks_per_action_(inner_->embodiment().ticks_per_action()),
      rng_(Rng::stream(seed, "disturbance")),
      clean_(inner_->embodiment().action.size()),
      command_(clean_.size()),
      joints_(folder->joints.size()) {
  strong_noise_ = rng_.chance(0.5);
  shift_at_ = rng_.chance(0.35) ? 4 + rng_.below(30) : -1;
  push_at_ = rng_.chance(0.15) ? 4 + rng_.below(20) : -1;
}

void DisturbedRobot::draw() noexcept {
  const int64_t period = tick_ / ticks_per_action_;
  const double scale = world_.scale(), size = (strong_noise_ ? 0.012 : 0.004) * scale;
  for (size_t axis = 0; axis < 3; ++axis) {
    noise_[axis] = 0.7 * noise_[axis] + 0.3 * size * rng_.normal();
    translation_[axis] = noise_[axis];
  }
  yaw_ = 0.02 * rng_.normal();
  if (period == shift_at_) {
    for (double& v : translation_) v += rng_.uniform(-0.05, 0.05) * scale;
  }
  for (double& v : translation_) v /= ticks_per_action_;
  yaw_ /= ticks_per_action_;
  if (period == push_at_ && !objects_.empty()) push_something();
}

void DisturbedRobot::push_something() noexcept {
  const double angle = rng_.uniform(0, 6.283);
  const double speed = rng_.uniform(0.05, 0.2) * world_.scale();
  world_.push(objects_[static_cast<size_t>(rng_.below(std::ssize(objects_)))],
              {speed * std::cos(angle), speed * std::sin(angle), 0});
}

void DisturbedRobot::move_joints() noexcept {
  std::copy_n(command_.begin(), joints_.size(), joints_.begin());
  Pose pose = compose_rotation(kinematics_.grasp_pose(joints_), {0, 0, yaw_});
  for (size_t axis = 0; axis < 3; ++axis) pose.position[axis] += translation_[axis];
  kinematics_.solve(joints_, pose, kIterations);
  std::ranges::transform(joints_, command_.begin(), [](double v) { return static_cast<float>(v); });
}

WriteResult DisturbedRobot::write(std::span<const float> command) noexcept {
  if (command.size() != command_.size()) return inner_->write(command);
  if (tick_ % ticks_per_action_ == 0) draw();
  ++tick_;
  std::ranges::copy(command, clean_.begin());
  command_ = clean_;
  if (joint_space_) {
    move_joints();
  } else {
    for (size_t axis = 0; axis < 3; ++axis) {
      command_[axis] += static_cast<float>(translation_[axis]);
    }
    command_[5] += static_cast<float>(yaw_);
  }
  return inner_->write(command_);
}

void DisturbedRobot::save(StateWriter& writer) const {
  writer.add(rng_);
  writer.add(tick_);
  writer.add(noise_);
  writer.add(translation_);
  writer.add(yaw_);
}

void DisturbedRobot::restore(StateReader& reader) {
  reader.read(rng_);
  reader.read(tick_);
  reader.read(noise_);
  reader.read(translation_);
  reader.read(yaw_);
}

}  // namespace gyre::sim
