#include "gyre/run/reset_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

constexpr double kShareOfVelocity = 0.1;  // of a field's limit, on average
constexpr double kOtherwise = 0.1;        // for a field without one, units a second
constexpr double kLeastSeconds = 1;

bool speaks_positions(const Embodiment& contract) {
  return std::ranges::equal(contract.action, contract.state,
                            [](const Field& action, const Field& state) {
                              return action.kind == FieldKind::kPosition &&
                                     action.name == state.name && action.unit == state.unit;
                            });
}

}  // namespace

ResetSource::ResetSource(const Embodiment& contract, std::vector<float> pose,
                         std::string_view origin)
    : contract_(contract), pose_(std::move(pose)), start_(pose_.size()) {
  const std::string who = fmt::format("pose of {}", origin);
  if (!speaks_positions(contract)) {
    throw Error(who, "cannot be gone to: " + contract.name + " takes no positions",
                "drive the robot's joint contract, or bring it there by hand");
  }
  if (pose_.size() != contract.action.size()) {
    throw Error(who, fmt::format("has {} numbers, {} has {} fields", pose_.size(), contract.name,
                                 contract.action.size()));
  }
  for (size_t i = 0; i < pose_.size(); ++i) {
    const Field& field = contract.action[i];
    if (pose_[i] >= field.min && pose_[i] <= field.max) continue;
    throw Error(
        who, fmt::format("{} {} is outside {} .. {}", field.name, pose_[i], field.min, field.max));
  }
}

bool ResetSource::wants_control(const Tick& tick) noexcept {
  // The mode is that of the control period before.
  const bool may_move =
      tick.index > 0 && (tick.mode == Mode::kPolicy || tick.mode == Mode::kFallback);
  if (phase_ == Phase::kWaits && may_move) begin(tick);
  if (phase_ == Phase::kMoves &&
      (tick.mode == Mode::kStopped || tick.tick - first_tick_ > ticks_)) {
    phase_ = Phase::kDone;
  }
  return phase_ == Phase::kMoves;
}

void ResetSource::begin(const Tick& tick) noexcept {
  double seconds = kLeastSeconds;
  for (size_t i = 0; i < pose_.size(); ++i) {
    start_[i] = tick.frame->state[i];
    const double limit = contract_.action[i].max_velocity;
    const double speed = limit > 0 ? kShareOfVelocity * limit : kOtherwise;
    seconds = std::max(seconds, std::abs(pose_[i] - start_[i]) / speed);
  }
  ticks_ = std::llround(seconds / contract_.tick_s());
  first_tick_ = tick.tick;
  phase_ = Phase::kMoves;
}

void ResetSource::propose(const Tick& tick, Proposal& proposal) noexcept {
  const double part = std::clamp(
      static_cast<double>(tick.tick - first_tick_ + 1) / static_cast<double>(ticks_), 0., 1.);
  const auto smooth = static_cast<float>(part * part * (3 - 2 * part));
  proposal.valid = phase_ == Phase::kMoves;
  for (size_t i = 0; i < pose_.size(); ++i) {
    proposal.action[i] = start_[i] + smooth * (pose_[i] - start_[i]);
  }
}

}  // namespace gyre::run
