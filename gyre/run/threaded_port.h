#pragma once

#include <array>
#include <atomic>
#include <thread>

#include "gyre/run/engine_client.h"

namespace gyre::run {

// Wall time: the engine works in a thread of its own, and an answer arrives when it is there. The
// control thread never waits, locks or allocates: question and answer change hands by one atomic.
class ThreadedPort : public PolicyPort {
 public:
  ThreadedPort(EngineClient client, const Embodiment& robot);
  ~ThreadedPort() override;  // waits for the inference under way

  void reset(uint64_t noise_seed) override;  // waits for the inference under way
  bool busy() const noexcept override;
  void submit(const Frame& frame, const GoalPtr& goal, int64_t period,
              bool shadow) noexcept override;
  bool poll(int64_t period, Answer& answer) noexcept override;
  int expected_delay() const noexcept override;
  void forget() noexcept override { ++wanted_; }

 private:
  enum State : int { kIdle, kAsked, kAnswered, kEnding };
  void work();
  void wait_until_idle() noexcept;

  EngineClient client_;  // the thread's, but while the state is kIdle
  double period_s_;
  std::atomic<int> state_{kIdle};
  // Written by the control thread before kAsked, by the inference thread before kAnswered.
  Frame frame_;
  GoalPtr goal_;
  int64_t period_ = 0;
  bool shadow_ = false;
  Answer answer_;
  // The control thread's: answers to questions asked before the last forget() are dropped.
  int64_t wanted_ = 0, asked_ = 0;
  std::atomic<int> delay_{0};
  // The inference thread keeps recent answers, so that their last reference is not dropped, and
  // their memory not freed, on the control thread.
  std::array<Answer, 16> recent_;
  std::thread thread_;
};

}  // namespace gyre::run
