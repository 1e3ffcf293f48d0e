#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/run/command_source.h"

namespace gyre::run {

// Brings a robot slowly to a pose once, before a policy moves it, in a straight line of the joints.
// It begins when the robot may move for the first time, and gives up when the robot is stopped.
class ResetSource : public CommandSource {
 public:
  // `pose` [D] in the contract's units. Throws Error for a contract whose actions are not the
  // positions that its state says, for a pose of another width and for one outside the ranges.
  // `origin`: who wants the pose, for the message.
  ResetSource(const Embodiment& contract, std::vector<float> pose, std::string_view origin);

  Source source() const noexcept override { return Source::kExpert; }
  bool wants_control(const Tick& tick) noexcept override;
  void propose(const Tick& tick, Proposal& proposal) noexcept override;

 private:
  void begin(const Tick& tick) noexcept;

  Embodiment contract_;
  std::vector<float> pose_, start_;  // [D]
  enum class Phase : uint8_t { kWaits, kMoves, kDone } phase_ = Phase::kWaits;
  int64_t first_tick_ = 0, ticks_ = 0;
};

}  // namespace gyre::run
