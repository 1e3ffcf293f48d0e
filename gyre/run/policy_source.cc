#include "gyre/run/policy_source.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gyre::run {
namespace {

constexpr double kRetrySeconds = 0.5;  // after a failed inference
// An answer that takes longer than this, and than twice the recent ones, is awaited no more: it may
// still come, but the next question does not wait for it.
constexpr double kPatienceSeconds = 1;

}  // namespace

PolicySource::PolicySource(PolicyPort& port, const Embodiment& robot, const LoopConfig& config,
                           Tape& tape)
    : port_(port),
      tape_(tape),
      method_(join_method(config.method)),
      join_(robot, method_),
      interpolator_(robot),
      execute_(config.execute),
      in_flight_(method_.waits ? 1 : config.in_flight),
      ticks_per_action_(robot.ticks_per_action()),
      width_(robot.action.size()),
      action_period_s_(robot.action_period_s),
      max_age_ns_(std::llround(config.max_age_s * 1e9)),
      planned_(kMostPlanned * robot.action.size()) {
  for (Asked& asked : asked_) asked.mark = join_.make_mark();
}

void PolicySource::reset(uint64_t noise_seed, std::span<const float> hold) {
  port_.reset(noise_seed);
  clear(hold);
  attempt_ = generation_;
  next_id_ = 0;
  answer_ = {};
  goal_ = nullptr;
  inference_ms_ = 0;
  retry_period_ = 0;
  failure_ = {};
  failures_ = dropped_ = 0;
}

void PolicySource::clear(std::span<const float> hold) noexcept {
  ++generation_;
  for (Asked& asked : asked_) asked.id = -1;
  newest_ = -1;
  join_.clear();
  interpolator_.reset(hold);
  due_ = false;
}

void PolicySource::new_goal(std::span<const float> hold) noexcept {
  clear(hold);
  goal_ = nullptr;
}

void PolicySource::post(const Tick& tick, const Event::Body& body) noexcept {
  tape_.put(Event{.time_ns = tick.time_ns, .author = "policy", .body = body});
}

void PolicySource::drop(const Tick& tick, int64_t id, const char* why) noexcept {
  ++dropped_;
  post(tick, event::ChunkDropped{id, why});
}

void PolicySource::take_answers(const Tick& tick) noexcept {
  // An action that has begun is carried out, so answers are read between actions.
  if (!tick.action_start) return;
  const int rung = port_.choose_rung(tick.index, newest_ >= 0 && join_.left() == 0);
  if (rung != rung_) {
    post(tick, event::LinkRung{std::exchange(rung_, rung), rung});
    // The policy that is in use now is asked at once, whatever the other one still owes.
    retry_period_ = 0;
    for (Asked& asked : asked_) asked.awaited = false;
  }
  poll(tick);
  forget_lost(tick);
  // A chunk in use grows old too, when nothing comes after it.
  if (join_.left() > 0 && tick.time_ns - newest_ns_ > max_age_ns_) {
    drop(tick, newest_, "older than max_age_s, with actions left");
    join_.clear();
  }
}

void PolicySource::poll(const Tick& tick) noexcept {
  while (port_.poll(tick.index, answer_)) take(tick);
}

void PolicySource::forget_lost(const Tick& tick) noexcept {
  for (Asked& asked : asked_) {
    if (asked.id < 0 || tick.time_ns - asked.time_ns <= max_age_ns_) continue;
    drop(tick, asked.id, "no answer came within max_age_s");
    asked.id = -1;
  }
}

// The reason why the answer that has come must not be used; null when there is none.
const char* PolicySource::why_stale(const Tick& tick, const Asked* asked) const noexcept {
  if (answer_.generation < attempt_) return "asked in an earlier attempt";
  if (answer_.generation != generation_) return "asked before control changed hands";
  if (asked == nullptr || tick.time_ns - asked->time_ns > max_age_ns_)
    return "older than max_age_s";
  if (asked->goal_id != tick.goal->id) return "asked for an earlier goal";
  return nullptr;
}

// The reason why the chunk that has come cannot be read; null when there is none. Numbers in it are
// the safety filter's.
const char* PolicySource::why_unusable() const noexcept {
  const ActionChunk& chunk = *answer_.chunk;
  if (!answer_.goal || !answer_.request) return "the answer names no goal or request";
  if (chunk.horizon < 1) return "the chunk has no actions";
  if (chunk.dim < 0 || static_cast<size_t>(chunk.dim) != width_) {
    return "the chunk's actions have another width than the robot's";
  }
  if (chunk.actions.size() != static_cast<size_t>(chunk.horizon) * width_) {
    return "the chunk holds another number of actions than it says";
  }
  return nullptr;
}

void PolicySource::fail(const Tick& tick, const Words& why) noexcept {
  ++failures_;
  if (failures_ == 1) failure_ = why;
  retry_period_ = tick.period + std::lround(kRetrySeconds / action_period_s_);
  post(tick, event::InferenceFailed{answer_.request_id, why});
}

