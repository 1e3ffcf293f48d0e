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
  const int64_t present = operations_.status().episode;
  // The scene stands as the person has set it, or as it was drawn.
  if (present < 0 || !operations_.discard(true, kPerson)) return false;
  episode_ = present;
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
  if (phase_ == Phase::kStarts && status.episode > episode_) {
    phase_ = Phase::kRecords;
    episode_ = status.episode;
    successes_ = status.successes;
    dropped_ = false;
    since_ns_ = clock_.now_ns();
    return true;
  }
  if (phase_ == Phase::kRecords && status.episode > episode_) {
    finish(status);
    return true;
  }
  const double waited_s = static_cast<double>(clock_.now_ns() - since_ns_) * 1e-9;
  if (phase_ == Phase::kResets && timed_ && waited_s >= options_.reset_s) start();
  return false;
}

void Demonstrations::finish(const LoopStatus& status) {
  if (!dropped_) {
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
