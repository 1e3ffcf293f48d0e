#include "gyre/run/threaded_port.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace gyre::run {

ThreadedPort::ThreadedPort(EngineClient client, const Embodiment& robot)
    : client_(std::move(client)), period_s_(robot.action_period_s) {
  frame_.state.resize(robot.state.size());
  frame_.pictures.resize(robot.cameras.size());
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

void ThreadedPort::reset(uint64_t noise_seed) {
  wait_until_idle();
  state_.store(kIdle, std::memory_order_relaxed);
  client_.reset(noise_seed);
  forget();
}

bool ThreadedPort::busy() const noexcept { return state_.load(std::memory_order_acquire) != kIdle; }

void ThreadedPort::submit(const Frame& frame, const GoalPtr& goal, int64_t period,
                          bool shadow) noexcept {
  frame_ = frame;
  goal_ = goal;
  period_ = period;
  shadow_ = shadow;
  asked_ = wanted_;
  state_.store(kAsked, std::memory_order_release);
  state_.notify_one();
}

bool ThreadedPort::poll(int64_t, Answer& answer) noexcept {
  if (state_.load(std::memory_order_acquire) != kAnswered) return false;
  const bool wanted = asked_ == wanted_;
  if (wanted) answer = answer_;
  state_.store(kIdle, std::memory_order_release);
  return wanted;
}

int ThreadedPort::expected_delay() const noexcept { return delay_.load(std::memory_order_relaxed); }

void ThreadedPort::work() {
  double slowest_ms = 0;  // decays, so that one hiccup is not remembered for ever
  for (size_t n = 0;; ++n) {
    int state = state_.load(std::memory_order_acquire);
    while (state != kAsked && state != kEnding) {
      state_.wait(state, std::memory_order_acquire);
      state = state_.load(std::memory_order_acquire);
    }
    if (state == kEnding) return;
    const auto begin = std::chrono::steady_clock::now();
    Answer& answer = recent_[n % recent_.size()];
    answer = client_.ask(frame_, goal_, period_, shadow_);
    answer_ = answer;
    const double took_ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    slowest_ms = std::max(0.9 * slowest_ms, took_ms);
    delay_.store(static_cast<int>(std::ceil(slowest_ms / 1000 / period_s_)),
                 std::memory_order_relaxed);
    state_.store(kAnswered, std::memory_order_release);
  }
}

}  // namespace gyre::run
