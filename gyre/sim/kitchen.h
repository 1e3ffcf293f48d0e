#pragma once

#include <string>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/sim/world.h"

namespace gyre::sim {

// The kitchen table, in scene units (metres for panda; times RobotFolder::scene_scale). The
// robot's base is the origin, x points away from it, y to its left, the table's top is z = 0.
//
//             far    bin   lamp
//                          button   drawer
//       sink        objects           rack
//                    robot
struct Rectangle {
  double x, y;            // centre
  double half_x, half_y;  // inner half sizes
};

inline constexpr Rectangle kSink{0.40, 0.235, 0.075, 0.065};
inline constexpr Rectangle kRack{0.36, -0.235, 0.075, 0.065};
inline constexpr Rectangle kBin{0.58, 0.235, 0.06, 0.06};
inline constexpr Rectangle kPlate{0.32, 0.0, 0.065, 0.065};
inline constexpr Rectangle kObjectArea{0.435, 0.0, 0.06, 0.08};  // where objects may start
inline constexpr Rectangle kButton{0.60, 0.03, 0.022, 0.022};
inline constexpr Rectangle kLamp{0.645, 0.10, 0.032, 0.032};
inline constexpr Vec3 kDrawerHandle{0.51, -0.19, 0.045};  // when closed
inline constexpr double kDrawerTravel = 0.085;

// rgb of a colour word: red, green, blue, yellow, purple. Throws Error for another.
std::array<double, 3> colour_rgb(const std::string& colour);
std::string shape_name(Shape shape);

// Half sizes of a shape's bounding box, metres.
Vec3 shape_half_size(Shape shape, double scale);

// `count` places for objects in the object area, metres, no two nearer than `apart` scene units,
// none within it of `avoid` (scene units). Yaw is drawn too; z is 0.
std::vector<Pose> free_spots(int count, double scale, Rng& rng, double apart = 0.105,
                             const std::vector<Rectangle>& avoid = {});

// The whole scene as MuJoCo's XML; it includes robot.xml, so it must be compiled as a file of the
// robot's folder. `rng` draws shades, masses, friction, light and camera shifts.
std::string kitchen_mjcf(const RobotFolder& robot, const SceneLayout& layout, Rng& rng);

}  // namespace gyre::sim
