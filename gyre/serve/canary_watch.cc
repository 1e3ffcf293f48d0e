#include "gyre/serve/canary_watch.h"

#include "gyre/core/degradation.h"
#include "gyre/core/error.h"

namespace gyre::serve {
namespace {

constexpr size_t kMostAttempts = 100'000;
constexpr size_t kLongestAttempt = 200;

}  // namespace

double CanaryWatch::report(const AttemptOutcome& outcome, bool canary) {
  if (outcome.attempt.empty() || outcome.attempt.size() > kLongestAttempt) {
    throw Error("attempt", "its name is empty or longer than 200 characters");
  }
  auto place = places_.find(outcome.attempt);
  if (place == places_.end()) {
    if (seen_.size() >= kMostAttempts) {
      throw Error("canary", "too many attempts were watched",
                  "decide: promote it, or start the server without it");
    }
    place = places_.emplace(outcome.attempt, seen_.size()).first;
    seen_.push_back({.canary = canary});
  }
  Seen& seen = seen_[place->second];
  (outcome.by_person ? seen.person : seen.judge) = outcome.success;
  return evidence();
}

CanaryWatch::Count CanaryWatch::count(bool canary) const {
  Count count;
  for (const Seen& seen : seen_) {
    if (seen.canary != canary || !seen.success()) continue;
    ++count.attempts;
    count.successes += *seen.success() ? 1 : 0;
  }
  return count;
}

double CanaryWatch::evidence() const {
  Degradation degradation;
  for (const Seen& seen : seen_) {
    if (seen.success()) degradation.add(seen.canary, *seen.success());
  }
  return degradation.evidence();
}

}  // namespace gyre::serve
