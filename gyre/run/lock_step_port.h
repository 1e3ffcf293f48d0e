#pragma once

#include <vector>

#include "gyre/run/engine_client.h"
#include "gyre/run/latency.h"

namespace gyre::run {

// Simulated time: an answer arrives a set time after its question, however long it took. Delays
// that vary and losses are drawn from (noise seed, request). The same seed gives the same bits on
// any machine under any load.
class LockStepPort : public PolicyPort {
 public:
  struct Link {  // action periods
    double delay = 0;
    double jitter = 0;  // a delay is drawn within +- this; rounded up to whole control periods
    double loss = 0;    // share of answers that never come
    int64_t cut_from = 0, cut_to = 0;  // control periods of an attempt without a link
  };
  LockStepPort(EngineClient client, const Embodiment& robot, const Link& link);

  void reset(uint64_t noise_seed) noexcept override;
  bool has_room() const noexcept override { return true; }
  void submit(const Question& question, int64_t tick) noexcept override;
  bool poll(int64_t tick, Answer& answer) noexcept override;
  double expected_delay() const noexcept override;

 private:
  struct Waiting {
    int64_t asked, due;  // control periods
    Answer answer;
  };
  EngineClient client_;
  Link link_;
  int ticks_per_action_;
  uint64_t seed_ = 0;
  Latency latency_;
  std::vector<Waiting> waiting_;  // in the order of the questions
};

}  // namespace gyre::run
