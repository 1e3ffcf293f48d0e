#include "gyre/run/control_loop.h"

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

constexpr int kStalePeriods = 3;           // a state older than so many control periods is stale,
constexpr int64_t kStaleNs = 200'000'000;  // but never one younger than this

}  // namespace

ControlLoop::ControlLoop(Robot& robot, std::span<Camera* const> cameras, Clock& clock, Tape& tape,
                         PolicySource* policy, const LoopConfig& config)
    : robot_(robot),
      cameras_(cameras),
      clock_(clock),
      tape_(tape),
      policy_(policy),
      config_(config),
      period_ns_(std::llround(robot.embodiment().tick_s() * 1e9)),
      ticks_per_action_(robot.embodiment().ticks_per_action()) {
  const Embodiment& contract = robot.embodiment();
  config.validate();
  step_.resize(contract.state.size(), contract.action.size(), contract.cameras.size());
  state_.values.resize(contract.state.size());
  frame_.state.resize(contract.state.size());
  frame_.pictures.resize(contract.cameras.size());
  hold_.resize(contract.action.size());
}

Outcome ControlLoop::run(const HeaderPtr& header, const GoalPtr& goal, uint64_t noise_seed,
                         int64_t max_ticks, const std::function<bool()>& done,
                         const std::function<bool()>& broken_off) {
  Outcome outcome;
  header_ = header;
  goal_ = goal;
  driver_ = nullptr;
  moves_ = false;
  std::ranges::fill(frame_.pictures, PictureRef());
  std::ranges::fill(step_.pictures, -1);
  robot_.hold(hold_);
  if (policy_ != nullptr) policy_->reset(noise_seed, hold_);
  arbiter_.policy_ready(policy_ != nullptr);
  next_beat_ns_ = clock_.now_ns();
  tape_.begin_tick(tick_count_, next_beat_ns_);
  tape_.put(header);
  tape_.put(goal);
  if (header->attempt) post(event::EpisodeBegan{header->episode.number});
  bool over = false;
  while (outcome.ticks < max_ticks && !over) {
    begin_tick(outcome.ticks);
    sense();
    choose_driver();
    look();
    decide();
    command(outcome);
    ++outcome.ticks;
    ++tick_count_;
    for (Monitor* monitor : monitors_) monitor->after(step_, tape_);
    over = done();
  }
  tape_.begin_tick(tick_count_, clock_.now_ns());
  take_events();  // a verdict of the last tick belongs to this span
  if (header->attempt && !(broken_off && broken_off())) {
    post(event::EpisodeEnded{header->episode.number});
  }
  if (policy_ != nullptr) {
    outcome.dropped_chunks = policy_->dropped();
    outcome.failed_inferences = policy_->failures();
    outcome.failure = policy_->failure();
  }
  return outcome;
}

void ControlLoop::begin_tick(int64_t index) noexcept {
  if (!clock_.simulated()) {
    // A tick that comes late shifts those after it: a robot must not be sent a burst to catch up.
    clock_.sleep_until(next_beat_ns_);
    const int64_t now_ns = clock_.now_ns();
    next_beat_ns_ = std::clamp(next_beat_ns_, now_ns - period_ns_, now_ns) + period_ns_;
  }
  tick_.tick = tick_count_;
  tick_.index = index;
  tick_.period = index / ticks_per_action_;
  tick_.action_start = index % ticks_per_action_ == 0;
  const int64_t last_ns = tick_.time_ns;
  tick_.time_ns = clock_.now_ns();
  tick_.frame = &frame_;
  tick_.goal = goal_.get();
  tape_.begin_tick(tick_count_, tick_.time_ns);
  take_events();
  if (index > 0 && tick_.time_ns < last_ns) clock_ran_back();
  if (policy_ != nullptr) {
    policy_->take_answers(tick_);
    may_ask_ = policy_->wants_frame(tick_);
  }
}

// No age can be told of what was asked before.
void ControlLoop::clock_ran_back() noexcept {
  post(event::Alarm{"loop", "the clock ran back: the policy must look afresh"});
  robot_.hold(hold_);
  if (policy_ != nullptr) policy_->clear(hold_);
}

void ControlLoop::take_events() noexcept {
  Event event;
  while (tape_.take_event(event)) {
    // A judge does not count episodes: its verdict is on the present one.
    if (auto* verdict = std::get_if<event::Verdict>(&event.body);
        verdict != nullptr && verdict->episode < 0) {
      verdict->episode = header_->episode.number;
    }
    tape_.put(event);
    if (const auto* ordered = std::get_if<event::Ordered>(&event.body)) {
      arbiter_.handle(ordered->order);
    }
  }
}

void ControlLoop::sense() noexcept {
  const RobotStatus status = robot_.read(state_);
  if (status == RobotStatus::kFault) arbiter_.handle(event::Order::kStop);
  finite_ = std::ranges::all_of(state_.values, [](float v) { return std::isfinite(v); });
  std::ranges::copy(state_.values, frame_.state.begin());
  frame_.time_ns = state_.time_ns;
}