void PolicySource::take(const Tick& tick) noexcept {
  const auto asked = std::ranges::find_if(asked_, [&](const Asked& one) {
    return one.id == answer_.request_id && one.generation == answer_.generation;
  });
  const bool known = asked != asked_.end();
  const char* stale = why_stale(tick, known ? &*asked : nullptr);
  if (known) asked->id = -1;
  if (stale != nullptr) return drop(tick, answer_.request_id, stale);
  if (!answer_.chunk) return fail(tick, answer_.failure);
  if (const char* why = why_unusable()) return fail(tick, why);
  const bool new_goal = answer_.goal != goal_;
  if (new_goal) tape_.put(answer_.goal);
  tape_.put(answer_.request);
  tape_.put(answer_.chunk);
  if (answer_.request_id < newest_) {
    return drop(tick, answer_.request_id, "older than the chunk in use");
  }
  if (!join_.take(answer_.chunk, asked->mark, asked->shadow)) {
    return drop(tick, answer_.request_id, "no action of it is left");
  }
  if (new_goal) post(tick, event::GoalSet{answer_.goal->id});
  post(tick, event::ChunkArrived{answer_.request_id});
  newest_ = answer_.request_id;
  newest_ns_ = asked->time_ns;
  goal_ = answer_.goal;
  inference_ms_ = answer_.chunk->times.total_ms();
  begun_period_ = tick.period;
}

// Questions that still hold up the next one.
int PolicySource::waiting(const Tick& tick) const noexcept {
  const double patience_s =
      std::max(kPatienceSeconds, 2 * port_.expected_delay() * action_period_s_);
  return static_cast<int>(std::ranges::count_if(asked_, [&](const Asked& asked) {
    return asked.id >= 0 && asked.awaited &&
           static_cast<double>(tick.time_ns - asked.time_ns) < patience_s * 1e9;
  }));
}

// Actions of a chunk that are carried out before the next one takes over. Where answers take a
// while twice as many: each change of chunk costs, and one that comes soon has seen little that is
// new. Never so many that the chunk is used up before the next one is there: an answer may come one
// period late, and a chunk be entered one action further than was sent of it.
int PolicySource::lasts(int delay) const noexcept {
  if (delay == 0 || join_.chunk() == nullptr) return execute_;
  constexpr int kSpare = 3;
  return std::max(execute_, std::min(2 * execute_, join_.chunk()->horizon - kSpare - delay));
}

bool PolicySource::wants_frame(const Tick& tick) const noexcept {
  if (!tick.action_start || tick.period < retry_period_ || !port_.has_room()) return false;
  const int under_way = waiting(tick);
  if (under_way >= in_flight_) return false;
  const int delay = method_.waits ? 0 : static_cast<int>(std::ceil(port_.expected_delay()));
  if (under_way > 0) return tick.period - asked_period_ >= lasts(delay);
  return join_.left() <= delay || tick.period + delay - begun_period_ >= lasts(delay);
}

void PolicySource::ask(const Tick& tick, const GoalPtr& goal, bool shadow) noexcept {
  const bool alone = waiting(tick) == 0;
  // A free place, or that of the oldest question.
  Asked& asked = *std::ranges::min_element(
      asked_, {}, [](const Asked& one) { return one.id < 0 ? -1 : one.id; });
  if (asked.id >= 0) drop(tick, asked.id, "no answer came");
  asked.id = next_id_++;
  asked.generation = generation_;
  asked.time_ns = tick.time_ns;
  asked.goal_id = goal->id;
  asked.shadow = shadow;
  asked.awaited = true;
  join_.mark(asked.mark);
  asked_period_ = tick.period;
  const int planned = join_.plan(planned_);
  Question question{.id = asked.id,
                    .generation = generation_,
                    .frame = tick.frame,
                    .goal = goal,
                    .shadow = shadow,
                    .sent = asked.mark.actions,
                    .delay = static_cast<int>(std::ceil(port_.expected_delay()))};
  if (!method_.waits && alone && planned > 0) {
    const auto dim = planned_.size() / kMostPlanned;
    question.planned = std::span(planned_).first(planned * dim);
    question.planned_chunk = join_.chunk()->id;
  }
  port_.submit(question, tick.index);
}

void PolicySource::propose(const Tick& tick, const GoalPtr& goal, bool may_ask, bool shadow,
                           Proposal& proposal) noexcept {
  shadow_ = shadow;
  if (may_ask) {
    ask(tick, goal, shadow);
    poll(tick);
  }
  if (tick.action_start) {
    const auto dim = planned_.size() / kMostPlanned;
    const int planned = join_.plan(std::span(planned_).first(2 * dim));
    due_ = planned > 0 && !(method_.waits && waiting(tick) > 0);
    if (due_) {
      const std::span<const float> actions(planned_);
      interpolator_.begin(actions.first(dim), actions.subspan(dim, planned > 1 ? dim : 0));
      chunk_id_ = join_.chunk()->id;
      chunk_index_ = join_.index();
      chunk_observed_ns_ = join_.chunk()->observation_time_ns;
    }
  }
  proposal.valid = due_;
  if (due_) {
    interpolator_.command(static_cast<int>(tick.index % ticks_per_action_), proposal.action);
  }
}

void PolicySource::sent(const Step& step, std::span<const float> added) noexcept {
  const Proposal& own = step.of(Source::kPolicy);
  const bool drove = own.valid && step.source == Source::kPolicy;
  join_.moved(step.sent, added);
  interpolator_.sent(step.sent, drove && step.sent == own.action);
  if (step.action_start && own.valid && (drove || shadow_)) join_.advance();
}

void PolicySource::describe(Step& step) const noexcept {
  step.chunk_id = due_ ? chunk_id_ : -1;
  step.chunk_index = due_ ? chunk_index_ : -1;
  step.chunk_age_ns = due_ ? step.time_ns - chunk_observed_ns_ : 0;
  step.inference_ms = due_ ? inference_ms_ : 0;
}

}  // namespace gyre::run
