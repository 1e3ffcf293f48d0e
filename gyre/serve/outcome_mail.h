#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "gyre/serve/canary_watch.h"

namespace gyre::serve {

// Outcomes that wait for a server, and the time of each next try. The oldest goes first, so that
// evidence grows in the order of the attempts. Times are a clock's nanoseconds; not thread-safe.
class OutcomeMail {
 public:
  static constexpr int64_t kRetryNs = 250'000'000;  // after a try that failed
  static constexpr size_t kMostWaiting = 1000;      // more: the oldest is given up

  void add(AttemptOutcome outcome);
  // The outcome to send now; null: there is none, or the link failed a moment ago.
  const AttemptOutcome* due(int64_t now_ns) const;
  void sent() { waiting_.pop_front(); }  // the due one was taken or refused
  void failed(int64_t now_ns) { next_ns_ = now_ns + kRetryNs; }

  size_t waiting() const { return waiting_.size(); }
  std::optional<int64_t> next_ns() const;  // of the next try; none: nothing waits

 private:
  std::deque<AttemptOutcome> waiting_;
  int64_t next_ns_ = 0;
};

}  // namespace gyre::serve
