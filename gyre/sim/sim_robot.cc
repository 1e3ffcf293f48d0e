#include "gyre/sim/sim_robot.h"

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/sim/arm.h"
#include "gyre/sim/kinematics.h"

namespace gyre::sim {
namespace {

constexpr Quat kToolDown{0, 1, 0, 0};  // grasp frame: x forward, y right, z down
constexpr int kIterations = 6;
constexpr double kLeadPeriods = 1.5;   // how far the target may run ahead of the arm
constexpr double kLeadRotation = 0.6;  // radians

void limit_norm(Vec3& v, double most) {
  const double norm = std::hypot(v[0], v[1], v[2]);
  if (norm <= most) return;
  for (double& entry : v) entry *= most / norm;
}

}  // namespace

// Where the arm is told to be; runs ahead of where it is by at most a little.
struct SimRobot::Driver {
  explicit Driver(World& world) : impl(world.impl()), kinematics(impl) {
    for (const ArmJoint& joint : impl.arm->joints) joints.push_back(joint.home);
    target = {impl.arm->home_position, kToolDown};
    joints = kinematics.solve(joints, target, 200).joints;
    for (size_t i = 0; i < joints.size(); ++i) {
      impl.data->qpos[impl.joint_qpos[i]] = joints[i];
      impl.data->ctrl[i] = joints[i];
    }
    set_gripper(1);
    mj_forward(impl.model.get(), impl.data.get());
    for (int i = 0; i < 50; ++i) impl.step();  // things settle
    target = world.gripper_pose();
    previous = joints;
  }

  void set_gripper(double opening) {
    const Arm& arm = *impl.arm;
    impl.data->ctrl[joints.size()] =
        arm.gripper_closed + opening * (arm.gripper_open - arm.gripper_closed);
  }

  // The target after a move, no further from the measured pose than the arm can follow.
  Pose moved(const World& world, const Vec3& translation, const Vec3& rotation) const {
    const Pose measured = world.gripper_pose();
    const Arm& arm = *impl.arm;
    Pose next = compose_rotation(target, rotation);
    Vec3 lead;
    for (int axis = 0; axis < 3; ++axis) {
      const double wanted = std::clamp(target.position[axis] + translation[axis],
                                       arm.workspace.min[axis], arm.workspace.max[axis]);
      lead[axis] = wanted - measured.position[axis];
    }
    limit_norm(lead, kLeadPeriods * arm.max_translation);
    for (int axis = 0; axis < 3; ++axis) next.position[axis] = measured.position[axis] + lead[axis];
    Vec3 turn = rotation_between(measured.rotation, next.rotation);
    limit_norm(turn, kLeadRotation);
    next.rotation = compose_rotation({{}, measured.rotation}, turn).rotation;
    return next;
  }

  // The reachable target nearest to `goal`: within each joint's velocity and acceleration limit, by
  // differences to the last two targets. So an expert's joint commands pass the safety filter as
  // they are.
  std::vector<double> within_limits(std::vector<double> goal, double period_s) const {
    constexpr double kShare = 0.999;  // room for rounding to float
    for (size_t i = 0; i < goal.size(); ++i) {
      const ArmJoint& joint = impl.arm->joints[i];
      const double most = kShare * joint.max_velocity * period_s;
      const double change = kShare * joint.max_acceleration * period_s * period_s;
      const double last = joints[i] - previous[i];
      const double move = std::clamp(goal[i] - joints[i], last - change, last + change);
      goal[i] = std::clamp(joints[i] + std::clamp(move, -most, most), joint.min, joint.max);
    }
    return goal;
  }

  // Carries the arm to `goal` in one period.
  void run(const std::vector<double>& goal, double gripper_goal, double period_s) {
    const Arm& arm = *impl.arm;
    const std::vector<double> start = joints;
    previous = start;
    const double gripper_start = gripper;
    for (size_t i = 0; i < joints.size(); ++i) {
      const double most = arm.joints[i].max_velocity * period_s;
      joints[i] = std::clamp(goal[i], start[i] - most, start[i] + most);
    }
    const double most = arm.gripper_speed * period_s;
    gripper = std::clamp(gripper_goal, gripper_start - most, gripper_start + most);
    const int steps = static_cast<int>(std::lround(period_s / impl.model->opt.timestep));
    for (int step = 1; step <= steps; ++step) {
      const double part = static_cast<double>(step) / steps;
      for (size_t i = 0; i < joints.size(); ++i) {
        impl.data->ctrl[i] = start[i] + part * (joints[i] - start[i]);
      }
      set_gripper(gripper_start + part * (gripper - gripper_start));
      impl.step();
    }
  }

