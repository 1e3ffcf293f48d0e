#include "gyre/serve/outcome_mail.h"

#include <utility>

namespace gyre::serve {

void OutcomeMail::add(AttemptOutcome outcome) {
  if (waiting_.size() == kMostWaiting) waiting_.pop_front();
  waiting_.push_back(std::move(outcome));
}

const AttemptOutcome* OutcomeMail::due(int64_t now_ns) const {
  return waiting_.empty() || now_ns < next_ns_ ? nullptr : &waiting_.front();
}

std::optional<int64_t> OutcomeMail::next_ns() const {
  return waiting_.empty() ? std::nullopt : std::optional(next_ns_);
}

}  // namespace gyre::serve
