#include "gyre/sim/wall_kitchen.h"

#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/sim/drawn_scene.h"
#include "gyre/sim/sim_robot.h"

namespace gyre::sim {

class WallKitchen::Stage {
 public:
  Stage(WallKitchen& kitchen, const Scene& scene)
      : kitchen_(kitchen),
        task_(scene.task),
        world_(kitchen.folder_, drawn_layout(*task_, kitchen.folder_->scene_scale, scene.seed),
               scene.seed),
        robot_(world_, physics_clock_, kitchen.contract_),
        target_(kitchen.contract_.action.size()) {
    state_.values.resize(kitchen.contract_.state.size());
    world_.prepare_renderer();
    // A command for the scene before this one is not carried out.
    kitchen_.commands_.take();
    robot_.hold(target_);
    kitchen_.subtasks_ = static_cast<int>(task_->subtasks(world_).size());
    kitchen_.subtasks_done_ = 0;
    report();
    judge();
    kitchen_.first_scene_ = std::make_shared<const gyre::Scene>(world_.scene(true));
    photograph();
  }

  // The physics of one period.
  void advance() {
    take_command();
    broken_ |= robot_.write(target_).status == RobotStatus::kFault;
    report();
    judge();
  }

  void photograph() {
    kitchen_.scenes_.writable() = std::make_shared<const gyre::Scene>(world_.scene(false));
    kitchen_.scenes_.publish();
    for (size_t c = 0; c < kitchen_.contract_.cameras.size(); ++c) photograph(c);
  }

 private:
  void take_command() {
    const int64_t now = kitchen_.clock_.now_ns();
    const bool fresh = kitchen_.commands_.take();
    const ArmCommand& command = kitchen_.commands_.value();
    if (fresh && !command.stop) {
      std::ranges::copy(command.joints, target_.begin());
      braked_ = false;
      commanded_ns_ = now;
    } else if (fresh || (!braked_ && now - commanded_ns_ > kWatchdogNs)) {
      robot_.stop();
      robot_.hold(target_);
      braked_ = true;
    }
  }

  void report() {
    ArmReport& report = kitchen_.reports_.writable();
    robot_.read(state_);
    std::ranges::copy(state_.values, report.state.begin());
    robot_.hold(report.targets);
    report.number = kitchen_.commands_.value().number;
    report.braked = braked_;
    report.broken = broken_;
    report.time_ns = kitchen_.clock_.now_ns();
    kitchen_.reports_.publish();
  }

  void judge() {
    kitchen_.success_.store(task_->success(world_), std::memory_order_relaxed);
    const int done = task_->current_subtask(world_);
    if (done > kitchen_.subtasks_done()) {
      kitchen_.subtasks_done_.store(done, std::memory_order_relaxed);
    }
    if (kitchen_.watch_) kitchen_.watch_(*task_, world_);
  }

  void photograph(size_t camera) {
    const int64_t now = kitchen_.clock_.now_ns();
    bool drawn = true;
    PictureRef taken = kitchen_.pools_[camera]->make([&](Picture& picture) {
      try {
        world_.render(kitchen_.contract_.cameras[camera].name, picture.image);
      } catch (const Error&) {
        drawn = false;
      }
      picture.time_ns = now;
      picture.id = kitchen_.next_picture_[camera];
    });
    if (!taken || !drawn) {
      ++kitchen_.lost_pictures_;
      return;
    }
    ++kitchen_.next_picture_[camera];
    kitchen_.pictures_[camera]->writable() = std::move(taken);
    kitchen_.pictures_[camera]->publish();
  }

  WallKitchen& kitchen_;
  TaskPtr task_;
  World world_;
  SimulatedClock physics_clock_;
  SimRobot robot_;
  RobotState state_;
  std::vector<float> target_;  // [J + 1]
  bool braked_ = true;
  bool broken_ = false;
  int64_t commanded_ns_ = 0;
};

WallKitchen::WallKitchen(std::shared_ptr<const RobotFolder> folder, const Embodiment& contract,
                         const Scene& scene, WatchWorld watch)
    : folder_(std::move(folder)),
      contract_(contract),
      watch_(std::move(watch)),
      commands_({.joints = std::vector<float>(contract.action.size())}),
      reports_({.state = std::vector<float>(contract.state.size()),
                .targets = std::vector<float>(contract.action.size())}),
      next_picture_(contract.cameras.size()),
      next_(scene) {
  for (const CameraSpec& camera : contract.cameras) {
    pools_.push_back(std::make_unique<PicturePool>(camera.width, camera.height, kPictures));
    pictures_.push_back(std::make_unique<Latest<PictureRef>>());
  }
  thread_ = std::thread([this] { work(); });
  try {
    await_scene();
  } catch (...) {
    end();
    throw;
  }
}

WallKitchen::~WallKitchen() { end(); }

void WallKitchen::end() noexcept {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    leave_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void WallKitchen::restart(const Scene& scene) {
  {
    const std::lock_guard lock(mutex_);
    next_ = scene;
    wanted_ = true;
    stands_ = false;
    failure_ = nullptr;
    leave_ = true;
  }
  changed_.notify_all();
  await_scene();
}

void WallKitchen::await_scene() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stands_; });
  if (failure_) std::rethrow_exception(failure_);
}

ScenePtr WallKitchen::scene(bool shapes) noexcept {
  scenes_.take();
  return shapes ? first_scene_ : scenes_.value();
}

void WallKitchen::work() {
  while (true) {
    Scene scene;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return wanted_ || ending_; });
      if (ending_) return;
      scene = next_;
      wanted_ = false;
      leave_ = false;
    }
    try {
      Stage stage(*this, scene);
      tell_outcome(nullptr);
      go_on(stage);
    } catch (...) {
      tell_outcome(std::current_exception());
    }
    // A scene is megabytes in small pieces: its memory goes back to the system, or the heaps of
    // many robots' threads would grow for hours.
    malloc_trim(0);
  }
}

void WallKitchen::tell_outcome(const std::exception_ptr& failure) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
    stands_ = true;
  }
  changed_.notify_all();
}

void WallKitchen::go_on(Stage& stage) {
  const int64_t period_ns = std::llround(contract_.tick_s() * 1e9);
  const int per_action = contract_.ticks_per_action();
  int64_t next_ns = clock_.now_ns();
  for (int64_t tick = 1; !leave_.load(std::memory_order_relaxed); ++tick) {
    next_ns += period_ns;
    clock_.sleep_until(next_ns);
    const int64_t behind = (clock_.now_ns() - next_ns) / period_ns;
    if (behind > kMostBehind) {
      skipped_.fetch_add(behind, std::memory_order_relaxed);
      next_ns += behind * period_ns;
    }
    stage.advance();
    if (tick % per_action == 0) stage.photograph();
  }
}

}  // namespace gyre::sim
