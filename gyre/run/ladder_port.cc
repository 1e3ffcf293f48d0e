#include "gyre/run/ladder_port.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"

namespace gyre::run {

void LadderConfig::validate() const {
  if (!(late_s > 0)) throw Error("late_s", "is not positive", "give seconds, e.g. 0.5");
  if (late_of < 1 || late_of > 64) throw Error("late_of", "is not within 1 .. 64");
  if (late_down < 1 || late_down > late_of) {
    throw Error("late_down", "is not within 1 .. late_of", "2 of 10 is a good choice");
  }
  if (on_time_up < 1) throw Error("on_time_up", "is below 1", "20 is a good choice");
}

LadderPort::LadderPort(PolicyPort& remote, PolicyPort& local, const Embodiment& robot,
                       const LadderConfig& config)
    : remote_(remote), local_(local), config_(config) {
  config.validate();
  late_ticks_ = std::llround(config.late_s / robot.tick_s());
}

void LadderPort::reset(uint64_t noise_seed) noexcept {
  remote_.reset(noise_seed);
  local_.reset(noise_seed);
  for (Asked& asked : asked_) asked.id = -1;
  has_remote_ = has_spare_ = false;
}

bool LadderPort::has_room() const noexcept {
  return rung_ == 0 ? remote_.has_room() || (shadow_ && local_.has_room()) : local_.has_room();
}

double LadderPort::expected_delay() const noexcept {
  return rung_ == 0 ? remote_.expected_delay() : local_.expected_delay();
}

void LadderPort::submit(const Question& question, int64_t tick) noexcept {
  if (remote_.has_room()) {
    // A free place, or that of the oldest question.
    Asked& asked = *std::ranges::min_element(
        asked_, {}, [](const Asked& one) { return one.id < 0 ? INT64_MIN : one.tick; });
    asked = {.id = question.id, .generation = question.generation, .tick = tick};
    remote_.submit(question, tick);
  } else {
    count(true);
  }
  if ((shadow_ || rung_ > 0) && local_.has_room()) local_.submit(question, tick);
}

void LadderPort::count(bool late) noexcept {
  late_ = late_ << 1 | (late ? 1 : 0);
  on_time_ = late ? 0 : on_time_ + 1;
  shadow_ = shadow_ || late;
}

// The remote policy has answered, or failed to.
void LadderPort::came(const Answer& answer, int64_t tick) noexcept {
  const bool failed = answer.chunk == nullptr;
  const auto asked = std::ranges::find_if(asked_, [&](const Asked& one) {
    return one.id == answer.request_id && one.generation == answer.generation;
  });
  if (!warm_ && !failed) {
    warm_ = true;
    for (Asked& one : asked_) one.counts = false;  // they waited for a cold policy
  }
  if (asked == asked_.end()) return;
  if (asked->counts) count(failed || tick - asked->tick > late_ticks_);
  asked->id = -1;
}

// Passes `from` on unless a newer answer, or one to the same question, was passed on before.
bool LadderPort::give(Answer& from, Answer& answer) noexcept {
  if (from.generation == given_generation_ && from.request_id <= given_) return false;
  if (from.chunk) {
    given_ = from.request_id;
    given_generation_ = from.generation;
  }
  answer = from;
  return true;
}

bool LadderPort::poll(int64_t tick, Answer& answer) noexcept {
  // An answer that came just before the way up belongs to a question that still waits.
  if (rung_ == 0 && std::exchange(has_remote_, false) && give(remote_answer_, answer)) return true;
  while (remote_.poll(tick, remote_answer_)) {
    came(remote_answer_, tick);
    if (rung_ == 0 && give(remote_answer_, answer)) return true;
    has_remote_ = rung_ != 0 && remote_answer_.chunk;
  }
  while (local_.poll(tick, spare_)) has_spare_ = true;
  if (rung_ == 0 || !has_spare_) return false;
  has_spare_ = false;
  return give(spare_, answer);
}

int LadderPort::choose_rung(int64_t tick, bool used_up) noexcept {
  bool waits = false;
  for (Asked& asked : asked_) {
    if (asked.id < 0) continue;
    waits = true;
    // Nobody knows how long a cold policy takes.
    if (!asked.counts || !warm_ || tick - asked.tick <= late_ticks_) continue;
    asked.counts = false;
    count(true);
  }
  const uint64_t window =
      config_.late_of == 64 ? ~uint64_t{0} : (uint64_t{1} << config_.late_of) - 1;
  if (rung_ == 0 &&
      ((used_up && (waits || shadow_)) || std::popcount(late_ & window) >= config_.late_down)) {
    rung_ = 1;
    shadow_ = true;
    on_time_ = 0;
  } else if (on_time_ >= config_.on_time_up) {
    rung_ = 0;
    shadow_ = false;
    late_ = 0;
    on_time_ = 0;
  }
  return rung_;
}

}  // namespace gyre::run
