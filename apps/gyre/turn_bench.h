#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console_flags.h"
#include "gyre/io/lock_file.h"
#include "gyre/run/operator.h"
#include "gyre/run/real_arena.h"
#include "gyre/run/real_time.h"
#include "hands.h"
#include "pedal_flags.h"
#include "real_arm.h"

namespace gyre::apps {

// A real robot on which a turn is made, as flags.
struct BenchFlags {
  std::string robot;               // "": the turn is simulated
  std::vector<std::string> tasks;  // in words
  ArmFlags arm;
  HandFlags hands;  // device "none": nobody helps
  PedalFlags pedal;
  int rate = 100;
  double attempt_s = 60;
  run::RealTimeOptions real_time;

  bool given() const { return !robot.empty(); }
};
void add_bench_flags(CLI::App& verb, BenchFlags& flags);

// An operator for a console's pages that outlives the sessions of a turn: between them nobody has
// the robot.
class PresentOperator : public run::Operator {
 public:
  void set(run::Operator* present);  // null: none

  void order(event::Order order, std::string_view author) override;
  void judge(event::Outcome outcome, std::string_view reason, std::string_view author) override;
  bool say(const std::string&, std::string_view) override { return false; }
  void remark(std::string_view words, std::string_view author) override;
  bool discard(bool again, std::string_view author) override;
  bool beat(std::span<const float> action) override;
  bool follow(std::span<const float> action, std::span<const float> rates) override;
  void let_go() override;
  run::LoopStatus status() const override;

 private:
  mutable std::mutex mutex_;
  run::Operator* present_ = nullptr;
};

// A real robot, its lock, and the person at its terminal. The robot is connected while attempts are
// made; while the policy learns it is as its folder promises.
class TurnBench {
 public:
  // Divides the process (RealArm::supervise), so before there are threads. Throws Error, and
  // nothing was written to the robot.
  explicit TurnBench(const BenchFlags& flags);
  TurnBench(const TurnBench&) = delete;
  TurnBench& operator=(const TurnBench&) = delete;

  const std::string& robot() const { return robot_; }  // the contract's name
  const run::RealArena& arena() const { return *arena_; }
  // Before the console begins. Nothing of it tells which policy drives.
  void show_on(Console& console, int image_size);

 private:
  run::RealArena::Options arena_options();
  run::RealArena::Place open(int image_size);
  void attend(run::BenchDesk& desk);

  BenchFlags flags_;
  std::string robot_;
  RealArm arm_;
  io::LockFile lock_;
  Robot* driven_ = nullptr;  // while it is connected
  PresentOperator operator_;
  run::TapeSink* feed_ = nullptr;
  std::optional<run::RealArena> arena_;
};

}  // namespace gyre::apps
