// The kitchen of `gyre sim --console`, and beside its pages GET /truth: the simulator's knowledge
// as JSON, for a scripted helper that has no eyes. Built for tests alone; the program has no such
// route.
//   kitchen_with_truth --suite frontier --seed 7 --journal DIR --console=0
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "apps/gyre/drive.h"
#include "gyre/core/clock.h"
#include "gyre/core/error.h"
#include "gyre/core/stop_signal.h"
#include "gyre/serve/listener.h"
#include "gyre/sim/task.h"
#include "gyre/sim/world.h"

namespace {

using namespace gyre;

// Lengths in metres and poses in the robot's base frame; rotations are quaternions w, x, y, z.
struct KitchenTruth {
  double time_s = 0;   // the machine's monotonic clock
  double scene_s = 0;  // since the scene began
  std::string task, object, place;
  Pose hand, object_pose, place_pose;
  double object_half_height = 0;
  double opening = 0;  // of the gripper, 0 closed .. 1 open
  bool held = false, inside = false, success = false;
  double scale = 1, finger_reach = 0;
};

nlohmann::json json_of(const Pose& pose) {
  return {{"position", pose.position}, {"rotation", pose.rotation}};
}

// The newest truth of a task that puts an object at a place. watch() is for the kitchen's thread,
// the rest for the listener's.
class TruthSite : public serve::Site {
 public:
  void watch(const sim::Task& task, const sim::World& world) {
    const std::vector<std::string> things = task.named_things(world);
    const std::string &object = things.at(0), &place = things.at(1);
    KitchenTruth now{.time_s = static_cast<double>(clock_.now_ns()) * 1e-9,
                     .scene_s = world.time_s(),
                     .task = task.name(),
                     .object = object,
                     .place = place,
                     .hand = world.gripper_pose(),
                     .object_pose = world.pose(object),
                     .place_pose = world.pose(place),
                     .object_half_height = world.half_size(object)[2],
                     .opening = world.gripper_opening(),
                     .held = world.grasped(object),
                     .inside = world.inside(object, place),
                     .success = task.success(world),
                     .scale = world.scale(),
                     .finger_reach = world.robot().gripper.finger_reach};
    const std::lock_guard lock(mutex_);
    truth_ = std::move(now);
  }

  bool owns(const serve::HttpRequest& request) const override { return request.path() == "/truth"; }

  serve::SiteAnswer answer(const serve::HttpRequest&) override {
    KitchenTruth now;
    {
      const std::lock_guard lock(mutex_);
      now = truth_;
    }
    const nlohmann::json json = {{"time_s", now.time_s},
                                 {"scene_s", now.scene_s},
                                 {"task", now.task},
                                 {"object", now.object},
                                 {"place", now.place},
                                 {"hand", json_of(now.hand)},
                                 {"object_pose", json_of(now.object_pose)},
                                 {"place_pose", json_of(now.place_pose)},
                                 {"object_half_height", now.object_half_height},
                                 {"opening", now.opening},
                                 {"held", now.held},
                                 {"inside", now.inside},
                                 {"success", now.success},
                                 {"scale", now.scale},
                                 {"finger_reach", now.finger_reach}};
    return {.http = {.body = json.dump(), .type = "application/json"}};
  }

 private:
  SteadyClock clock_;
  std::mutex mutex_;
  KitchenTruth truth_;
};

}  // namespace

int main(int argc, char** argv) {
  install_stop_signal();
  TruthSite truth;
  apps::DriveOptions options{.robot = "sim:so101/ee", .beside = &truth};
  options.scene.suite = "frontier";
  options.scene.watch = [&](const sim::Task& task, const sim::World& world) {
    truth.watch(task, world);
  };
  options.socket = fmt::format("/tmp/gyre-truth-{}.sock", getpid());
  CLI::App app("The kitchen with a page, and /truth for a scripted helper");
  app.add_option("--robot", options.robot, "sim:so101/ee or another simulated robot");
  app.add_option("--policy", options.policy, "checkpoint folder");
  app.add_option("--suite", options.scene.suite, "tasks that put an object at a place");
  app.add_option("--seed", options.scene.seed, "draws the scenes");
  app.add_option("--journal", options.journal, "records the run in this folder");
  apps::add_console_flag(app, options.console);
  CLI11_PARSE(app, argc, argv);
  try {
    apps::run_drive(options);
  } catch (const Error& error) {
    std::cerr << "kitchen_with_truth: " << error.what() << '\n';
    return 2;
  }
  return 0;
}
