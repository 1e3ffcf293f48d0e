#include "gyre/flywheel/collect.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace gyre::flywheel {
namespace {

double distance(const sim::Vec3& a, const sim::Vec3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// Watches an attempt and steps in.
class WatchingExpert : public run::Helper {
 public:
  WatchingExpert(const HelpConfig& config, sim::SimRobot& robot, const Attempt& attempt)
      : config_(config), robot_(robot), attempt_(attempt) {}

  bool wants_control(const data::Row&) override {
    const double now = robot_.world().time_s();
    if (expert_) {
      if (now < hands_off_s_) return true;
      expert_.reset();
      best_.reset();
      return false;
    }
    watch(now);
    if (now - progress_s_ <= config_.patience_s && !wrong_thing_grasped()) return false;
    expert_ =
        attempt_.task->expert(Rng::stream(attempt_.seed, "help/" + std::to_string(times_helped_)));
    hands_off_s_ = now + config_.stretch_s * std::exp2(times_helped_);
    ++times_helped_;
    return true;
  }

  std::vector<float> action(const data::Row&) override {
    return robot_.action_for(expert_->move(robot_.world()));
  }
  Source source() const override { return Source::kExpert; }

 private:
  // How far the current subtask is from done, as an onlooker sees it: gripper to thing, and thing
  // to its place, in scene units.
  double distance_to_go() const {
    const sim::World& world = robot_.world();
    const std::vector<std::string> things = attempt_.task->named_things(world);
    double sum = 0;
    if (!things.empty() && world.has(things[0])) {
      const sim::Vec3 thing = world.pose(things[0]).position;
      sum += distance(world.gripper_pose().position, thing);
      if (things.size() > 1 && world.has(things[1])) {
        sum += distance(thing, world.pose(things[1]).position);
      }
    }
    return sum / world.scale();
  }

  void watch(double now) {
    const int subtask = attempt_.task->current_subtask(robot_.world());
    const double to_go = distance_to_go();
    if (!best_ || subtask != subtask_ || to_go < *best_ - config_.progress_m) {
      best_ = to_go;
      subtask_ = subtask;
      progress_s_ = now;
    }
  }

  bool wrong_thing_grasped() const {
    const sim::World& world = robot_.world();
    const std::vector<std::string> named = attempt_.task->named_things(world);
    const std::vector<std::string> objects = world.objects();
    return std::any_of(objects.begin(), objects.end(), [&](const std::string& object) {
      return world.grasped(object) && std::find(named.begin(), named.end(), object) == named.end();
    });
  }

  HelpConfig config_;
  sim::SimRobot& robot_;
  const Attempt& attempt_;
  std::unique_ptr<sim::Expert> expert_;  // while it has control
  double hands_off_s_ = 0;
  int times_helped_ = 0;
  std::optional<double> best_;  // smallest distance to go since the watch began
  int subtask_ = 0;
  double progress_s_ = 0;  // when it last became smaller
};

}  // namespace

MakeHelper watching_expert(const HelpConfig& config) {
  return [config](sim::SimRobot& robot, const Attempt& attempt) {
    return std::make_unique<WatchingExpert>(config, robot, attempt);
  };
}

bool collect(const infer::Engine& engine, const std::vector<Attempt>& attempts,
             const CollectConfig& config, const std::function<void(data::EpisodeRows&&)>& take) {
  RolloutOptions options;
  options.loop = config.loop;
  options.more_time = 1.5;
  options.record = true;
  options.helper = watching_expert(config.help);
  return rollout_all(&engine, attempts, options, config.workers, "collecting",
                     [&](size_t, RolloutResult&& result) { take(std::move(result.episode)); });
}

}  // namespace gyre::flywheel
