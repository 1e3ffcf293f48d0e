#pragma once

#include <string>

#include "console_flags.h"
#include "drive_policy.h"
#include "drive_robot.h"
#include "gyre/infer/engine.h"
#include "gyre/run/alarm_sink.h"
#include "gyre/run/loop_config.h"
#include "gyre/run/real_time.h"
#include "options.h"

namespace gyre::apps {

struct DriveConfig {
  run::LoopConfig loop;
  run::AlarmConfig alarms;
  template <class Visitor>
  void visit(Visitor& v) {
    loop.visit(v);
    v("alarms", alarms, "thresholds of the alarms");
  }
};

struct DriveOptions {
  std::string robot;
  std::string policy;
  std::string journal, json, socket;
  std::string hands;  // "gamepad" or "keyboard", and its device
  DriveScene scene;
  ArmFlags arm;  // of a real robot
  int rate = 100;
  int camera_size = 64;
  double seconds = 0;
  bool go = false;
  bool by_hand = false;
  bool lossless = false;
  bool reset_pose = false;
  RemoteFlags remote;
  DriveConfig config;
  run::RealTimeOptions real_time;
  infer::EngineOptions engine;
  ConsoleFlags console;
};

// Drives until Ctrl-C, or for options.seconds. Throws Error.
void run_drive(DriveOptions options);

}  // namespace gyre::apps
