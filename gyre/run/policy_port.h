#pragma once

#include <cstdint>

#include "gyre/core/event.h"
#include "gyre/core/request.h"

namespace gyre::run {

// The outcome of one request. A failure is a value: it is read on the control thread.
struct Answer {
  int64_t request_id = -1;
  int64_t observed = 0;  // action period in which the request was made
  ChunkPtr chunk;        // null on failure
  RequestPtr request;    // the facts the chunk was computed from; null on failure
  GoalPtr goal;          // the goal the chunk was computed for: with the subtask that was thought
  Words failure;         // when `chunk` is null
};

// The way from the control loop to a policy: lock-step, a local thread, a server, a ladder of them.
// All calls come from the control thread; none waits for inference (lock-step computes inside
// submit, in simulated time).
class PolicyPort {
 public:
  virtual ~PolicyPort() = default;
  // A new attempt: forgets what was asked, thought and remembered about the last one.
  virtual void reset(uint64_t noise_seed) = 0;
  virtual bool busy() const noexcept = 0;
  // Asks for a chunk from this frame, in action period `period`; only when not busy. `previous` and
  // `delay` continue a chunk that is being carried out; `shadow`: somebody else drives meanwhile.
  virtual void submit(const Frame& frame, const GoalPtr& goal, int64_t period,
                      bool shadow) noexcept = 0;
  // True when an answer is there; `answer` keeps the references of the last one until then.
  virtual bool poll(int64_t period, Answer& answer) noexcept = 0;
  virtual int expected_delay() const noexcept = 0;  // action periods from submit to answer
  virtual void forget() noexcept = 0;               // an answer that is under way is not wanted
};

}  // namespace gyre::run