  World::Impl& impl;
  Kinematics kinematics;
  std::vector<double> joints;    // targets, rad
  std::vector<double> previous;  // targets one period before
  Pose target;                   // of the grasp frame
  double gripper = 1;
};

SimRobot::SimRobot(const Embodiment& embodiment, const SceneLayout& layout, uint64_t seed)
    : embodiment_(embodiment),
      world_(arm_of(embodiment), layout, seed),
      driver_(std::make_unique<Driver>(world_)) {}

SimRobot::~SimRobot() = default;

std::vector<float> SimRobot::state() const {
  std::vector<float> state;
  if (joint_space()) {
    const World::Impl& impl = world_.impl();
    for (int address : impl.joint_qpos) {
      state.push_back(static_cast<float>(impl.data->qpos[address]));
    }
  } else {
    const Pose pose = world_.gripper_pose();
    for (double v : pose.position) state.push_back(static_cast<float>(v));
    mjtNum matrix[9];
    mju_quat2Mat(matrix, pose.rotation.data());
    for (int column : {0, 1}) {
      for (int row : {0, 1, 2}) state.push_back(static_cast<float>(matrix[3 * row + column]));
    }
  }
  state.push_back(static_cast<float>(world_.gripper_opening()));
  return state;
}

Observation SimRobot::observe(bool pictures) {
  Observation observation;
  observation.time_ns = static_cast<int64_t>(std::llround(world_.time_s() * 1e9));
  observation.state = state();
  if (!pictures) return observation;
  for (const CameraSpec& camera : embodiment_.cameras) {
    observation.images.push_back(world_.render(camera.name, camera.width, camera.height));
  }
  return observation;
}

CommandResult SimRobot::command(std::span<const float> action) {
  if (action.size() != embodiment_.action.size()) {
    return {false, 0, "an action of another width than the contract's"};
  }
  if (!std::all_of(action.begin(), action.end(), [](float v) { return std::isfinite(v); })) {
    return {false, 0, "an action that is not finite"};
  }
  try {
    return carry_out(action);
  } catch (const Error& error) {
    return {false, 0, error.what()};
  }
}

CommandResult SimRobot::carry_out(std::span<const float> action) {
  Driver& driver = *driver_;
  const double gripper = std::clamp(static_cast<double>(action.back()), 0., 1.);
  if (joint_space()) {
    std::vector<double> goal;
    for (size_t i = 0; i + 1 < action.size(); ++i) {
      goal.push_back(
          std::clamp<double>(action[i], embodiment_.action[i].min, embodiment_.action[i].max));
    }
    driver.run(goal, gripper, embodiment_.period_s);
    driver.target = world_.gripper_pose();
    return {};
  }
  Vec3 translation{action[0], action[1], action[2]}, rotation{action[3], action[4], action[5]};
  limit_norm(translation, driver.impl.arm->max_translation);
  limit_norm(rotation, driver.impl.arm->max_rotation);
  driver.target = driver.moved(world_, translation, rotation);
  const Kinematics::Solution solution =
      driver.kinematics.solve(driver.joints, driver.target, kIterations);
  driver.run(solution.joints, gripper, embodiment_.period_s);
  return {true, static_cast<float>(solution.residual), ""};
}

std::vector<float> SimRobot::hold_action() {
  const auto gripper = static_cast<float>(driver_->gripper);
  if (!joint_space()) return {0, 0, 0, 0, 0, 0, gripper};
  std::vector<float> action(driver_->joints.begin(), driver_->joints.end());
  action.push_back(gripper);
  return action;
}

std::vector<float> SimRobot::action_for(const ExpertMove& move) {
  std::vector<float> action;
  if (joint_space()) {
    const Pose target = driver_->moved(world_, move.translation, move.rotation);
    const auto solution = driver_->kinematics.solve(driver_->joints, target, kIterations);
    for (double joint : driver_->within_limits(solution.joints, embodiment_.period_s)) {
      action.push_back(static_cast<float>(joint));
    }
  } else {
    for (double v : move.translation) action.push_back(static_cast<float>(v));
    for (double v : move.rotation) action.push_back(static_cast<float>(v));
  }
  action.push_back(static_cast<float>(move.gripper));
  return action;
}

}  // namespace gyre::sim
