#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "gyre/run/engine_client.h"

namespace gyre::run {

// Wall time: the engine works in a thread of its own, and an answer arrives when it is there. The
// control thread never waits, locks or allocates: question and answer change hands by one atomic.
class ThreadedPort : public PolicyPort {
 public:
  ThreadedPort(EngineClient client, const Embodiment& robot);
  ~ThreadedPort() override;  // waits for the inference under way

  void reset(uint64_t noise_seed) noexcept override { next_seed_ = noise_seed; }
  bool has_room() const noexcept override;
  void submit(const Question& question, int64_t tick) noexcept override;
  bool poll(int64_t tick, Answer& answer) noexcept override;
  double expected_delay() const noexcept override;

 private:
  enum State : int { kIdle, kAsked, kAnswered, kEnding };
  void work();
  void wait_until_idle() noexcept;

  EngineClient client_;  // the inference thread's
  double period_s_;
  std::optional<uint64_t> next_seed_;  // of an attempt that has asked nothing yet
  std::atomic<int> state_{kIdle};
  // Written by the control thread before kAsked, by the inference thread before kAnswered.
  std::optional<uint64_t> new_seed_;  // the question is the first of an attempt with this seed
  Question question_;                 // of the two below
  Frame frame_;
  std::vector<float> planned_;
  Answer answer_;
  std::atomic<double> delay_{0};
  // The inference thread keeps recent answers, so that their last reference is not dropped, and
  // their memory not freed, on the control thread.
  std::array<Answer, 16> recent_;
  std::thread thread_;
};

}  // namespace gyre::run
