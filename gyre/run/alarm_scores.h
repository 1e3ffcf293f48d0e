#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/embodiment.h"
#include "gyre/core/step.h"

namespace gyre::run {

// Two signs, read from a tape, that a policy is about to fail.
//
// Disagreement: a chunk differs from the one before it in what both say about the same actions.
// The difference of an action is the mean over its fields, each in units of its largest change in
// one action period; that of two chunks the mean over the first actions they share. 0: they agree.
// Chunks that go on disagreeing announce a failure: the mean over the last two seconds.
//
// Stall: the policy drives and the robot has stood still since.
class AlarmScores {
 public:
  explicit AlarmScores(const Embodiment& contract);

  void take(const ChunkPtr& chunk);  // before the first step that carries it out
  void take(const Step& step);
  void reset();  // another episode

  double disagreement() const { return disagreement_; }  // of the last two chunks
  double failure() const { return failure_; }            // its mean
  double stalled_s() const { return stalled_s_; }

 private:
  struct Change {
    int64_t time_ns;
    double difference;
  };
  void compare(const ActionChunk& before, int before_index, const ActionChunk& after,
               int after_index, int64_t time_ns);
  const ActionChunk* find(int64_t id) const;
  void watch_motion(const Step& step);

  Embodiment contract_;
  std::vector<double> most_;     // [D], the largest change of each action field in one period
  std::vector<double> still_;    // [S], a smaller change of each state field is none
  std::deque<ChunkPtr> chunks_;  // recent ones
  int64_t chunk_id_ = -1;        // of the action that was carried out last
  int chunk_index_ = -1;
  std::deque<Change> changes_;
  double disagreement_ = 0, failure_ = 0;
  std::vector<float> rests_at_;  // [S], empty: the robot has moved
  int64_t rests_since_ns_ = 0;
  double stalled_s_ = 0;
};

}  // namespace gyre::run
