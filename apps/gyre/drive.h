#pragma once

#include <functional>
#include <string>

#include "console_flags.h"
#include "drive_policy.h"
#include "drive_robot.h"
#include "drive_scope.h"
#include "drive_watch.h"
#include "gyre/data/journal.h"
#include "gyre/infer/engine.h"
#include "gyre/run/alarm_sink.h"
#include "gyre/run/loop_config.h"
#include "gyre/run/real_time.h"
#include "gyre/run/session.h"
#include "gyre/serve/listener.h"
#include "hands.h"
#include "options.h"
#include "pedal_flags.h"

namespace gyre::apps {

inline constexpr int kHandRate = 200;  // control periods a second, as an arm's bus has cycles

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
  HandFlags hands;
  PedalFlags pedal;
  data::JournalOptions::Naming naming = data::JournalOptions::Naming::kInOrder;
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
  ScopeFlags scope;
  DriveConfig config;
  run::RealTimeOptions real_time;
  infer::EngineOptions engine;
  ConsoleFlags console;
  serve::Site* beside = nullptr;  // another site of the console's server: programs of tests alone
};

// A verb's addition to driving.
class DriveDesk : public KeyDesk {
 public:
  // The robot is known and nothing is touched yet. Throws Error where it does not suit.
  virtual void prepare(const Embodiment& contract) = 0;
  virtual void begin(run::Session& session) = 0;
};

// Drives until Ctrl-C, or for options.seconds. Throws Error.
void run_drive(DriveOptions options, DriveDesk* desk = nullptr);

// Flags of every verb that drives a robot: its port, cameras and pedals, words, pace and socket.
// The function that comes back resolves the configuration.
std::function<void()> add_driving_flags(CLI::App& verb, DriveOptions& options);
// With those of one that only drives: the robot, its scene, journal and console.
std::function<void()> add_robot_driving_flags(CLI::App& verb, DriveOptions& options);

}  // namespace gyre::apps
