#include "gyre/run/teleop_source.h"

#include <algorithm>
#include <cmath>

namespace gyre::run {

TeleopSource::TeleopSource(const Embodiment& contract, const Clock& clock, double heartbeat_s,
                           EventSink& orders)
    : contract_(contract),
      clock_(clock),
      heartbeat_ns_(std::llround(heartbeat_s * 1e9)),
      orders_(orders),
      beats_({.action = std::vector<float>(contract.action.size())}) {}

bool TeleopSource::beat(std::span<const float> action) {
  const bool usable =
      action.empty() || (action.size() == contract_.action.size() &&
                         std::ranges::all_of(action, [](float v) { return std::isfinite(v); }));
  if (usable) send(true, action);
  return usable;
}

void TeleopSource::let_go() { send(false, {}); }

void TeleopSource::send(bool drives, std::span<const float> action) {
  const std::lock_guard lock(senders_);
  Beat& beat = beats_.writable();
  beat.time_ns = clock_.now_ns();
  beat.drives = drives;
  beat.acts = !action.empty();
  std::ranges::copy(action, beat.action.begin());
  beats_.publish();
}

bool TeleopSource::wants_control(const Tick& tick) noexcept {
  if (beats_.take()) silent_ = false;
  const Beat& beat = beats_.value();
  // Nobody knows the age of a heartbeat once the clock has run back, and an old one must not grow
  // young by it.
  silent_ |= std::abs(tick.time_ns - beat.time_ns) > heartbeat_ns_ || tick.time_ns < asked_ns_;
  asked_ns_ = tick.time_ns;
  const bool drives = beat.drives && !silent_;
  if (drove_ && !drives && beat.drives) {
    orders_.post({.time_ns = tick.time_ns,
                  .author = "silent person",
                  .body = event::Ordered{event::Order::kPause}});
  }
  drove_ = drives;
  return drives;
}

void TeleopSource::propose(const Tick&, Proposal& proposal) noexcept {
  const Beat& beat = beats_.value();
  proposal.valid = beat.acts;
  if (!beat.acts) return;
  const auto ticks = static_cast<float>(contract_.ticks_per_action());
  for (size_t i = 0; i < beat.action.size(); ++i) {
    const bool delta = contract_.action[i].kind == FieldKind::kDelta;
    proposal.action[i] = delta ? beat.action[i] / ticks : beat.action[i];
  }
}

}  // namespace gyre::run
