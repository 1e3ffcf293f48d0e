#include "gyre/sim/demonstrate.h"

#include <cmath>
#include <utility>

#include "gyre/core/ordered_pool.h"
#include "gyre/sim/arm.h"

namespace gyre::sim {
namespace {

constexpr int kStillPeriods = 3;  // recorded after success, so that a policy learns to end

// Disturbances of one episode, all drawn from its seed: smooth noise on the executed motion, and at
// most one larger shift of the hand or push of an object.
class Disturbance {
 public:
  Disturbance(Rng rng, double scale, bool active) : rng_(rng), scale_(scale), active_(active) {
    strong_noise_ = rng_.chance(0.5);
    shift_at_ = rng_.chance(0.35) ? static_cast<int>(4 + rng_.below(30)) : -1;
    push_at_ = rng_.chance(0.15) ? static_cast<int>(4 + rng_.below(20)) : -1;
  }

  void apply(int tick, SimRobot& robot, ExpertMove& move) {
    if (!active_) return;
    const double size = (strong_noise_ ? 0.012 : 0.004) * scale_;
    for (int axis = 0; axis < 3; ++axis) {
      noise_[axis] = 0.7 * noise_[axis] + 0.3 * size * rng_.normal();
      move.translation[axis] += noise_[axis];
    }
    move.rotation[2] += 0.02 * rng_.normal();
    if (tick == shift_at_) {
      for (int axis = 0; axis < 3; ++axis) {
        move.translation[axis] += rng_.uniform(-0.05, 0.05) * scale_;
      }
    }
    if (tick == push_at_ && !robot.world().objects().empty()) {
      const auto objects = robot.world().objects();
      const double angle = rng_.uniform(0, 6.283);
      const double speed = rng_.uniform(0.05, 0.2) * scale_;
      robot.world().push(objects[rng_.below(static_cast<int64_t>(objects.size()))],
                         {speed * std::cos(angle), speed * std::sin(angle), 0});
    }
  }

 private:
  Rng rng_;
  double scale_;
  bool active_;
  bool strong_noise_;
  int shift_at_, push_at_;
  Vec3 noise_{};
};

}  // namespace

SceneLayout layout_for(const Task& task, const Embodiment& embodiment, uint64_t seed) {
  Rng rng = Rng::stream(seed, "layout");
  return task.layout(arm_of(embodiment).scene_scale, rng);
}

std::vector<float> grounding(const World& world, const Task& task, const Embodiment& embodiment) {
  const std::vector<std::string> things = task.named_things(world);
  std::vector<float> targets;
  for (const CameraSpec& camera : embodiment.cameras) {
    for (const std::string& thing : things) {
      double x = 0, y = 0;
      const bool seen = !thing.empty() &&
                        world.project(camera.name, world.pose(thing).position, x, y) &&
                        std::abs(x) < 1 && std::abs(y) < 1;
      if (!seen) x = y = 0;
      targets.insert(targets.end(),
                     {static_cast<float>(x), static_cast<float>(y), seen ? 1.f : 0.f});
    }
  }
  return targets;
}

Episode demonstrate(const Task& task, const std::string& embodiment_name, uint64_t seed,
                    const DemonstrationOptions& options) {
  const Embodiment embodiment = find_embodiment(embodiment_name, options.image_size);
  SimRobot robot(embodiment, layout_for(task, embodiment, seed), seed);
  World& world = robot.world();
  const auto expert = task.expert(Rng::stream(seed, "expert"));
  Disturbance disturbance(Rng::stream(seed, "disturbance"), world.scale(), options.disturb);

  Episode episode{.embodiment = embodiment.name,
                  .task_name = task.name(),
                  .family = task.family(),
                  .seed = seed,
                  .success = false};
  const auto instructions = task.instructions();
  episode.instruction =
      instructions[Rng::stream(seed, "words").below(static_cast<int64_t>(instructions.size()))];
  const auto subtasks = task.subtasks(world);

  const int limit = static_cast<int>(task.time_limit_s() / embodiment.period_s);
  int still = 0;
  for (int tick = 0; tick < limit && still < kStillPeriods; ++tick) {
    Step step{.index = tick, .source = Source::kExpert};
    if (options.render) {
      step.observation = robot.observe();
      step.grounding = grounding(world, task, embodiment);
    } else {
      step.observation.state = robot.state();
    }
    step.observation.task = episode.instruction;
    const size_t now = task.current_subtask(world);
    step.observation.subtask = subtasks[std::min(now, subtasks.size() - 1)];
    ExpertMove move = expert->move(world);
    step.action = robot.action_for(move);
    disturbance.apply(tick, robot, move);
    step.tracking_residual = robot.command(robot.action_for(move)).residual;
    episode.steps.push_back(std::move(step));
    if (task.success(world)) {
      episode.success = true;
      ++still;
    } else {
      episode.success = false;
      still = 0;
    }
  }
  return episode;
}

void demonstrate_all(const std::vector<TaskPtr>& tasks, const std::vector<std::string>& embodiments,
                     int64_t count, uint64_t first_seed, int workers,
                     const DemonstrationOptions& options,
                     const std::function<bool(Episode&&)>& receive) {
  run_in_order(
      count, workers,
      [&](int64_t i) {
        const auto& embodiment = embodiments[i % std::ssize(embodiments)];
        const TaskPtr task = deal(tasks, i / std::ssize(embodiments));
        return demonstrate(*task, embodiment, first_seed + i, options);
      },
      [&](int64_t, Episode&& episode) { return receive(std::move(episode)); });
}

}  // namespace gyre::sim
