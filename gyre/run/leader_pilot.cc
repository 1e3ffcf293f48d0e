#include "gyre/run/leader_pilot.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "gyre/run/real_time.h"

namespace gyre::run {
namespace {

using LeaderClock = std::chrono::steady_clock;
constexpr int kBusPriority = 60;  // above the control thread, as a robot's own bus

}  // namespace

LeaderPilot::LeaderPilot(std::unique_ptr<LeaderArm> leader,
                         const std::shared_ptr<const RobotFolder>& folder,
                         const Embodiment& contract, Operator& operations, Note note)
    : leader_(std::move(leader)),
      motion_(folder, contract),
      operations_(operations),
      note_(std::move(note)),
      joints_(folder->contract("joint", 1).action.size()) {}

LeaderPilot::~LeaderPilot() {
  leave_ = true;
  if (thread_.joinable()) thread_.join();
  release();
}

void LeaderPilot::begin() {
  thread_ = std::thread([this] { work(); });
}

std::string LeaderPilot::words() const {
  switch (stand_) {
    case Stand::kOff:
      return "leader: off";
    case Stand::kFollowed:
      return "leader: followed";
    case Stand::kLost:
      return "leader: lost";
    case Stand::kAway:
      break;
  }
  const std::string furthest = furthest_.load();
  if (furthest.empty()) return "leader: waits for the robot";
  return fmt::format("leader: {} is {:.2f} away", furthest, distance_.load());
}

// The robot holds still at once; the silence that follows pauses it.
void LeaderPilot::release() {
  drove_ = false;
  if (std::exchange(leads_, false)) operations_.beat({});
}

bool LeaderPilot::may_take_over(const LoopStatus& robot) const noexcept {
  return robot.tick >= 0 && (robot.mode == Mode::kPaused || robot.mode == Mode::kFallback);
}

bool LeaderPilot::put_elsewhere(const LoopStatus& robot) noexcept {
  if (!restarts_) return false;
  if (std::exchange(episode_, robot.episode) != robot.episode) episode_tick_ = robot.tick;
  if (episode_tick_ < 0 || robot.tick <= episode_tick_) return false;
  episode_tick_ = -1;
  return leads_ && !motion_.gap(joints_, robot).near;
}

void LeaderPilot::turn() {
  const RobotStatus status = leader_->read(joints_);
  if (status == RobotStatus::kFault) {
    release();
    stand_ = Stand::kLost;
    if (!std::exchange(lost_, true)) note_("the " + leader_->name() + " is lost");
    return;
  }
  if (status != RobotStatus::kOk) return;  // a beat comes late by a period
  if (std::exchange(lost_, false)) note_("the " + leader_->name() + " is back");
  lead(operations_.status());
}

void LeaderPilot::lead(const LoopStatus& robot) {
  drove_ |= leads_ && robot.mode == Mode::kHuman;
  if (robot.mode == Mode::kStopped) engaged_ = false;
  if (!engaged_ || (drove_ && robot.mode != Mode::kHuman) || put_elsewhere(robot)) release();
  if (!engaged_) {
    stand_ = Stand::kOff;
    return;
  }
  if (!leads_) {
    const LeaderMotion::Gap gap = motion_.gap(joints_, robot);
    furthest_ = gap.near ? "" : gap.what;
    distance_ = gap.distance;
    if (!gap.near || !may_take_over(robot)) {
      stand_ = Stand::kAway;
      return;
    }
    motion_.begin(joints_, robot);
    leads_ = true;
  }
  stand_ = Stand::kFollowed;
  const std::span<const float> action = motion_.act(joints_, robot, leader_->period_s());
  operations_.follow(action, motion_.rates());
}

void LeaderPilot::work() {
  make_real_time({.priority = kBusPriority, .lock_memory = false});
  const auto period = std::chrono::duration_cast<LeaderClock::duration>(
      std::chrono::duration<double>(leader_->period_s()));
  auto due = LeaderClock::now();
  while (!leave_) {
    turn();
    due += period;
    const auto now = LeaderClock::now();
    if (due < now) due = now;  // no burst after a halt
    std::this_thread::sleep_until(due);
  }
}

}  // namespace gyre::run
