#pragma once

#include <optional>

#include "gyre/run/engine_client.h"

namespace gyre::run {

// Simulated time: an answer arrives a set number of action periods after its request, however long
// it took. The same seed gives the same bits on any machine under any load.
class LockStepPort : public PolicyPort {
 public:
  LockStepPort(EngineClient client, int delay_periods)
      : client_(std::move(client)), delay_(delay_periods) {}

  void reset(uint64_t noise_seed) override {
    forget();
    client_.reset(noise_seed);
  }
  bool busy() const noexcept override { return answer_.has_value(); }
  void submit(const Frame& frame, const GoalPtr& goal, int64_t period,
              bool shadow) noexcept override {
    answer_ = client_.ask(frame, goal, period, shadow);
  }
  bool poll(int64_t period, Answer& answer) noexcept override {
    if (!answer_ || period < answer_->observed + delay_) return false;
    answer = std::move(*answer_);
    answer_.reset();
    return true;
  }
  int expected_delay() const noexcept override { return delay_; }
  void forget() noexcept override { answer_.reset(); }

 private:
  EngineClient client_;
  int delay_;
  std::optional<Answer> answer_;
};

}  // namespace gyre::run