void ControlLoop::look() noexcept {
  const bool recorded = tape_.wants(RecordKind::kPicture);
  if (may_ask_ || recorded || !clock_.simulated()) {
    for (size_t c = 0; c < cameras_.size(); ++c) {
      PictureRef picture = cameras_[c]->newest();
      if (!picture) continue;
      if (picture->id != step_.pictures[c] && recorded) {
        tape_.put(CameraPicture{static_cast<int>(c), picture});
      }
      step_.pictures[c] = picture->id;
      step_.picture_age_ns[c] = tick_.time_ns - picture->time_ns;
      frame_.pictures[c] = std::move(picture);
    }
  }
  for (Monitor* monitor : monitors_) {
    if (const TruthPtr truth = monitor->before(tick_)) tape_.put(truth);
  }
}

void ControlLoop::choose_driver() noexcept {
  CommandSource* wanting = nullptr;
  for (CommandSource* source : sources_) {
    if (source->wants_control(tick_) && wanting == nullptr) wanting = source;
  }
  if (wanting == driver_) return;
  arbiter_.handle(wanting != nullptr ? event::Order::kTakeOver : event::Order::kGiveBack);
  driver_ = arbiter_.mode() == Mode::kHuman ? wanting : nullptr;
  robot_.hold(hold_);
  // The policy must look afresh when control changes hands.
  if (policy_ != nullptr) {
    policy_->clear(hold_);
    may_ask_ = policy_->wants_frame(tick_);
  }
}

bool ControlLoop::stale() const noexcept {
  if (!finite_) return true;
  return !clock_.simulated() && std::abs(tick_.time_ns - state_.time_ns) >
                                    std::max(kStaleNs, kStalePeriods * period_ns_);
}

void ControlLoop::decide() noexcept {
  for (Proposal& proposal : step_.proposals) proposal.valid = false;
  step_.reasons = {};
  robot_.hold(hold_);
  const Mode mode = arbiter_.mode();
  const bool asks = mode == Mode::kPolicy || mode == Mode::kFallback;
  Proposal& policy = step_.of(Source::kPolicy);
  if (policy_ != nullptr && (asks || (mode == Mode::kHuman && config_.shadow))) {
    policy_->propose(tick_, goal_, may_ask_ && !stale(), !asks, policy);
  } else if (policy_ != nullptr && mode != Mode::kHuman) {
    policy_->clear(hold_);
  }
  if (asks) arbiter_.policy_ready(policy.valid && !stale());
  if (driver_ != nullptr) driver_->propose(tick_, step_.of(driver_->source()));
  Proposal& fallback = step_.of(Source::kFallback);
  fallback.valid = true;
  std::ranges::copy(hold_, fallback.action.begin());

  step_.mode = arbiter_.mode();
  step_.source = Source::kFallback;
  if (step_.mode == Mode::kPolicy) step_.source = Source::kPolicy;
  if (step_.mode == Mode::kHuman && driver_ != nullptr && step_.of(driver_->source()).valid) {
    step_.source = driver_->source();
  }
  if (step_.mode == Mode::kFallback) step_.reasons |= stale() ? Reason::kStaleState : Reason::kLate;
  tick_.mode = step_.mode;
  set_mode("loop");
}

void ControlLoop::command(Outcome& outcome) noexcept {
  const WriteResult result = robot_.write(step_.of(step_.source).action);
  step_.reasons |= result.reasons;
  step_.residual = result.residual;
  if (result.status == RobotStatus::kFault) {
    step_.reasons |= Reason::kFault;
    if (!outcome.faulted) post(event::Fault{"the robot refused a command"});
    outcome.faulted = true;
    robot_.stop();
    arbiter_.handle(event::Order::kStop);
  }
  std::ranges::copy(robot_.sent(), step_.sent.begin());
  step_.tick = tick_.tick;
  step_.index = tick_.index;
  step_.time_ns = frame_.time_ns;
  step_.action_start = tick_.action_start;
  std::ranges::copy(frame_.state, step_.state.begin());
  step_.state_age_ns = tick_.time_ns - state_.time_ns;
  const Goal* thought = policy_ != nullptr && policy_->goal() ? policy_->goal().get() : goal_.get();
  step_.goal_id = thought->id;
  step_.chunk_id = -1;
  step_.chunk_index = -1;
  step_.chunk_age_ns = 0;
  step_.inference_ms = 0;
  if (policy_ != nullptr) {
    if (step_.of(Source::kPolicy).valid) policy_->describe(step_);
    policy_->sent(step_);
  }
  moves_ |= step_.source == Source::kPolicy;
  if (moves_ && step_.mode == Mode::kFallback) ++outcome.held_ticks;
  tape_.put(step_);
}

void ControlLoop::set_mode(const char* cause) noexcept {
  const Mode mode = arbiter_.mode();
  if (mode == recorded_mode_) return;
  post(event::ModeChanged{recorded_mode_, mode, cause});
  recorded_mode_ = mode;
}

void ControlLoop::post(const Event::Body& body) noexcept {
  tape_.put(Event{.time_ns = tick_.time_ns, .author = "loop", .body = body});
}

}  // namespace gyre::run
