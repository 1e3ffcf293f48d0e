#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "gyre/core/embodiment.h"
#include "gyre/infer/engine.h"
#include "gyre/run/planner.h"

namespace gyre::run {

// What came of one request. A failure is a value: it is read on the control thread.
struct Answer {
  std::shared_ptr<const ActionChunk> chunk;  // empty on failure
  std::string subtask;                       // that the chunk was computed for
  int64_t observed = 0;                      // tick of the observation
  float inference_ms = 0;
  std::string failure;
};

// Asks an engine on behalf of one robot. Chunk n draws its noise from (seed, n) alone.
class PolicyClient {
 public:
  // Throws Error naming both sides unless the policy was trained on this very contract. `engine`
  // and `planner` (may be null: the policy acts on the task) must outlive the client.
  PolicyClient(const infer::Engine& engine, const Embodiment& robot, Planner* planner,
               uint64_t seed, int flow_steps);
  Answer ask(Observation observation, int64_t tick);

 private:
  const infer::Engine& engine_;
  std::string embodiment_;
  Planner* planner_;
  uint64_t seed_;
  int flow_steps_;
  int64_t asked_ = 0;
  std::unique_ptr<infer::Prefix> last_;  // what has not changed since is not computed again
};

// How requests and the control loop's ticks go together; one request at a time.
class Inference {
 public:
  virtual ~Inference() = default;
  virtual bool busy() const = 0;
  virtual void request(const Observation& observation, int64_t tick) = 0;  // only when not busy
  virtual std::optional<Answer> poll(int64_t tick) = 0;
  virtual int expected_delay() const = 0;  // ticks from request to answer
  virtual void forget() = 0;               // an answer that is under way is not wanted any more
};

// Simulated time: an answer arrives a set number of ticks after its request, however long it took.
// The same seed gives the same bits on any machine under any load.
class LockStepInference : public Inference {
 public:
  LockStepInference(PolicyClient client, int delay_ticks);
  bool busy() const override { return answer_.has_value(); }
  void request(const Observation& observation, int64_t tick) override;
  std::optional<Answer> poll(int64_t tick) override;
  int expected_delay() const override { return delay_; }
  void forget() override { answer_.reset(); }

 private:
  PolicyClient client_;
  int delay_;
  std::optional<Answer> answer_;
};

// Wall time: the engine works in a thread of its own, and an answer arrives when it is there.
class ThreadedInference : public Inference {
 public:
  ThreadedInference(PolicyClient client, double period_s);
  ~ThreadedInference() override;  // waits for the inference under way
  bool busy() const override;
  void request(const Observation& observation, int64_t tick) override;
  std::optional<Answer> poll(int64_t tick) override;
  int expected_delay() const override;
  void forget() override;

 private:
  void work();

  PolicyClient client_;  // the thread's alone
  double period_s_;
  mutable std::mutex mutex_;  // held for moves of the mailbox only, never across an inference
  std::condition_variable wake_;
  std::optional<Observation> question_;
  int64_t question_tick_ = 0;
  bool working_ = false;
  bool unwanted_ = false;
  bool ending_ = false;
  std::optional<Answer> answer_;
  double slowest_ms_ = 0;  // decays, so that one hiccup is not remembered for ever
  std::thread thread_;
};

}  // namespace gyre::run
