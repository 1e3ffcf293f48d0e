#include "gyre/sim/interfered_robot.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gyre/core/error.h"
#include "gyre/sim/expert.h"
#include "gyre/sim/kitchen.h"
#include "gyre/sim/saved_state.h"

namespace gyre::sim {
namespace {

// Scene units (metres for panda) and seconds.
constexpr double kNearest = 0.05, kFarthest = 0.10;  // of a move
constexpr double kBeyondStart = 0.04;                // beyond where objects may start
constexpr double kApart = 0.085;                     // from other objects
constexpr double kLifted = 0.02;                     // height that makes a grasp a carry
constexpr double kAboutToGrasp = 0.04;
constexpr double kForcedSeconds = 0.3;

double horizontal_distance(const Vec3& a, const Vec3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1]);
}

}  // namespace

InterferedRobot::InterferedRobot(std::unique_ptr<Robot> robot, World& world, const Task& task,
                                 uint64_t seed)
    : inner_(std::move(robot)),
      world_(world),
      disturbance_(task.disturbance()),
      object_(task.named_things(world).at(0)),
      place_(task.named_things(world).at(1)),
      memory_{.rng = Rng::stream(seed, "interference"), .share = 0},
      clean_(inner_->embodiment().action.size()),
      command_(clean_.size()) {
  memory_.share = memory_.rng.uniform(0.4, 0.8);
  const std::vector<Field>& fields = inner_->embodiment().action;
  gripper_ = static_cast<size_t>(std::ranges::find(fields, true, &Field::gripper) - fields.begin());
  if (gripper_ == fields.size()) {
    throw Error(inner_->embodiment().name, "has no gripper to disturb", "choose another suite");
  }
  memory_.stood = world_.pose(object_).position;
}

bool InterferedRobot::carried_far_enough() const {
  const Vec3 at = world_.pose(object_).position, place = world_.pose(place_).position;
  const double lift = at[2] - world_.half_size(object_)[2];
  return world_.grasped(object_) && lift > kLifted * world_.scale() &&
         horizontal_distance(at, place) < memory_.share * horizontal_distance(memory_.stood, place);
}

bool InterferedRobot::about_to_grasp() const {
  const Vec3 hand = hand_at(world_), object = thing_at(world_, object_);
  return world_.gripper_opening() > 0.5 && !world_.touched(object_) &&
         std::hypot(hand[0] - object[0], hand[1] - object[1], hand[2] - object[2]) < kAboutToGrasp;
}

// On the table, 5 to 10 cm from where the object stood and clear of the others.
std::optional<Vec3> InterferedRobot::free_spot() {
  constexpr int kTries = 500;
  const double scale = world_.scale();
  for (int i = 0; i < kTries; ++i) {
    const double angle = memory_.rng.uniform(0, 2 * std::numbers::pi);
    const double way = memory_.rng.uniform(kNearest, kFarthest);
    const Vec3 spot = {memory_.stood[0] / scale + way * std::cos(angle),
                       memory_.stood[1] / scale + way * std::sin(angle), 0};
    bool clear = std::abs(spot[0] - kObjectArea.x) < kObjectArea.half_x + kBeyondStart &&
                 std::abs(spot[1] - kObjectArea.y) < kObjectArea.half_y + kBeyondStart;
    for (const std::string& other : world_.objects()) {
      clear &= other == object_ || horizontal_distance(spot, thing_at(world_, other)) > kApart;
    }
    if (clear) return Vec3{spot[0] * scale, spot[1] * scale, world_.half_size(object_)[2]};
  }
  return std::nullopt;
}

// Crowded scenes without a free spot stay as they are.
void InterferedRobot::set_down(bool upright) {
  const std::optional<Vec3> spot = free_spot();
  if (!spot) return;
  Pose pose = world_.pose(object_);
  pose.position = {(*spot)[0], (*spot)[1], upright ? (*spot)[2] : pose.position[2]};
  if (upright) pose.rotation = {1, 0, 0, 0};
  world_.place(object_, pose);
}

void InterferedRobot::look() {
  if (disturbance_ == Disturbance::kMovedAway) {
    if (!about_to_grasp()) return;
    memory_.stood = world_.pose(object_).position;
    set_down(/*upright=*/false);
  } else {
    if (!world_.grasped(object_)) {
      const Vec3 at = world_.pose(object_).position;
      if (world_.resting(object_)) memory_.stood = at;
      return;
    }
    if (!carried_far_enough()) return;
    if (disturbance_ == Disturbance::kSetAside) set_down(/*upright=*/true);
    if (disturbance_ == Disturbance::kForcedOpen) {
      memory_.open_ticks = std::llround(kForcedSeconds / inner_->embodiment().tick_s());
    }
  }
  memory_.happened = true;
}

WriteResult InterferedRobot::write(std::span<const float> command) noexcept {
  if (command.size() != command_.size()) return inner_->write(command);
  std::ranges::copy(command, clean_.begin());
  command_ = clean_;
  try {
    if (!memory_.happened) look();
  } catch (const Error&) {
    memory_.happened = true;  // the thing is gone: nothing is left to disturb
  }
  if (memory_.open_ticks > 0) {
    --memory_.open_ticks;
    command_[gripper_] = 1;
  }
  return inner_->write(command_);
}

void InterferedRobot::save(StateWriter& writer) const { writer.add(memory_); }
void InterferedRobot::restore(StateReader& reader) { reader.read(memory_); }

}  // namespace gyre::sim
