#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gyre/core/embodiment.h"
#include "gyre/infer/engine.h"
#include "gyre/run/join_method.h"
#include "gyre/run/policy_port.h"
#include "gyre/run/previous_actions.h"

namespace gyre::run {

struct ClientOptions {
  bool think = false;  // the policy names its subtask, at most once in think_interval_s
  double think_interval_s = 1;
  int flow_steps = 0;  // 0: the checkpoint's
  JoinMethod method;
  int draws = 1;      // for a method that chooses
  double speed = 1;   // policy/faster_chunk.h; the method gives the policy no actions
  bool timed = true;  // chunks say how long they took: of the machine, so another on every run
};

// Asks an engine on behalf of one robot: thinks of the subtask when it is time, then computes a
// chunk, as the joining method wants it. Request n of an attempt draws its noise from (noise seed,
// n) alone. One thread at a time.
class EngineClient {
 public:
  // Throws Error naming both sides unless the policy was trained on this very contract. `engine`
  // must outlive the client.
  EngineClient(const infer::Engine& engine, const Embodiment& robot, const ClientOptions& options);

  // A new attempt: the subtask and all pictures are forgotten.
  void reset(uint64_t noise_seed);
  Answer ask(const Question& question) noexcept;

 private:
  void answer(const Question& question, Answer& answer);
  ActionChunk sample(const Question& question);
  // The goal with the present subtask.
  GoalPtr with_subtask(const Request& request);
  RequestPtr record(const Request& request, const infer::Prefix& prefix,
                    const Question& question) const;

  const infer::Engine& engine_;
  const Embodiment& contract_;  // the policy's
  ClientOptions options_;
  Request request_;                      // its storage is used again and again
  std::unique_ptr<infer::Prefix> last_;  // pictures and prompt that have not changed are kept
  PreviousActions previous_;
  GoalPtr asked_goal_, thought_goal_;  // the goal that was asked about, and with its subtask
  int64_t thought_ns_ = 0;
  bool thought_ = false;  // for the present request
};

}  // namespace gyre::run
