#include "gyre/run/lock_step_port.h"

#include <cmath>
#include <string>
#include <utility>

#include "gyre/core/rng.h"

namespace gyre::run {

LockStepPort::LockStepPort(EngineClient client, const Embodiment& robot, const Link& link)
    : client_(std::move(client)), link_(link), ticks_per_action_(robot.ticks_per_action()) {}

void LockStepPort::reset(uint64_t noise_seed) noexcept {
  waiting_.clear();
  latency_ = {};
  seed_ = noise_seed;
  client_.reset(noise_seed);
}

void LockStepPort::submit(const Question& question, int64_t tick) noexcept {
  Answer answer = client_.ask(question);
  double delay = link_.delay;
  if (link_.jitter > 0 || link_.loss > 0) {
    Rng rng = Rng::stream(seed_, "link " + std::to_string(question.id));
    delay += link_.jitter * rng.uniform(-1, 1);
    if (rng.chance(link_.loss)) return;
  }
  constexpr double kRounding = 1e-9;
  const auto ticks = static_cast<int64_t>(std::ceil(delay * ticks_per_action_ - kRounding));
  const auto cut = [&](int64_t at) { return at >= link_.cut_from && at < link_.cut_to; };
  if (cut(tick) || cut(tick + ticks)) return;
  waiting_.push_back({tick, tick + ticks, std::move(answer)});
}

bool LockStepPort::poll(int64_t tick, Answer& answer) noexcept {
  auto first = waiting_.end();
  for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
    if (it->due <= tick && (first == waiting_.end() || it->due < first->due)) first = it;
  }
  if (first == waiting_.end()) return false;
  latency_.add(static_cast<double>(first->due - first->asked) / ticks_per_action_);
  answer = std::move(first->answer);
  waiting_.erase(first);
  return true;
}

double LockStepPort::expected_delay() const noexcept {
  return link_.jitter > 0 ? std::max(link_.delay, latency_.expected()) : link_.delay;
}

}  // namespace gyre::run
