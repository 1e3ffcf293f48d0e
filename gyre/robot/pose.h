#pragma once

#include <array>

namespace gyre {

using Vec3 = std::array<double, 3>;
using Quat = std::array<double, 4>;  // w, x, y, z

struct Pose {
  Vec3 position{};  // metres, frame of the robot's base
  Quat rotation{1, 0, 0, 0};
};

// The pose turned by a rotation vector (rad) given in the base frame, about its own origin.
Pose compose_rotation(const Pose& pose, const Vec3& rotation_vector) noexcept;

// The rotation vector (rad, base frame) that turns `from` into `to`.
Vec3 rotation_between(const Quat& from, const Quat& to) noexcept;

// Rows of the rotation matrix, [3, 3].
std::array<double, 9> rotation_matrix(const Quat& rotation) noexcept;
// The rotation whose matrix has these first two columns.
Quat rotation_of_columns(const Vec3& x, const Vec3& y) noexcept;

}  // namespace gyre
