#include "gyre/run/bench_desk.h"

#include <fmt/format.h>

namespace gyre::run {

BenchDesk::BenchDesk(Operator& session, const Clock& clock, Options options)
    : session_(session), clock_(clock), options_(options), since_ns_(clock.now_ns()) {}

bool BenchDesk::start(std::string_view author) {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kLaysOut || end_ != End::kNone || enough_) return false;
  if (!session_.discard(true, author)) return false;
  end_ = End::kLaidOut;
  return true;
}

void BenchDesk::judge(event::Outcome outcome, std::string_view reason, std::string_view author) {
  if (outcome == event::Outcome::kUnknown || outcome == event::Outcome::kPartial) {
    discard(true, author);
    return;
  }
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kDrives || end_ != End::kNone) return;
  end_ = End::kJudged;
  session_.judge(outcome, reason, author);
}

bool BenchDesk::discard(bool, std::string_view author) {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kDrives || end_ != End::kNone) return false;
  if (!session_.discard(true, author)) return false;
  end_ = End::kDiscarded;
  return true;
}

void BenchDesk::order(event::Order order, std::string_view author) {
  if (order == event::Order::kResume && phase() != Phase::kDrives) {
    start(author);
    return;
  }
  session_.order(order, author);
}

void BenchDesk::remark(std::string_view words, std::string_view author) {
  session_.remark(words, author);
}

bool BenchDesk::look() {
  const bool enough = take_results_ && !take_results_();
  const std::lock_guard lock(mutex_);
  enough_ |= enough;
  const double seconds = static_cast<double>(clock_.now_ns() - since_ns_) * 1e-9;
  if (phase_ == Phase::kDrives && !timed_out_ && options_.attempt_s > 0 &&
      seconds > options_.attempt_s) {
    timed_out_ = true;
    session_.order(event::Order::kPause, "bench");
  }
  const bool changed = seen_ != phase_;
  seen_ = phase_;
  return changed;
}

BenchDesk::Phase BenchDesk::phase() const {
  const std::lock_guard lock(mutex_);
  return enough_ ? Phase::kDone : phase_;
}

int64_t BenchDesk::judged() const {
  const std::lock_guard lock(mutex_);
  return judged_;
}

std::string BenchDesk::task_words() const {
  const std::lock_guard lock(mutex_);
  return fmt::format("scene {}: \"{}\"", attempt_.number.value_or(judged_) + 1,
                     attempt_.instruction);
}

std::string BenchDesk::phase_words() const {
  const std::lock_guard lock(mutex_);
  const std::string count = fmt::format("({} of {} judged)", judged_, options_.attempts);
  const double seconds = static_cast<double>(clock_.now_ns() - since_ns_) * 1e-9;
  switch (phase_) {
    case Phase::kLaysOut:
      return "LAY OUT, Enter begins " + count;
    case Phase::kDrives:
      return timed_out_ ? "TIME IS OVER, judge it " + count
                        : fmt::format("DRIVES, {:.0f} s {}", seconds, count);
    case Phase::kDone:
      break;
  }
  return "DONE " + count;
}

void BenchDesk::show(const Attempt& attempt) {
  const std::lock_guard lock(mutex_);
  attempt_ = attempt;
}

int64_t BenchDesk::advance() {
  const std::lock_guard lock(mutex_);
  if (end_ == End::kJudged) ++judged_;
  // An event that is posted here takes effect before the span's first command.
  const bool begins = end_ == End::kLaidOut;
  session_.order(begins ? event::Order::kResume : event::Order::kPause, "bench");
  return judged_;
}

bool BenchDesk::opened() {
  const std::lock_guard lock(mutex_);
  phase_ = end_ == End::kLaidOut         ? Phase::kDrives
           : judged_ < options_.attempts ? Phase::kLaysOut
                                         : Phase::kDone;
  end_ = End::kNone;
  timed_out_ = false;
  since_ns_ = clock_.now_ns();
  return phase_ == Phase::kDrives;
}

}  // namespace gyre::run
