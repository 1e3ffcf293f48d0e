#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/run/operator.h"

namespace gyre::run {

// Episodes that a person shows one after another in a running session. Before each one a person
// resets the scene, and may move the robot: that part of the tape is broken off, so that it is in
// no dataset. Whoever breaks a reset off, such as the console's page, begins an episode by it. For
// one thread.
class Demonstrations {
 public:
  struct Options {
    int64_t episodes = 0;        // to keep; 0: until somebody quits
    double reset_s = 0;          // the next episode begins by itself after so long; 0: by start()
    bool count_failures = true;  // failed ones are kept too
  };
  enum class Phase : uint8_t { kResets, kStarts, kRecords, kDone };

  // `operations` and `clock` must outlive it.
  Demonstrations(Operator& operations, const Clock& clock, Options options);

  // Each is false where there is nothing to do it to.
  bool start();
  bool end(event::Outcome outcome);
  bool discard(bool again);  // `again`: the same scene once more

  // Follows the session, some times a second. True when something has begun or ended: a beep.
  bool look();

  Phase phase() const { return phase_; }
  bool done() const { return phase_ == Phase::kDone; }
  // Numbers of the episodes that came to their end.
  const std::vector<int64_t>& kept() const { return kept_; }
  std::string words() const;  // for the status line

 private:
  bool advance(const LoopStatus& status);
  void follow(const LoopStatus& status);
  void finish(const LoopStatus& status, bool broken_off);

  Operator& operations_;
  const Clock& clock_;
  Options options_;
  Phase phase_ = Phase::kResets;
  bool dropped_ = false;                  // the present episode
  bool timed_ = false;                    // the reset ends by itself
  int64_t episode_ = -1;                  // of the session; -1: not known yet
  int64_t verdicts_ = 0, successes_ = 0;  // of the session when the episode began
  int64_t counted_ = 0;
  int64_t since_ns_ = 0;  // the present phase
  std::vector<int64_t> kept_;
};

}  // namespace gyre::run
