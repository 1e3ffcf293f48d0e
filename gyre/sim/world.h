#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/image.h"
#include "gyre/core/record.h"
#include "gyre/core/rng.h"
#include "gyre/robot/pose.h"
#include "gyre/robot/robot_folder.h"

namespace gyre::sim {

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

class StateReader;
class StateWriter;

// One robot in one randomised kitchen: model, state and cameras. The same robot, layout and seed
// give the same bits.
class World {
 public:
  // `seed` draws colours' shades, masses, friction, light and small camera shifts.
  // Throws Error for a scene that MuJoCo does not compile.
  World(std::shared_ptr<const RobotFolder> robot, const SceneLayout& layout, uint64_t seed);
  ~World();
  World(World&&) noexcept;

  const RobotFolder& robot() const;
  std::shared_ptr<const RobotFolder> shared_robot() const;
  const SceneLayout& layout() const;  // as it was at the start
  double scale() const;               // length of the scene's unit in metres
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
  // Takes an object and lets go of it at a pose, at rest. Poses show it from the next step on.
  void place(std::string_view object, const Pose& pose);

  // Image coordinates in [-1, 1] (x right, y down) of a point as a camera sees it; false behind it.
  bool project(std::string_view camera, const Vec3& point, double& x, double& y) const;
  // A camera of the scene or the robot; at most 640 x 640 pixels. Throws Error without OpenGL.
  Image render(std::string_view camera, int width, int height);
  // The same into `image`, which has the picture's size.
  void render(std::string_view camera, Image& image);
  // Makes the renderer now instead of at the first picture. Throws Error without OpenGL.
  void prepare_renderer();

  // Shapes by link (once) and poses of all links.
  Scene scene(bool shapes) const;

  // The physical state, bit for bit. Restoring throws Error for the state of another scene.
  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

  struct Impl;  // MuJoCo's model and data; sim_robot.cc only
  Impl& impl();
  const Impl& impl() const;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace gyre::sim
