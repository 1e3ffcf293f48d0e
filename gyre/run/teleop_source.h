#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/core/embodiment.h"
#include "gyre/core/latest.h"
#include "gyre/run/command_source.h"
#include "gyre/run/monitor.h"

namespace gyre::run {

// A person who drives from another thread or program. They drive while their last heartbeat is
// young. One who falls silent, or whose program dies, has let go, and the robot is paused; one who
// says so gives the robot back to whoever had it.
//
// An action holds until the next heartbeat. It is one action of the contract: positions are
// approached as fast as the safety filter allows, deltas are changes in one action period.
//
// Positions with rates move on between two heartbeats, for kAheadS at most. A leader and the
// control loop have periods of their own: without the rates a tick would see none or two of the
// leader's readings now and then, a jump that the filter's limits of acceleration and jerk turn
// into a lag of several periods.
class TeleopSource : public CommandSource {
 public:
  static constexpr double kAheadS = 0.015;  // three periods of a leader

  // `heartbeat_s`: a heartbeat that is older counts no more. `clock` is the control loop's. Clock
  // and `orders`, which takes the pause, must outlive the source.
  TeleopSource(const Embodiment& contract, const Clock& clock, double heartbeat_s,
               EventSink& orders);

  // Any thread but the control thread. `action` [D] in the contract's units; empty: hold still.
  // False, and no heartbeat, for another width or a number that is not finite.
  // `rates` [D] of positions, in units/s; empty: they hold.
  bool beat(std::span<const float> action, std::span<const float> rates = {});
  void let_go();

  Source source() const noexcept override { return Source::kHuman; }
  bool wants_control(const Tick& tick) noexcept override;
  // Without an action in the newest heartbeat the proposal stays invalid: the loop holds.
  void propose(const Tick& tick, Proposal& proposal) noexcept override;

 private:
  struct Beat {
    int64_t time_ns = 0;
    bool drives = false;
    bool acts = false;          // `action` is to be carried out
    std::vector<float> action;  // [D]
    std::vector<float> rates;   // [D], units/s
  };
  void send(bool drives, std::span<const float> action, std::span<const float> rates);

  Embodiment contract_;
  const Clock& clock_;
  int64_t heartbeat_ns_;
  EventSink& orders_;
  bool drove_ = false;    // in the control period before
  bool silent_ = true;    // until the next heartbeat
  int64_t asked_ns_ = 0;  // the control period before
  std::mutex senders_;
  Latest<Beat> beats_;
};

}  // namespace gyre::run
