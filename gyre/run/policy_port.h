#pragma once

#include <cstdint>
#include <span>

#include "gyre/core/event.h"
#include "gyre/core/request.h"

namespace gyre::run {

// A question to the policy. What it points to is valid during submit() alone.
struct Question {
  int64_t id = 0;          // counts an attempt's questions from 0
  int64_t generation = 0;  // another one after each attempt, take-over and clear
  const Frame* frame = nullptr;
  GoalPtr goal;
  bool shadow = false;  // somebody else drives meanwhile
  int64_t sent = 0;     // the policy's actions that were sent so far
  int delay = 0;        // action periods that the answer will probably take
  // The actions [n, D] that will be sent from now on until the answer comes. None while other
  // answers are under way: they will change it.
  std::span<const float> planned;
  int64_t planned_chunk = -1;  // the chunk they are of
};

// The outcome of one request. A failure is a value: it is read on the control thread.
struct Answer {
  int64_t request_id = -1;
  int64_t generation = 0;
  ChunkPtr chunk;      // null on failure
  RequestPtr request;  // the facts the chunk was computed from; null on failure
  GoalPtr goal;        // the goal the chunk was computed for: with the subtask that was thought
  Words failure;       // when `chunk` is null
};

// The way from the control loop to a policy: lock-step, a local thread, a server, a ladder of them.
// All calls come from the control thread; none waits for inference (lock-step computes inside
// submit, in simulated time). Answers may come in any order, late, or not at all.
class PolicyPort {
 public:
  virtual ~PolicyPort() = default;
  // A new attempt: what was thought and remembered about the last one counts no more. Waits for
  // nothing; an answer under way still comes, with its own generation.
  virtual void reset(uint64_t noise_seed) noexcept = 0;
  virtual bool has_room() const noexcept = 0;  // for one more question
  // Only when there is room. `tick` counts the attempt's control periods.
  virtual void submit(const Question& question, int64_t tick) noexcept = 0;
  // True when an answer is there; `answer` keeps the references of the last one until then.
  virtual bool poll(int64_t tick, Answer& answer) noexcept = 0;
  // From question to answer, in action periods, as measured of late.
  virtual double expected_delay() const noexcept = 0;
  // The policy in use where there are several, 0 the first choice; asked at the start of each
  // action period. `used_up`: the present chunk has no action left.
  virtual int choose_rung(int64_t tick, bool used_up) noexcept {
    static_cast<void>(tick);
    static_cast<void>(used_up);
    return 0;
  }
};

}  // namespace gyre::run
