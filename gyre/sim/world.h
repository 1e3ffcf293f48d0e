#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/image.h"
#include "gyre/core/rng.h"

namespace gyre::sim {

using Vec3 = std::array<double, 3>;
using Quat = std::array<double, 4>;  // w, x, y, z

struct Pose {
  Vec3 position{};  // metres, frame of the robot's base
  Quat rotation{1, 0, 0, 0};
};

enum class Shape { kCup, kCan, kBlock, kSponge };

// One movable thing. Its name, as the world and the instructions use it, is "<colour> <shape>".
struct ObjectSpec {
  Shape shape = Shape::kBlock;
  std::string colour;  // "red", ...; rgb in colours.h
  Vec3 position{};     // metres, base frame; z is the height of its lowest point
  double yaw = 0;
  std::string name() const;
};

// What differs from episode to episode before physics begins. Lengths in metres, already scaled.
struct SceneLayout {
  std::vector<ObjectSpec> objects;
  double drawer_opening = 0;  // metres
  bool lamp_on = false;
  bool has_plate = false;  // the frontier's new place; absent from all trained scenes
};

struct Arm;  // arm.h: one robot arm's model, joints, home pose, limits and scene scale

// One embodiment in one randomised kitchen: model, state and cameras. Copyable state only through
// its seed: the same arm, layout and seed give the same bits.
class World {
 public:
  // `seed` draws colours' shades, masses, friction, light and small camera shifts.
  World(const Arm& arm, const SceneLayout& layout, uint64_t seed);
  ~World();
  World(World&&) noexcept;

  const Arm& arm() const;
  const SceneLayout& layout() const;  // as it was at the start
  double scale() const;               // scene length unit: 1 for panda, smaller for so101
  double time_s() const;

  // Poses of objects ("red cup") and fixtures ("sink", "rack", "bin", "plate": the centre of where
  // things are put down; "drawer": its handle; "button": its top; "lamp").
  Pose pose(std::string_view thing) const;
  Vec3 velocity(std::string_view object) const;  // m/s
  Vec3 half_size(std::string_view thing) const;  // metres, of its bounding box
  bool has(std::string_view thing) const;
  std::vector<std::string> objects() const;
  bool inside(std::string_view object, std::string_view place) const;  // its centre, and low enough
  bool resting(std::string_view object) const;  // slower than 3 cm/s (scaled), and not held
  bool touched(std::string_view object) const;  // by a finger
  bool grasped(std::string_view object) const;  // touched by both fingers
  double drawer_opening() const;                // metres, 0 closed
  double drawer_travel() const;                 // metres when fully open
  bool lamp_on() const;

  Pose gripper_pose() const;       // grasp frame: z along the fingers, away from the hand
  double gripper_opening() const;  // 0 closed .. 1 open

  // A push on an object or a shift of the gripper's target: disturbances for demonstrations.
  void push(std::string_view object, const Vec3& velocity_change);

  // Image coordinates in [-1, 1] (x right, y down) of a point as a camera sees it; false behind it.
  bool project(std::string_view camera, const Vec3& point, double& x, double& y) const;
  // "front" or "wrist"; at most 640 x 640 pixels.
  Image render(std::string_view camera, int width, int height);

  struct Impl;  // MuJoCo's model and data; sim_robot.cc and kinematics.cc only
  Impl& impl();
  const Impl& impl() const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::sim
