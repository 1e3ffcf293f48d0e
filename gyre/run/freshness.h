#pragma once

#include <cstdint>
#include <span>

#include "gyre/core/step.h"
#include "gyre/run/loop_config.h"

namespace gyre::run {

// Decides from the ages of the robot's state and pictures if a policy may move the robot. After
// data that were too old it may again when they have been fresh for a while.
class Freshness {
 public:
  static constexpr int64_t kNoData = INT64_MAX;

  // `period_s`: of control, seconds.
  Freshness(const LoopConfig& config, double period_s);

  // One control period: the ages of the state and of each camera's newest picture; kNoData for a
  // state that is not finite and for a camera that has shown nothing.
  void look(int64_t now_ns, int64_t state_age_ns,
            std::span<const int64_t> picture_ages_ns) noexcept;

  // All data so far are too old: the clock by which they were fresh has changed.
  void restart(int64_t now_ns) noexcept { stale_until_ns_ = now_ns; }

  Reasons stale() const noexcept { return stale_; }  // of this period: stale state, stale picture
  bool may_move() const noexcept { return may_move_; }

 private:
  static constexpr int64_t kNever = INT64_MIN;
  int64_t state_limit_ns_, picture_limit_ns_, fresh_ns_;
  int64_t stale_until_ns_ = kNever;  // the last moment with stale data
  Reasons stale_;
  bool may_move_ = true;
};

}  // namespace gyre::run
