#include "gyre/sim/kinematics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gyre::sim {
namespace {

constexpr double kPositionDamping = 0.01;  // metres: about a link's length times 0.05 rad
constexpr double kRotationDamping = 0.15;

using Jacobian = std::array<std::vector<double>, 3>;  // rows over the arm's joints

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// J^T (J J^T + damping^2 I)^-1 v for several v at once: factor, then apply.
class DampedInverse {
 public:
  DampedInverse(const Jacobian& jacobian, double damping) : jacobian_(jacobian) {
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        factor_[3 * i + j] = dot(jacobian[i], jacobian[j]) + (i == j ? damping * damping : 0);
      }
    }
    mju_cholFactor(factor_, 3, 1e-12);
  }
  std::vector<double> operator()(const Vec3& v) const {
    mjtNum y[3];
    mju_cholSolve(y, factor_, v.data(), 3);
    std::vector<double> x(jacobian_[0].size());
    for (size_t k = 0; k < x.size(); ++k) {
      x[k] = jacobian_[0][k] * y[0] + jacobian_[1][k] * y[1] + jacobian_[2][k] * y[2];
    }
    return x;
  }

 private:
  const Jacobian& jacobian_;
  mjtNum factor_[9];
};

Vec3 product(const Jacobian& jacobian, const std::vector<double>& x) {
  return {dot(jacobian[0], x), dot(jacobian[1], x), dot(jacobian[2], x)};
}

}  // namespace

Pose compose_rotation(const Pose& pose, const Vec3& rotation_vector) {
  Vec3 axis = rotation_vector;
  const double angle = mju_normalize3(axis.data());
  mjtNum turn[4];
  mju_axisAngle2Quat(turn, axis.data(), angle);
  Pose turned = pose;
  mju_mulQuat(turned.rotation.data(), turn, pose.rotation.data());
  mju_normalize4(turned.rotation.data());
  return turned;
}

Vec3 rotation_between(const Quat& from, const Quat& to) {
  mjtNum inverse[4], turn[4];
  mju_negQuat(inverse, from.data());
  mju_mulQuat(turn, to.data(), inverse);
  Vec3 vector;
  mju_quat2Vel(vector.data(), turn, 1);
  return vector;
}

Kinematics::Kinematics(const World::Impl& world)
    : world_(world), scratch_(mj_makeData(world.model.get())) {}

void Kinematics::place(const std::vector<double>& joints) {
  for (size_t i = 0; i < joints.size(); ++i) scratch_->qpos[world_.joint_qpos[i]] = joints[i];
  mj_kinematics(world_.model.get(), scratch_.get());
  mj_comPos(world_.model.get(), scratch_.get());
}

Kinematics::Solution Kinematics::solve(const std::vector<double>& start, const Pose& target,
                                       int iterations) {
  const mjModel* m = world_.model.get();
  const size_t n = start.size();
  Solution solution{start, 0};
  std::vector<mjtNum> full_position(3 * static_cast<size_t>(m->nv)), full_rotation(full_position);
  for (int iteration = 0;; ++iteration) {
    place(solution.joints);
    const mjtNum* at = scratch_->site_xpos + 3 * world_.grasp_site;
    Quat rotation;
    mju_mat2Quat(rotation.data(), scratch_->site_xmat + 9 * world_.grasp_site);
    Vec3 position_error;
    mju_sub3(position_error.data(), target.position.data(), at);
    const Vec3 rotation_error = rotation_between(rotation, target.rotation);
    solution.residual = mju_norm3(position_error.data());
    if (iteration == iterations ||
        (solution.residual < 1e-5 && mju_norm3(rotation_error.data()) < 1e-4)) {
      return solution;
    }

    mj_jacSite(m, scratch_.get(), full_position.data(), full_rotation.data(), world_.grasp_site);
    Jacobian position, turning;
    for (int row = 0; row < 3; ++row) {
      for (size_t k = 0; k < n; ++k) {
        const size_t column = row * static_cast<size_t>(m->nv) + world_.joint_dof[k];
        position[row].push_back(full_position[column]);
        turning[row].push_back(full_rotation[column]);
      }
    }
    const DampedInverse position_inverse(position, kPositionDamping * world_.arm->scene_scale);
    std::vector<double> change = position_inverse(position_error);

    // What turns the hand without moving it: each row of `turning` less its part that moves.
    Jacobian free = turning;
    for (int row = 0; row < 3; ++row) {
      const std::vector<double> moving = position_inverse(product(position, turning[row]));
      for (size_t k = 0; k < n; ++k) free[row][k] -= moving[k];
    }
    Vec3 remaining = rotation_error;
    const Vec3 turned = product(turning, change);
    for (int axis = 0; axis < 3; ++axis) remaining[axis] -= turned[axis];
    const std::vector<double> turn = DampedInverse(free, kRotationDamping)(remaining);

    for (size_t k = 0; k < n; ++k) {
      const ArmJoint& joint = world_.arm->joints[k];
      const double step = std::clamp(change[k] + turn[k], -0.4, 0.4);
      solution.joints[k] = std::clamp(solution.joints[k] + step, joint.min, joint.max);
    }
  }
}

}  // namespace gyre::sim
