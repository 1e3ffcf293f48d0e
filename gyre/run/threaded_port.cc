#include "gyre/run/threaded_port.h"

#include <chrono>
#include <utility>

#include "gyre/run/chunk_join.h"
#include "gyre/run/latency.h"

namespace gyre::run {

ThreadedPort::ThreadedPort(EngineClient client, const Embodiment& robot)
    : client_(std::move(client)), period_s_(robot.action_period_s) {
  frame_.state.resize(robot.state.size());
  frame_.pictures.resize(robot.cameras.size());
  planned_.reserve(kMostPlanned * robot.action.size());
  thread_ = std::thread([this] { work(); });
}

ThreadedPort::~ThreadedPort() {
  wait_until_idle();
  state_.store(kEnding, std::memory_order_release);
  state_.notify_one();
  thread_.join();
}

void ThreadedPort::wait_until_idle() noexcept {
  while (state_.load(std::memory_order_acquire) == kAsked) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool ThreadedPort::has_room() const noexcept {
  return state_.load(std::memory_order_acquire) == kIdle;
}

void ThreadedPort::submit(const Question& question, int64_t) noexcept {
  frame_ = *question.frame;
  planned_.assign(question.planned.begin(), question.planned.end());
  question_ = question;
  question_.frame = &frame_;
  question_.planned = planned_;
  new_seed_ = std::exchange(next_seed_, std::nullopt);
  state_.store(kAsked, std::memory_order_release);
  state_.notify_one();
}

bool ThreadedPort::poll(int64_t, Answer& answer) noexcept {
  if (state_.load(std::memory_order_acquire) != kAnswered) return false;
  answer = answer_;
  state_.store(kIdle, std::memory_order_release);
  return true;
}

double ThreadedPort::expected_delay() const noexcept {
  return delay_.load(std::memory_order_relaxed);
}

void ThreadedPort::work() {
  Latency latency;
  for (size_t n = 0;; ++n) {
    int state = state_.load(std::memory_order_acquire);
    while (state != kAsked && state != kEnding) {
      state_.wait(state, std::memory_order_acquire);
      state = state_.load(std::memory_order_acquire);
    }
    if (state == kEnding) return;
    if (new_seed_) client_.reset(*new_seed_);
    const auto begin = std::chrono::steady_clock::now();
    Answer& answer = recent_[n % recent_.size()];
    answer = client_.ask(question_);
    answer_ = answer;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (n > 0) latency.add(took.count() / period_s_);  // the first is cold: it says nothing
    delay_.store(latency.expected(), std::memory_order_relaxed);
    state_.store(kAnswered, std::memory_order_release);
  }
}

}  // namespace gyre::run
