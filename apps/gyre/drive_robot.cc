#include "drive_robot.h"

#include <utility>

#include "gyre/robot/robot_folder.h"
#include "gyre/sim/arena.h"
#include "gyre/sim/bench_wall.h"
#include "options.h"
#include "scene_choice.h"

namespace gyre::apps {
namespace {

constexpr std::string_view kSimulated = "sim:";
// The kitchen's front camera looks back at the robot (gyre/sim/kitchen.cc): the robot's left, +y,
// is the picture's right.
const std::vector<double> kFrontRight = {0, 1};

// The attempt of each episode: equal seeds give the same scenes in the same order.
class Scenes {
 public:
  Scenes(std::string embodiment, DriveScene scene)
      : embodiment_(std::move(embodiment)), scene_(std::move(scene)) {
    if (scene_.task.empty() && !scene_.words.empty()) {
      scene_.task = choose_scene(scene_.words).task->name();
    }
  }

  run::Attempt attempt(int64_t episode) const {
    run::Attempt attempt =
        scene_.task.empty()
            ? arena_.deal(scene_.suite, {embodiment_}, episode + 1, scene_.seed).back()
            : arena_.attempt(scene_.task, embodiment_,
                             scene_.seed + static_cast<uint64_t>(episode));
    attempt.instruction = scene_.words;
    return attempt;
  }

 private:
  sim::KitchenArena arena_;
  std::string embodiment_;
  DriveScene scene_;
};

DrivenRobot open_kitchen(const std::string& embodiment, const DriveScene& scene, int image_size,
                         double control_period_s) {
  const auto scenes = std::make_shared<Scenes>(embodiment, scene);
  auto bench = std::make_unique<sim::WallBench>(
      scenes->attempt(0),
      sim::WallBench::Options{
          .image_size = image_size, .control_period_s = control_period_s, .watch = scene.watch});
  sim::WallBench* kitchen = bench.get();
  std::vector<std::vector<double>> camera_right;
  for (const Camera* camera : kitchen->cameras()) {
    const bool front = camera->spec().name == "front";
    camera_right.push_back(front ? kFrontRight : std::vector<double>());
  }
  return {.bench = std::move(bench),
          .next =
              [scenes, kitchen](int64_t scene) {
                kitchen->restart(scenes->attempt(scene));
                return true;
              },
          .camera_right = std::move(camera_right),
          .simulated = true};
}

}  // namespace

std::string full_robot_name(const std::string& robot) {
  if (!robot.starts_with(kSimulated)) return full_embodiment_name(robot);
  return std::string(kSimulated) + full_embodiment_name(robot.substr(kSimulated.size()));
}

bool is_simulated(const std::string& robot) { return robot.starts_with(kSimulated); }

std::string robot_folder(const std::string& robot) {
  return split_embodiment(is_simulated(robot) ? robot.substr(kSimulated.size()) : robot).robot;
}

Embodiment contract_of(const std::string& robot, int image_size) {
  return find_embodiment(is_simulated(robot) ? robot.substr(kSimulated.size()) : robot, image_size);
}

DrivenRobot open_simulated(const std::string& robot, const DriveScene& scene, int image_size,
                           double control_period_s) {
  return open_kitchen(robot.substr(kSimulated.size()), scene, image_size, control_period_s);
}

DrivenRobot open_real(RealArm& arm, const std::string& robot, const DriveScene& scene,
                      std::vector<std::unique_ptr<Camera>> cameras, double control_period_s) {
  auto bench =
      arm.open(control_period_s, {.space = split_embodiment(robot).space, .words = scene.words},
               std::move(cameras));
  Robot* const driven = &bench->robot();
  return {.bench = std::move(bench),
          .next = [](int64_t) { return true; },
          .fault = [driven] { return driven->fault(); }};
}

}  // namespace gyre::apps
