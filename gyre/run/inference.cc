#include "gyre/run/inference.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <span>
#include <utility>

namespace gyre::run {

PolicyClient::PolicyClient(const infer::Engine& engine, const Embodiment& robot, Planner* planner,
                           uint64_t seed, int flow_steps)
    : engine_(engine),
      embodiment_(robot.name),
      planner_(planner),
      seed_(seed),
      flow_steps_(flow_steps) {
  engine.checkpoint().trained_on(robot);
}

Answer PolicyClient::ask(Observation observation, int64_t tick) {
  const auto begin = std::chrono::steady_clock::now();
  Answer answer;
  answer.observed = tick;
  try {
    if (planner_ != nullptr) observation.subtask = planner_->subtask(observation);
    answer.subtask = observation.subtask;
    Rng rng = Rng::stream(seed_, fmt::format("chunk {}", asked_));
    last_ = engine_.encode(std::span(&observation, 1), embodiment_, last_.get());
    ActionChunk chunk =
        engine_.sample(*last_, std::span(&rng, 1), {.flow_steps = flow_steps_}).front();
    chunk.id = asked_;
    answer.chunk = std::make_shared<const ActionChunk>(std::move(chunk));
  } catch (const std::exception& error) {
    answer.failure = error.what();
  }
  ++asked_;
  answer.inference_ms =
      std::chrono::duration<float, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return answer;
}

LockStepInference::LockStepInference(PolicyClient client, int delay_ticks)
    : client_(std::move(client)), delay_(delay_ticks) {}

void LockStepInference::request(const Observation& observation, int64_t tick) {
  answer_ = client_.ask(observation, tick);
}

std::optional<Answer> LockStepInference::poll(int64_t tick) {
  if (!answer_ || tick < answer_->observed + delay_) return std::nullopt;
  return std::exchange(answer_, std::nullopt);
}

ThreadedInference::ThreadedInference(PolicyClient client, double period_s)
    : client_(std::move(client)), period_s_(period_s), thread_([this] { work(); }) {}

ThreadedInference::~ThreadedInference() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool ThreadedInference::busy() const {
  const std::lock_guard lock(mutex_);
  return question_.has_value() || working_ || answer_.has_value();
}

void ThreadedInference::request(const Observation& observation, int64_t tick) {
  {
    const std::lock_guard lock(mutex_);
    question_ = observation;
    question_tick_ = tick;
  }
  wake_.notify_one();
}

std::optional<Answer> ThreadedInference::poll(int64_t) {
  const std::lock_guard lock(mutex_);
  return std::exchange(answer_, std::nullopt);
}

int ThreadedInference::expected_delay() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(std::ceil(slowest_ms_ / 1000 / period_s_));
}

void ThreadedInference::forget() {
  const std::lock_guard lock(mutex_);
  question_.reset();
  answer_.reset();
  unwanted_ = working_;
}

void ThreadedInference::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || question_.has_value(); });
    if (ending_) return;
    if (!question_) continue;
    Observation question = std::move(*question_);
    question_.reset();
    const int64_t tick = question_tick_;
    working_ = true;
    unwanted_ = false;
    lock.unlock();
    Answer answer = client_.ask(std::move(question), tick);
    lock.lock();
    working_ = false;
    slowest_ms_ = std::max(0.9 * slowest_ms_, static_cast<double>(answer.inference_ms));
    if (!unwanted_) answer_ = std::move(answer);
  }
}

}  // namespace gyre::run
