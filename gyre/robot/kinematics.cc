#include "gyre/robot/kinematics.h"

#include <mujoco/mujoco.h>

#include <algorithm>

#include "gyre/robot/kinematics_model.h"

namespace gyre {
namespace {

constexpr double kPositionDamping = 0.01;  // metres: about a link's length times 0.05 rad
constexpr double kRotationDamping = 0.15;
constexpr double kMostChange = 0.4;  // of a joint in one iteration, rad or m

double dot(std::span<const double> a, std::span<const double> b) noexcept {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Vec3 product(const std::array<std::vector<double>, 3>& jacobian,
             std::span<const double> x) noexcept {
  return {dot(jacobian[0], x), dot(jacobian[1], x), dot(jacobian[2], x)};
}

}  // namespace

Pose compose_rotation(const Pose& pose, const Vec3& rotation_vector) noexcept {
  Vec3 axis = rotation_vector;
  const double angle = mju_normalize3(axis.data());
  mjtNum turn[4];
  mju_axisAngle2Quat(turn, axis.data(), angle);
  Pose turned = pose;
  mju_mulQuat(turned.rotation.data(), turn, pose.rotation.data());
  mju_normalize4(turned.rotation.data());
  return turned;
}

Vec3 rotation_between(const Quat& from, const Quat& to) noexcept {
  mjtNum inverse[4], turn[4];
  mju_negQuat(inverse, from.data());
  mju_mulQuat(turn, to.data(), inverse);
  Vec3 vector;
  mju_quat2Vel(vector.data(), turn, 1);
  return vector;
}

std::array<double, 9> rotation_matrix(const Quat& rotation) noexcept {
  std::array<double, 9> matrix;
  mju_quat2Mat(matrix.data(), rotation.data());
  return matrix;
}

Quat rotation_of_columns(const Vec3& x, const Vec3& y) noexcept {
  const Vec3 z = {x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]};
  const std::array<double, 9> rows = {x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]};
  Quat rotation;
  mju_mat2Quat(rotation.data(), rows.data());
  return rotation;
}

// J^T (J J^T + damping^2 I)^-1 v for several v at once: factor, then apply.
class Kinematics::DampedInverse {
 public:
  DampedInverse(const Jacobian& jacobian, double damping) noexcept : jacobian_(jacobian) {
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        factor_[3 * i + j] = dot(jacobian[i], jacobian[j]) + (i == j ? damping * damping : 0);
      }
    }
    mju_cholFactor(factor_, 3, 1e-12);
  }
  void apply(const Vec3& v, std::span<double> x) const noexcept {
    mjtNum y[3];
    mju_cholSolve(y, factor_, v.data(), 3);
    for (size_t k = 0; k < x.size(); ++k) {
      x[k] = jacobian_[0][k] * y[0] + jacobian_[1][k] * y[1] + jacobian_[2][k] * y[2];
    }
  }

 private:
  const Jacobian& jacobian_;
  mjtNum factor_[9];
};

Kinematics::Kinematics(std::shared_ptr<const RobotFolder> robot)
    : robot_(one_arm(std::move(robot))), scratch_(mj_makeData(&robot_->model->model())) {
  const mjModel* m = &robot_->model->model();
  site_ = mj_name2id(m, mjOBJ_SITE, robot_->tool.site.c_str());
  for (const ArmJoint& joint : robot_->joints) {
    const int id = mj_name2id(m, mjOBJ_JOINT, joint.name.c_str());
    qpos_.push_back(m->jnt_qposadr[id]);
    dof_.push_back(m->jnt_dofadr[id]);
  }
  full_position_.resize(3 * static_cast<size_t>(m->nv));
  full_rotation_ = full_position_;
  const size_t n = qpos_.size();
  for (Jacobian* jacobian : {&position_, &turning_, &free_}) jacobian->fill(std::vector<double>(n));
  change_.resize(n);
  turn_.resize(n);
  moving_.resize(n);
}

Kinematics::~Kinematics() { mj_deleteData(scratch_); }

void Kinematics::place(std::span<const double> joints) noexcept {
  for (size_t i = 0; i < joints.size(); ++i) scratch_->qpos[qpos_[i]] = joints[i];
  mj_kinematics(&robot_->model->model(), scratch_);
}

Pose Kinematics::grasp_pose(std::span<const double> joints) noexcept {
  place(joints);
  Pose pose;
  std::copy_n(scratch_->site_xpos + 3 * site_, 3, pose.position.begin());
  mju_mat2Quat(pose.rotation.data(), scratch_->site_xmat + 9 * site_);
  return pose;
}

void Kinematics::read_jacobians() noexcept {
  const mjModel* m = &robot_->model->model();
  mj_comPos(m, scratch_);
  mj_jacSite(m, scratch_, full_position_.data(), full_rotation_.data(), site_);
  for (size_t row = 0; row < 3; ++row) {
    for (size_t k = 0; k < dof_.size(); ++k) {
      const size_t column = row * static_cast<size_t>(m->nv) + static_cast<size_t>(dof_[k]);
      position_[row][k] = full_position_[column];
      turning_[row][k] = full_rotation_[column];
    }
  }
}

double Kinematics::solve(std::span<double> joints, const Pose& target, int iterations) noexcept {
  const size_t n = joints.size();
  for (int iteration = 0;; ++iteration) {
    const Pose at = grasp_pose(joints);
    Vec3 position_error;
    mju_sub3(position_error.data(), target.position.data(), at.position.data());
    const Vec3 rotation_error = rotation_between(at.rotation, target.rotation);
    const double residual = mju_norm3(position_error.data());
    if (iteration == iterations || (residual < 1e-5 && mju_norm3(rotation_error.data()) < 1e-4)) {
      return residual;
    }

    read_jacobians();
    const DampedInverse position_inverse(position_, kPositionDamping * robot_->scene_scale);
    position_inverse.apply(position_error, change_);

    // Turning without moving: each row of `turning_` less the part of it that moves the hand.
    for (size_t row = 0; row < 3; ++row) {
      position_inverse.apply(product(position_, turning_[row]), moving_);
      for (size_t k = 0; k < n; ++k) free_[row][k] = turning_[row][k] - moving_[k];
    }
    Vec3 remaining = rotation_error;
    const Vec3 turned = product(turning_, change_);
    for (size_t axis = 0; axis < 3; ++axis) remaining[axis] -= turned[axis];
    DampedInverse(free_, kRotationDamping).apply(remaining, turn_);

    for (size_t k = 0; k < n; ++k) {
      const ArmJoint& joint = robot_->joints[k];
      const double step = std::clamp(change_[k] + turn_[k], -kMostChange, kMostChange);
      joints[k] = std::clamp(joints[k] + step, joint.min, joint.max);
    }
  }
}

}  // namespace gyre
