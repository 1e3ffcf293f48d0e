#include "gyre/run/demonstrations.h"

#include <fmt/format.h>

#include <algorithm>

namespace gyre::run {
namespace {

constexpr std::string_view kPerson = "keyboard";

}  // namespace

Demonstrations::Demonstrations(Operator& operations, const Clock& clock, Options options)
    : operations_(operations), clock_(clock), options_(options), since_ns_(clock.now_ns()) {}

bool Demonstrations::start() {
  if (phase_ != Phase::kResets) return false;
  if (episode_ < 0) follow(operations_.status());
  // The scene stands as the person has set it, or as it was drawn.
  if (episode_ < 0 || !operations_.discard(true, kPerson)) return false;
  phase_ = Phase::kStarts;
  return true;
}

bool Demonstrations::end(event::Outcome outcome) {
  if (phase_ != Phase::kRecords) return false;
  operations_.judge(outcome, "", kPerson);
  return true;
}

bool Demonstrations::discard(bool again) {
  if (phase_ != Phase::kRecords || dropped_) return false;
  dropped_ = operations_.discard(again, kPerson);
  return dropped_;
}

bool Demonstrations::look() {
  const LoopStatus status = operations_.status();
  if (episode_ < 0) follow(status);
  if (status.episode > episode_) {
    const bool told = advance(status);
    follow(status);
    return told;
  }
  const double waited_s = static_cast<double>(clock_.now_ns() - since_ns_) * 1e-9;
  if (phase_ == Phase::kResets && timed_ && waited_s >= options_.reset_s) start();
  return false;
}

// The session is in its next episode. One that ended without a verdict was broken off, from here or
// from a page that people help by: a reset that is broken off is over.
bool Demonstrations::advance(const LoopStatus& status) {
  const bool broken_off = status.verdicts == verdicts_;
  if (phase_ == Phase::kRecords) {
    finish(status, broken_off);
  } else if (phase_ == Phase::kStarts || broken_off) {
    phase_ = Phase::kRecords;
    since_ns_ = clock_.now_ns();
  } else {
    return false;  // a verdict on a reset is none
  }
  return true;
}

void Demonstrations::follow(const LoopStatus& status) {
  episode_ = status.episode;
  verdicts_ = status.verdicts;
  successes_ = status.successes;
  dropped_ = false;
}

void Demonstrations::finish(const LoopStatus& status, bool broken_off) {
  if (!broken_off) {
    kept_.push_back(episode_);
    counted_ += options_.count_failures || status.successes > successes_ ? 1 : 0;
  }
  timed_ = options_.reset_s > 0;
  since_ns_ = clock_.now_ns();
  const bool enough = options_.episodes > 0 && counted_ >= options_.episodes;
  phase_ = enough ? Phase::kDone : Phase::kResets;
}

std::string Demonstrations::words() const {
  const double since_s = static_cast<double>(clock_.now_ns() - since_ns_) * 1e-9;
  const std::string count = options_.episodes > 0
                                ? fmt::format("{} of {} kept", counted_, options_.episodes)
                                : fmt::format("{} kept", counted_);
  switch (phase_) {
    case Phase::kResets:
      if (timed_) {
        return fmt::format("RESET, {:.0f} s left ({})", std::max(0.0, options_.reset_s - since_s),
                           count);
      }
      return "RESET, Enter begins (" + count + ")";
    case Phase::kStarts:
      return "BEGINS (" + count + ")";
    case Phase::kRecords:
      return fmt::format("RECORDS, {:.0f} s ({})", since_s, count);
    case Phase::kDone:
      break;
  }
  return "DONE (" + count + ")";
}

}  // namespace gyre::run
