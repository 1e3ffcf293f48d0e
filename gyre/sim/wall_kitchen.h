#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/core/latest.h"
#include "gyre/core/picture.h"
#include "gyre/core/record.h"
#include "gyre/robot/robot_folder.h"
#include "gyre/sim/suite.h"

namespace gyre::sim {

// A command of the `joint` contract on its way to the simulated servos.
struct ArmCommand {
  int64_t number = 0;         // counts commands from 1
  bool stop = false;          // brake and hold, whatever `joints` says
  std::vector<float> joints;  // [J + 1]
};

// A report of the simulated servos, once in a physics period.
struct ArmReport {
  int64_t time_ns = 0;         // of the state, the machine's clock
  int64_t number = 0;          // of the last command that was carried out
  bool braked = false;         // no command came in time, or a stop: the targets are their own
  bool broken = false;         // the physics has broken down
  std::vector<float> state;    // [J + 1]
  std::vector<float> targets;  // [J + 1], what the servos hold or go to
};

// Sees the true state after each physics period, on the kitchen's own thread.
using WatchWorld = std::function<void(const Task&, const World&)>;

// The kitchen's physics, rendering and success test by the wall clock, on a thread of their own.
// Commands, reports and pictures change hands without a lock, so that a control loop on another
// thread sees it as it would see machines. Physics that falls behind (a busy computer) catches up
// to kMostBehind periods at once; more are skipped, and the kitchen's time then lags.
class WallKitchen {
 public:
  static constexpr int kMostBehind = 20;
  static constexpr int64_t kWatchdogNs = 200'000'000;  // without a command so long the arm brakes
  static constexpr int kPictures = 64;                 // of each camera that may be in use at once

  struct Scene {
    TaskPtr task;
    uint64_t seed = 0;
  };

  // `contract`: the robot's `joint` contract with its cameras; the physics goes in its control
  // periods, which are whole multiples of the physics' time step. `watch` may be empty. Throws
  // Error for a scene that cannot be built or drawn.
  WallKitchen(std::shared_ptr<const RobotFolder> folder, const Embodiment& contract,
              const Scene& scene, WatchWorld watch = {});
  ~WallKitchen();
  WallKitchen(const WallKitchen&) = delete;
  WallKitchen& operator=(const WallKitchen&) = delete;

  // Replaces the scene and waits until it stands, its first pictures taken. Throws Error as the
  // constructor does. Not while a control loop runs.
  void restart(const Scene& scene);

  // The control loop's ends of the mailboxes: one thread.
  Latest<ArmCommand>& commands() noexcept { return commands_; }
  Latest<ArmReport>& reports() noexcept { return reports_; }
  Latest<PictureRef>& pictures(size_t camera) noexcept { return *pictures_[camera]; }
  // With shapes: as the scene stood at first. Without: where everything is now.
  ScenePtr scene(bool shapes) noexcept;

  // The present scene's; any thread.
  bool success() const noexcept { return success_.load(std::memory_order_relaxed); }
  int subtasks_done() const noexcept { return subtasks_done_.load(std::memory_order_relaxed); }
  int subtasks() const noexcept { return subtasks_.load(std::memory_order_relaxed); }
  // Since the constructor; any thread.
  int64_t skipped_periods() const noexcept { return skipped_.load(std::memory_order_relaxed); }
  int64_t lost_pictures() const noexcept { return lost_pictures_.load(std::memory_order_relaxed); }

 private:
  class Stage;  // one scene; made and used by the thread alone
  void work();
  void tell_outcome(const std::exception_ptr& failure);
  void go_on(Stage& stage);
  void await_scene();
  void end() noexcept;

  std::shared_ptr<const RobotFolder> folder_;
  Embodiment contract_;
  WatchWorld watch_;
  SteadyClock clock_;
  Latest<ArmCommand> commands_;
  Latest<ArmReport> reports_;
  std::vector<std::unique_ptr<Latest<PictureRef>>> pictures_;
  Latest<ScenePtr> scenes_;
  ScenePtr first_scene_;  // with its shapes; from the thread before the scene stands
  std::vector<std::unique_ptr<PicturePool>> pools_;
  std::vector<int64_t> next_picture_;
  std::atomic<bool> success_{false};
  std::atomic<int> subtasks_done_{0}, subtasks_{1};
  std::atomic<int64_t> skipped_{0}, lost_pictures_{0};

  // The next scene, from restart() to the thread.
  std::mutex mutex_;
  std::condition_variable changed_;
  Scene next_;
  bool wanted_ = true;              // the thread has not begun with `next_`
  bool stands_ = false;             // `next_` is there, or has failed
  bool ending_ = false;             // the thread ends
  std::exception_ptr failure_;      // of the scene that was wanted last
  std::atomic<bool> leave_{false};  // the present scene ends
  std::thread thread_;
};

}  // namespace gyre::sim
