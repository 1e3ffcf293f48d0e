#pragma once

#include <vector>

#include "gyre/sim/world_impl.h"

namespace gyre::sim {

Pose compose_rotation(const Pose& pose, const Vec3& rotation_vector);  // turned in the base frame
Vec3 rotation_between(const Quat& from, const Quat& to);  // rotation vector, base frame

// Inverse kinematics of a world's arm: damped least squares, position first, then in its null space
// the rotation that the arm can reach.
class Kinematics {
 public:
  explicit Kinematics(const World::Impl& world);

  struct Solution {
    std::vector<double> joints;  // rad, within the arm's ranges
    double residual = 0;         // metres from the wanted position
  };
  Solution solve(const std::vector<double>& start, const Pose& target, int iterations);

 private:
  void place(const std::vector<double>& joints);

  const World::Impl& world_;
  DataPtr scratch_;
};

}  // namespace gyre::sim
