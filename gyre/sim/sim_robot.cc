#include "gyre/sim/sim_robot.h"

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/robot/kinematics.h"
#include "gyre/sim/saved_state.h"
#include "gyre/sim/world_impl.h"

namespace gyre::sim {
namespace {

constexpr Quat kToolDown{0, 1, 0, 0};  // grasp frame: x forward, y right, z down
constexpr int kHomeIterations = 200;
constexpr int kSettlingSteps = 50;

int64_t nanoseconds(double seconds) { return std::llround(seconds * 1e9); }

}  // namespace

std::vector<double> home_joints(const std::shared_ptr<const RobotFolder>& robot) {
  std::vector<double> joints;
  for (const ArmJoint& joint : robot->joints) joints.push_back(joint.home);
  Kinematics(robot).solve(joints, {robot->tool.home, kToolDown}, kHomeIterations);
  return joints;
}

SimRobot::SimRobot(World& world, SimulatedClock& clock, const Embodiment& joint_contract)
    : world_(world),
      clock_(clock),
      embodiment_(joint_contract),
      steps_(static_cast<int>(
          std::lround(joint_contract.tick_s() / world.impl().model->opt.timestep))) {
  joints_ = home_joints(world.shared_robot());
  goal_ = refined_ = start_ = joints_;
  sent_.resize(embodiment_.action.size());
  go_home();
  clock_.set(nanoseconds(world_.time_s()));
}

void SimRobot::go_home() {
  World::Impl& w = world_.impl();
  for (size_t i = 0; i < joints_.size(); ++i) w.data->qpos[w.joint_qpos[i]] = joints_[i];
  set_controls(1);
  mj_forward(w.model.get(), w.data.get());
  for (int i = 0; i < kSettlingSteps; ++i) w.step();
}

// The actuators' targets at a part (0 .. 1) of the present command.
void SimRobot::set_controls(double part) {
  World::Impl& w = world_.impl();
  for (size_t i = 0; i < joints_.size(); ++i) {
    w.data->ctrl[w.joint_ctrl[i]] = start_[i] + part * (joints_[i] - start_[i]);
  }
  const RobotFolder::Gripper& gripper = w.robot->gripper;
  const double opening = gripper_start_ + part * (gripper_ - gripper_start_);
  w.data->ctrl[w.gripper_ctrl] = gripper.closed + opening * (gripper.open - gripper.closed);
}

RobotStatus SimRobot::read(RobotState& state) noexcept {
  const World::Impl& w = world_.impl();
  state.time_ns = clock_.now_ns();
  for (size_t i = 0; i < joints_.size(); ++i) {
    state.values[i] = static_cast<float>(w.data->qpos[w.joint_qpos[i]]);
  }
  state.values.back() = static_cast<float>(world_.gripper_opening());
  return broken_ ? RobotStatus::kFault : RobotStatus::kOk;
}

WriteResult SimRobot::write(std::span<const float> command) noexcept {
  WriteResult result;
  const bool usable = command.size() == embodiment_.action.size() &&
                      std::ranges::all_of(command, [](float v) { return std::isfinite(v); });
  if (!usable) {
    fault_ = "an action of another width than the contract's, or one that is not finite";
    result.status = RobotStatus::kFault;
    goal_ = joints_;
    hold(sent_);
  } else {
    std::ranges::copy(command, sent_.begin());
  }
  double opening = gripper_;
  for (size_t i = 0; usable && i < joints_.size(); ++i) {
    const bool unchanged = has_refined_ && static_cast<float>(refined_[i]) == command[i];
    goal_[i] = std::clamp(unchanged ? refined_[i] : static_cast<double>(command[i]),
                          embodiment_.action[i].min, embodiment_.action[i].max);
  }
  if (usable) opening = std::clamp(static_cast<double>(command.back()), 0., 1.);
  has_refined_ = false;

  const double period_s = embodiment_.tick_s();
  start_ = joints_;
  gripper_start_ = gripper_;
  const RobotFolder& robot = world_.robot();
  for (size_t i = 0; i < joints_.size(); ++i) {
    const double most = robot.joints[i].max_velocity * period_s;
    joints_[i] = std::clamp(goal_[i], start_[i] - most, start_[i] + most);
  }
  const double most = robot.gripper.speed * period_s;
  gripper_ = std::clamp(opening, gripper_start_ - most, gripper_start_ + most);
  if (!broken_) {
    try {
      carry_out();
    } catch (const std::exception& error) {
      broken_ = true;
      fault_ = error.what();
    }
  }
  if (broken_) {
    result.status = RobotStatus::kFault;
    clock_.set(clock_.now_ns() + nanoseconds(period_s));
  } else {
    clock_.set(nanoseconds(world_.time_s()));
  }
  return result;
}

void SimRobot::carry_out() {
  for (int step = 1; step <= steps_; ++step) {
    set_controls(static_cast<double>(step) / steps_);
    world_.impl().step();
  }
}

void SimRobot::hold(std::span<float> command) noexcept {
  std::ranges::transform(joints_, command.begin(), [](double v) { return static_cast<float>(v); });
  command.back() = static_cast<float>(gripper_);
}

RobotStatus SimRobot::stop() noexcept {
  const World::Impl& w = world_.impl();
  for (size_t i = 0; i < joints_.size(); ++i) {
    const Field& field = embodiment_.action[i];
    joints_[i] = std::clamp(w.data->qpos[w.joint_qpos[i]], field.min, field.max);
  }
  return broken_ ? RobotStatus::kFault : RobotStatus::kOk;
}

void SimRobot::measured(std::span<double> joints) noexcept {
  const World::Impl& w = world_.impl();
  for (size_t i = 0; i < joints.size(); ++i) {
    joints[i] = w.before.qpos[static_cast<size_t>(w.joint_qpos[i])];
  }
}

void SimRobot::targets(std::span<double> joints) noexcept {
  std::ranges::copy(joints_, joints.begin());
}

void SimRobot::refine(std::span<const double> joints) noexcept {
  std::ranges::copy(joints, refined_.begin());
  has_refined_ = true;
}

void SimRobot::save(StateWriter& writer) const {
  world_.save(writer);
  writer.add_all(joints_);
  writer.add(gripper_);
  writer.add(clock_.now_ns());
}

void SimRobot::restore(StateReader& reader) {
  world_.restore(reader);
  reader.read_all(joints_);
  reader.read(gripper_);
  int64_t now = 0;
  reader.read(now);
  clock_.set(now);
  has_refined_ = false;
  broken_ = false;
  fault_.clear();
}

}  // namespace gyre::sim
