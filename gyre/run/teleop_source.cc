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
      beats_({.action = std::vector<float>(contract.action.size()),
              .rates = std::vector<float>(contract.action.size())}) {}

bool TeleopSource::beat(std::span<const float> action, std::span<const float> rates) {
  const auto fits = [this](std::span<const float> values) {
    return values.empty() ||
           (values.size() == contract_.action.size() &&
            std::ranges::all_of(values, [](float v) { return std::isfinite(v); }));
  };
  const bool usable = fits(action) && fits(rates);
  if (usable) send(true, action, rates);
  return usable;
}

void TeleopSource::let_go() { send(false, {}, {}); }

void TeleopSource::send(bool drives, std::span<const float> action, std::span<const float> rates) {
  const std::lock_guard lock(senders_);
  Beat& beat = beats_.writable();
  beat.time_ns = clock_.now_ns();
  beat.drives = drives;
  beat.acts = !action.empty();
  std::ranges::copy(action, beat.action.begin());
  std::ranges::fill(beat.rates, 0.F);
  std::ranges::copy(rates, beat.rates.begin());
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

void TeleopSource::propose(const Tick& tick, Proposal& proposal) noexcept {
  const Beat& beat = beats_.value();
  proposal.valid = beat.acts;
  if (!beat.acts) return;
  const double since_s = static_cast<double>(tick.time_ns - beat.time_ns) * 1e-9;
  const auto ahead_s = static_cast<float>(std::clamp(since_s, 0.0, kAheadS));
  const auto ticks = static_cast<float>(contract_.ticks_per_action());
  for (size_t i = 0; i < beat.action.size(); ++i) {
    const Field& field = contract_.action[i];
    if (field.kind == FieldKind::kDelta) {
      proposal.action[i] = beat.action[i] / ticks;
    } else if (beat.rates[i] == 0) {
      proposal.action[i] = beat.action[i];
    } else {
      proposal.action[i] = std::clamp(beat.action[i] + beat.rates[i] * ahead_s,
                                      static_cast<float>(field.min), static_cast<float>(field.max));
    }
  }
}

}  // namespace gyre::run
