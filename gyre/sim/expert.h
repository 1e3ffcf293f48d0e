#pragma once

#include <functional>
#include <memory>

#include "gyre/sim/task.h"

// Motions that the tasks' experts are made of. All look at the true state in every period and keep
// (almost) no memory of their own, so that they recover from whatever disturbs them. Lengths in
// scene units; the moves that come out are in metres.
namespace gyre::sim {

inline constexpr double kHover = 0.12;   // free travel, above every object
inline constexpr double kCarry = 0.135;  // travel with something in the hand

// A move towards a point (scene units, base frame), tool down and turned by `yaw`, no faster than
// the experts' common speed, slowing near the goal.
Motion move_to(const World& world, const Vec3& goal, double gripper, double yaw = 0);

// The same through the air: rises first where the way is long and the hand is low, comes down when
// the hand is above the goal.
Motion travel_to(const World& world, const Vec3& goal, double hover, double gripper,
                 double yaw = 0);

// With closed fingers, for pushing, pulling and pressing: the same for the point where the
// fingertips meet, which a one-jaw gripper has beside its grasp frame.
Motion tip_to(const World& world, const Vec3& goal);
Motion tip_travel_to(const World& world, const Vec3& goal);
Vec3 tip_at(const World& world);

// Done: straight up, out of the way.
Motion retreat(const World& world, double gripper);

// `wanted`, changed where it differs from the motion of the action period before by more than the
// hand's acceleration limits (RobotFolder::Tool) allow.
Motion limit_acceleration(const World& world, const Motion& before, Motion wanted);

// Where the hand and things are, in scene units.
Vec3 hand_at(const World& world);
Vec3 thing_at(const World& world, std::string_view thing);

// Grasps an object from above and sets it down at a place.
class PutExpert : public Expert {
 public:
  // `goal` is where the object's lowest point belongs (scene units); `done` says whether it is
  // there.
  PutExpert(std::string object, std::function<Vec3(const World&)> goal,
            std::function<bool(const World&)> done);
  Motion move(const World& world) override;

 private:
  Motion carry(const World& world) const;
  Motion grasp(const World& world);

  std::string object_;
  std::function<Vec3(const World&)> goal_;
  std::function<bool(const World&)> done_;
  int closing_ = 0;      // periods since the fingers began to close
  bool reopen_ = false;  // they closed on nothing: open, rise, try again
};

// An expert whose move is a function of the world alone.
std::unique_ptr<Expert> reactive(std::function<Motion(const World&)> move);

}  // namespace gyre::sim
