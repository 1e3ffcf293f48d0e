#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "gyre/run/arena.h"
#include "gyre/sim/wall_kitchen.h"
#include "real_arm.h"

namespace gyre::apps {

// Tasks for a simulated robot.
struct DriveScene {
  std::string task;  // one task by name; "": those of the suite, one after another
  std::string suite = "trained";
  std::string words;  // "": the task's own
  uint64_t seed = 1;
  sim::WatchWorld watch = {};  // given by programs of tests alone
};

// A robot that is ready to be driven.
struct DrivenRobot {
  std::unique_ptr<run::Bench> bench;
  // Prepares the bench for a scene, counted from 1 for the second, or for the same one again.
  std::function<bool(int64_t scene)> next;
  // For each camera the horizontal direction (x, y; base frame) to the right in its picture; empty
  // for one that moves or whose place is not known.
  std::vector<std::vector<double>> camera_right;
  bool simulated = false;
  std::function<std::string()> fault;  // the driver's own words; empty where there are none
};

// The robot's whole name: "sim:so101/ee" for "sim:so101".
std::string full_robot_name(const std::string& robot);

bool is_simulated(const std::string& robot);  // by its whole name

// The name or folder of the robot's arm, by its whole name: "so101" of "sim:so101/ee".
std::string robot_folder(const std::string& robot);

// The contract of a robot by its whole name, without opening it.
Embodiment contract_of(const std::string& robot, int image_size);

// Opens a simulated robot by its whole name. Throws Error.
DrivenRobot open_simulated(const std::string& robot, const DriveScene& scene, int image_size,
                           double control_period_s);

// Opens a real arm. It must outlive the robot. Throws Error.
DrivenRobot open_real(RealArm& arm, const std::string& robot, const DriveScene& scene,
                      std::vector<std::unique_ptr<Camera>> cameras, double control_period_s);

}  // namespace gyre::apps
