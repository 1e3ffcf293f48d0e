#include "gyre/sim/expert_source.h"

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"
#include "gyre/sim/expert.h"

namespace gyre::sim {
namespace {

double distance(const Vec3& a, const Vec3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

}  // namespace

ExpertHand::ExpertHand(const ExpertView& view)
    : view_(view),
      to_action_(view.world.shared_robot(), view.contract),
      ticks_per_action_(view.contract.ticks_per_action()),
      measured_(view.world.robot().joints.size()),
      targets_(measured_) {}

void ExpertHand::propose(Expert& expert, const run::Tick& tick, Proposal& proposal) noexcept {
  proposal.valid = false;
  if (tick.action_start || !has_motion_) {
    try {
      period_motion_ = limit_acceleration(view_.world, period_motion_, expert.move(view_.world));
    } catch (const Error&) {
      has_motion_ = false;
      return;
    }
    motion_ = period_motion_;
    for (double& v : motion_.translation) v /= ticks_per_action_;
    for (double& v : motion_.rotation) v /= ticks_per_action_;
    has_motion_ = true;
  }
  view_.robot.measured(measured_);
  view_.robot.targets(targets_);
  proposal.action.resize(view_.contract.action.size());
  to_action_.convert(motion_, measured_, targets_, proposal.action);
  proposal.valid = true;
}

ExpertAlone::ExpertAlone(const ExpertView& view)
    : expert_(view.task.expert(Rng::stream(view.seed, "expert"))), hand_(view) {}

void ExpertAlone::propose(const run::Tick& tick, Proposal& proposal) noexcept {
  hand_.propose(*expert_, tick, proposal);
}

WatchingExpert::WatchingExpert(const run::HelpConfig& config, const ExpertView& view)
    : config_(config), view_(view), hand_(view) {}

bool WatchingExpert::wants_control(const run::Tick&) noexcept {
  try {
    return decide();
  } catch (const Error&) {
    return false;
  }
}

bool WatchingExpert::decide() {
  const double now = view_.world.time_s();
  if (expert_) {
    if (now < hands_off_s_) return true;
    expert_.reset();
    best_.reset();
    hand_.let_go();
    return false;
  }
  watch(now);
  if (now - progress_s_ <= config_.patience_s && !wrong_thing_grasped()) return false;
  expert_ = view_.task.expert(Rng::stream(view_.seed, "help/" + std::to_string(times_helped_)));
  hands_off_s_ = now + config_.stretch_s * std::exp2(times_helped_);
  ++times_helped_;
  return true;
}

void WatchingExpert::propose(const run::Tick& tick, Proposal& proposal) noexcept {
  proposal.valid = false;
  if (expert_) hand_.propose(*expert_, tick, proposal);
}

// The distance of the current subtask from done, as an onlooker sees it: gripper to thing plus
// thing to its place, in scene units.
double WatchingExpert::distance_to_go() const {
  const World& world = view_.world;
  const std::vector<std::string> things = view_.task.named_things(world);
  double sum = 0;
  if (!things.empty() && world.has(things[0])) {
    const Vec3 thing = world.pose(things[0]).position;
    sum += distance(world.gripper_pose().position, thing);
    if (things.size() > 1 && world.has(things[1])) {
      sum += distance(thing, world.pose(things[1]).position);
    }
  }
  return sum / world.scale();
}

void WatchingExpert::watch(double now) {
  const int subtask = view_.task.current_subtask(view_.world);
  const double to_go = distance_to_go();
  if (!best_ || subtask != subtask_ || to_go < *best_ - config_.progress_m) {
    best_ = to_go;
    subtask_ = subtask;
    progress_s_ = now;
  }
}

bool WatchingExpert::wrong_thing_grasped() const {
  const World& world = view_.world;
  const std::vector<std::string> named = view_.task.named_things(world);
  const std::vector<std::string> objects = world.objects();
  return std::ranges::any_of(objects, [&](const std::string& object) {
    return world.grasped(object) && std::ranges::find(named, object) == named.end();
  });
}

}  // namespace gyre::sim
