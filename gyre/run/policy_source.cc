#include "gyre/run/policy_source.h"

#include <cmath>
#include <utility>

namespace gyre::run {
namespace {

constexpr double kRetrySeconds = 0.5;  // after a failed inference

}  // namespace

PolicySource::PolicySource(PolicyPort& port, const Embodiment& robot, const LoopConfig& config,
                           Tape& tape)
    : port_(port),
      tape_(tape),
      executor_(config.execute),
      interpolator_(robot),
      ticks_per_action_(robot.ticks_per_action()),
      action_period_s_(robot.action_period_s) {}

void PolicySource::reset(uint64_t noise_seed, std::span<const float> hold) {
  port_.reset(noise_seed);
  clear(hold);
  answer_ = {};
  goal_ = nullptr;
  inference_ms_ = 0;
  retry_period_ = 0;
  failure_ = {};
  failures_ = dropped_ = 0;
}

void PolicySource::clear(std::span<const float> hold) noexcept {
  executor_.clear();
  port_.forget();
  interpolator_.reset(hold);
  due_ = false;
}

void PolicySource::post(const Tick& tick, const Event::Body& body) noexcept {
  tape_.put(Event{.time_ns = tick.time_ns, .author = "policy", .body = body});
}

bool PolicySource::take_answer(const Tick& tick) noexcept {
  if (!port_.poll(tick.period, answer_)) return false;
  if (!answer_.chunk) {
    ++failures_;
    if (failures_ == 1) failure_ = answer_.failure;
    retry_period_ = tick.period + std::lround(kRetrySeconds / action_period_s_);
    post(tick, event::InferenceFailed{answer_.request_id, answer_.failure});
    return true;
  }
  if (answer_.goal != goal_) {
    tape_.put(answer_.goal);
    post(tick, event::GoalSet{answer_.goal->id});
  }
  tape_.put(answer_.request);
  tape_.put(answer_.chunk);
  inference_ms_ = answer_.chunk->times.total_ms();
  if (!executor_.offer(answer_.chunk, answer_.observed, tick.period)) {
    ++dropped_;
    post(tick, event::ChunkDropped{answer_.request_id, "no action of it is left"});
    return true;
  }
  post(tick, event::ChunkArrived{answer_.request_id});
  goal_ = answer_.goal;
  return true;
}

bool PolicySource::wants_frame(const Tick& tick) const noexcept {
  return tick.action_start && tick.period >= retry_period_ && !port_.busy() &&
         executor_.wants_chunk(tick.period, port_.expected_delay());
}

void PolicySource::propose(const Tick& tick, const GoalPtr& goal, bool may_ask, bool shadow,
                           Proposal& proposal) noexcept {
  if (may_ask) {
    port_.submit(*tick.frame, goal, tick.period, shadow);
    if (port_.expected_delay() == 0) take_answer(tick);
  }
  if (tick.action_start) {
    const auto due = executor_.due(tick.period);
    due_ = due.has_value();
    if (due) {
      const auto next = executor_.due(tick.period + 1);
      interpolator_.begin(due->action, next ? next->action : std::span<const float>());
      chunk_id_ = due->chunk_id;
      chunk_index_ = due->index;
      chunk_observed_ns_ = due->observed_ns;
    }
  }
  proposal.valid = due_;
  if (due_) {
    interpolator_.command(static_cast<int>(tick.index % ticks_per_action_), proposal.action);
  }
}

void PolicySource::describe(Step& step) const noexcept {
  step.chunk_id = due_ ? chunk_id_ : -1;
  step.chunk_index = due_ ? chunk_index_ : -1;
  step.chunk_age_ns = due_ ? step.time_ns - chunk_observed_ns_ : 0;
  step.inference_ms = due_ ? inference_ms_ : 0;
}

}  // namespace gyre::run
