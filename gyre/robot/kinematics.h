#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "gyre/robot/pose.h"
#include "gyre/robot/robot_folder.h"

struct mjData_;

namespace gyre {

// Forward and inverse kinematics of an arm, from its own MuJoCo model. Everything is allocated by
// the constructor. For one thread at a time.
class Kinematics {
 public:
  explicit Kinematics(std::shared_ptr<const RobotFolder> robot);
  ~Kinematics();
  Kinematics(const Kinematics&) = delete;
  Kinematics& operator=(const Kinematics&) = delete;

  // Pose of the grasp frame at `joints` [J] (rad or m, the order of RobotFolder::joints).
  Pose grasp_pose(std::span<const double> joints) noexcept;

  // Damped least squares (Nakamura and Hanafusa, 1986): position first, then, in its null space,
  // the rotation that the arm can reach. `joints` [J] holds the start and takes the solution, which
  // stays within the arm's ranges. Returns the distance (m) from the target's position.
  double solve(std::span<double> joints, const Pose& target, int iterations) noexcept;

 private:
  using Jacobian = std::array<std::vector<double>, 3>;  // [3, J]
  class DampedInverse;
  void place(std::span<const double> joints) noexcept;
  void read_jacobians() noexcept;

  std::shared_ptr<const RobotFolder> robot_;
  mjData_* scratch_;
  int site_;
  std::vector<int> qpos_, dof_;                        // [J], addresses in the model
  std::vector<double> full_position_, full_rotation_;  // [3, dofs of the model]
  Jacobian position_, turning_, free_;
  std::vector<double> change_, turn_, moving_;  // [J]
};

}  // namespace gyre
