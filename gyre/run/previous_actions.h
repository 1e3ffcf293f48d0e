#pragma once

#include <cstdint>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/request.h"
#include "gyre/run/join_method.h"
#include "gyre/run/policy_port.h"

namespace gyre::run {

// The actions that a new chunk has to agree with: those that will be sent until it is there. Kept
// by whoever asks a policy on behalf of one robot.
class PreviousActions {
 public:
  // Finds those of `question`: what it says is planned or, while other answers are under way, the
  // rest of the last chunk, which is one of them. None where the method needs none.
  void find(const JoinMethod& method, const Question& question);
  const std::vector<float>& actions() const { return actions_; }  // [n, D]
  int64_t chunk_id() const { return chunk_id_; }  // the chunk that they are of; -1: there are none

  struct Terms {
    int draws = 1;  // for a method that chooses
    int dim = 0, horizon = 0;
    int trained_delay = 0;  // most leading actions that the policy may be given
  };
  // Sets chunking, delay, draws and previous of `request` to what the method asks for. A chunk that
  // is continued or guided towards is padded to the horizon by repeating its last action.
  void agree(const JoinMethod& method, const Terms& terms, const Question& question,
             Request& request) const;

  // The answer to `question`: the next chunk will come in its place.
  void remember(const Question& question, const ActionChunk& chunk);

 private:
  std::vector<float> actions_;
  int64_t chunk_id_ = -1;
  ActionChunk last_;
  int64_t last_sent_ = 0, last_generation_ = -1;  // of its question
};

}  // namespace gyre::run
