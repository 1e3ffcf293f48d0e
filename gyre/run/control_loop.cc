#include "gyre/run/control_loop.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "gyre/run/start_check.h"

namespace gyre::run {
namespace {

constexpr int64_t kLongAgo = INT64_MIN / 2;

int64_t nanoseconds(double seconds) { return std::llround(seconds * 1e9); }

}  // namespace

ControlLoop::ControlLoop(Robot& robot, std::span<Camera* const> cameras, Clock& clock, Tape& tape,
                         PolicySource* policy, const LoopConfig& config)
    : robot_(robot),
      cameras_(cameras),
      clock_(clock),
      tape_(tape),
      policy_(policy),
      config_(config),
      period_ns_(nanoseconds(robot.embodiment().tick_s())),
      ticks_per_action_(robot.embodiment().ticks_per_action()),
      freshness_(config, robot.embodiment().tick_s()),
      softly_(!clock.simulated()),
      soft_start_ns_(nanoseconds(config.soft_start_s)),
      hold_limit_ns_(nanoseconds(config.hold_limit_s)),
      soft_since_ns_(kLongAgo) {
  const Embodiment& contract = robot.embodiment();
  config.validate();
  step_.resize(contract.state.size(), contract.action.size(), contract.cameras.size());
  state_.values.resize(contract.state.size());
  frame_.state.resize(contract.state.size());
  frame_.pictures.resize(contract.cameras.size());
  picture_ages_ns_.resize(contract.cameras.size());
  hold_.resize(contract.action.size());
  command_.resize(contract.action.size());
}

Outcome ControlLoop::run(const HeaderPtr& header, const GoalPtr& goal, uint64_t noise_seed,
                         int64_t max_ticks, const std::function<bool()>& done,
                         const std::function<bool()>& broken_off) {
  outcome_ = {};
  header_ = header;
  goal_ = goal;
  next_goal_ = nullptr;
  driver_ = nullptr;
  moves_ = moved_ = false;
  held_since_ns_ = -1;
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
  while (outcome_.ticks < max_ticks && !over) {
    begin_tick(outcome_.ticks);
    sense();
    choose_driver();
    look();
    decide();
    command();
    ++outcome_.ticks;
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
    outcome_.dropped_chunks = policy_->dropped();
    outcome_.failed_inferences = policy_->failures();
    outcome_.failure = policy_->failure();
  }
  return outcome_;
}

void ControlLoop::begin_tick(int64_t index) noexcept {
  if (!clock_.simulated()) {
    // A tick that comes late shifts those after it: a robot must not be sent a burst to catch up.
    // One that seems far away does so because the clock was put back.
    if (next_beat_ns_ - clock_.now_ns() > period_ns_) next_beat_ns_ = clock_.now_ns();
    clock_.sleep_until(next_beat_ns_);
    next_beat_ns_ = std::max(next_beat_ns_, clock_.now_ns() - period_ns_) + period_ns_;
  }
  tick_.tick = tick_count_;
  tick_.index = index;
  tick_.period = index / ticks_per_action_;
  tick_.action_start = index % ticks_per_action_ == 0;
  const int64_t last_ns = std::exchange(tick_.time_ns, clock_.now_ns());
  tick_.frame = &frame_;
  tick_.goal = goal_.get();
  tape_.begin_tick(tick_count_, tick_.time_ns);
  take_events();
  take_goals();
  if (tick_.time_ns < last_ns) clock_ran_back();
  if (policy_ != nullptr) {
    policy_->take_answers(tick_);
    may_ask_ = policy_->wants_frame(tick_);
  }
}

// Nobody knows any more how old anything is: the policy looks afresh, at fresh data.
void ControlLoop::clock_ran_back() noexcept {
  post(event::Alarm{"loop", "the clock ran back"});
  freshness_.restart(tick_.time_ns);
  if (held_since_ns_ >= 0) held_since_ns_ = tick_.time_ns;
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
    const auto* ordered = std::get_if<event::Ordered>(&event.body);
    if (ordered == nullptr) continue;
    if (ordered->order == event::Order::kClear) {
      faulted_ = false;
      robot_.clear();
    }
    if (ordered->order == event::Order::kStop) {
      stop(event.author);
    } else {
      arbiter_.handle(ordered->order);
      cause_ = event.author;
    }
  }
}

void ControlLoop::take_goals() noexcept {
  if (goals_ == nullptr) return;
  while (const GoalBox::Given* given = goals_->take()) {
    next_goal_ = given->then;
    next_goal_ns_ = given->until_ns;
    set_goal(given->goal);
  }
  if (next_goal_ && tick_.time_ns >= next_goal_ns_) set_goal(std::exchange(next_goal_, nullptr));
}

void ControlLoop::set_goal(const GoalPtr& goal) noexcept {
  goal_ = goal;
  tick_.goal = goal_.get();
  tape_.put(goal_);
  post(event::GoalSet{goal_->id});
  robot_.hold(hold_);
  if (policy_ != nullptr) policy_->new_goal(hold_);
}

void ControlLoop::sense() noexcept {
  if (robot_.read(state_) == RobotStatus::kFault) fault("the robot reports a fault");
  std::ranges::copy(state_.values, frame_.state.begin());
  frame_.time_ns = state_.time_ns;
}

void ControlLoop::look() noexcept {
  const bool recorded = tape_.wants(RecordKind::kPicture);
  if (may_ask_ || recorded || !clock_.simulated()) {
    for (size_t c = 0; c < cameras_.size(); ++c) {
      if (PictureRef picture = cameras_[c]->newest()) {
        if (picture->id != step_.pictures[c] && recorded) {
          tape_.put(CameraPicture{static_cast<int>(c), picture});
        }
        step_.pictures[c] = picture->id;
        frame_.pictures[c] = std::move(picture);
      }
      const bool shown = static_cast<bool>(frame_.pictures[c]);
      step_.picture_age_ns[c] = shown ? tick_.time_ns - frame_.pictures[c]->time_ns : 0;
      picture_ages_ns_[c] = shown ? step_.picture_age_ns[c] : Freshness::kNoData;
    }
  }
  check_freshness();
  for (Monitor* monitor : monitors_) {
    if (const TruthPtr truth = monitor->before(tick_)) tape_.put(truth);
  }
}

// Simulated time: nothing can be old, and pictures are drawn only when they are needed.
void ControlLoop::check_freshness() noexcept {
  const bool finite = std::ranges::all_of(state_.values, [](float v) { return std::isfinite(v); });
  const int64_t age = clock_.simulated() ? 0 : tick_.time_ns - state_.time_ns;
  const std::span<const int64_t> pictures(picture_ages_ns_);
  freshness_.look(tick_.time_ns, finite ? age : Freshness::kNoData,
                  clock_.simulated() ? std::span<const int64_t>() : pictures);
  arbiter_.state_known(!freshness_.stale().has(Reason::kStaleState));
}

void ControlLoop::choose_driver() noexcept {
  CommandSource* wanting = nullptr;
  for (CommandSource* source : sources_) {
    if (source->wants_control(tick_) && wanting == nullptr) wanting = source;
  }
  if (wanting == driver_) return;
  arbiter_.handle(wanting != nullptr ? event::Order::kTakeOver : event::Order::kGiveBack);
  driver_ = arbiter_.driven() ? wanting : nullptr;
  softly_ |= driver_ == nullptr && !clock_.simulated();  // the policy takes the robot back gently
  robot_.hold(hold_);
  // The policy must look afresh when control changes hands.
  if (policy_ != nullptr) {
    policy_->clear(hold_);
    may_ask_ = policy_->wants_frame(tick_);
  }
}

void ControlLoop::decide() noexcept {
  for (Proposal& proposal : step_.proposals) proposal.valid = false;
  step_.reasons = freshness_.stale();
  robot_.hold(hold_);
  const Mode mode = arbiter_.mode();
  const bool in_charge = (mode == Mode::kPolicy || mode == Mode::kFallback) && !arbiter_.driven();
  const bool asks = in_charge && freshness_.may_move();
  Proposal& policy = step_.of(Source::kPolicy);
  if (policy_ != nullptr && (asks || (mode == Mode::kHuman && config_.shadow))) {
    policy_->propose(tick_, goal_, may_ask_ && freshness_.stale().empty(), !asks, policy);
  } else if (policy_ != nullptr && mode != Mode::kHuman) {
    policy_->clear(hold_);
  }
  if (in_charge) arbiter_.policy_ready(policy.valid);
  if (softly_ && arbiter_.mode() == Mode::kPolicy) check_start(policy);
  if (driver_ != nullptr) driver_->propose(tick_, step_.of(driver_->source()));
  Proposal& fallback = step_.of(Source::kFallback);
  fallback.valid = true;
  std::ranges::copy(hold_, fallback.action.begin());
  limit_hold();

  step_.mode = arbiter_.mode();
  step_.source = Source::kFallback;
  if (step_.mode == Mode::kPolicy) step_.source = Source::kPolicy;
  if (step_.mode == Mode::kHuman && driver_ != nullptr && step_.of(driver_->source()).valid) {
    step_.source = driver_->source();
  }
  if (step_.mode == Mode::kFallback && freshness_.may_move()) step_.reasons |= Reason::kLate;
  tick_.mode = step_.mode;
  set_mode();
}

// A motion that would begin far from where the robot is needs a person.
void ControlLoop::check_start(const Proposal& first) noexcept {
  const Field* field = too_far(robot_.embodiment(), hold_, first.action, config_.start_limit_s);
  if (config_.start_limit_s == 0 || field == nullptr) return;
  char what[256];
  std::snprintf(what, sizeof what,
                "the first command of '%s' is further away than its velocity limit allows in "
                "start_limit_s; bring the robot nearer and resume",
                field->name.c_str());
  post(event::Alarm{"start", std::string_view(what)});
  arbiter_.handle(event::Order::kPause);
  cause_ = "far from the first command";
}

void ControlLoop::limit_hold() noexcept {
  if (arbiter_.mode() != Mode::kFallback || !moved_) {
    held_since_ns_ = -1;
  } else if (held_since_ns_ < 0) {
    held_since_ns_ = tick_.time_ns;
  } else if (tick_.time_ns - held_since_ns_ > hold_limit_ns_) {
    stop("held for longer than hold_limit_s");
  }
}

// The chosen proposal, or at the beginning of a motion a growing part of the way to it.
void ControlLoop::soften() noexcept {
  const std::vector<float>& chosen = step_.of(step_.source).action;
  std::ranges::copy(chosen, command_.begin());
  if (step_.mode != Mode::kPolicy) return;
  if (std::exchange(softly_, false)) soft_since_ns_ = tick_.time_ns;
  const int64_t since = tick_.time_ns - soft_since_ns_ + period_ns_;
  if (since <= 0 || since >= soft_start_ns_) return;
  const float part = static_cast<float>(since) / static_cast<float>(soft_start_ns_);
  const std::vector<Field>& fields = robot_.embodiment().action;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].gripper) continue;
    command_[i] = fields[i].kind == FieldKind::kPosition ? hold_[i] + part * (chosen[i] - hold_[i])
                                                         : part * chosen[i];
  }
  step_.reasons |= Reason::kSoftStart;
}

// Adds the correction of a person who watches the policy. It waits while the policy is late.
void ControlLoop::nudge() noexcept {
  if (nudges_ == nullptr || step_.mode == Mode::kFallback) return;
  if (step_.source != Source::kPolicy) return nudges_->drop();
  if (nudges_->add(command_)) step_.reasons |= Reason::kNudge;
}

void ControlLoop::command() noexcept {
  soften();
  nudge();
  const WriteResult result = robot_.write(command_);
  step_.reasons |= result.reasons;
  step_.residual = result.residual;
  if (result.status == RobotStatus::kFault) {
    step_.reasons |= Reason::kFault;
    fault("the robot refused a command");
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
    const bool nudged = step_.reasons.has(Reason::kNudge);
    policy_->sent(step_, nudged ? nudges_->added() : std::span<const float>());
  }
  moves_ |= step_.source == Source::kPolicy;
  moved_ |= step_.source != Source::kFallback;
  if (moves_ && step_.mode == Mode::kFallback) ++outcome_.held_ticks;
  tape_.put(step_);
}

void ControlLoop::fault(const char* what) noexcept {
  if (!faulted_) post(event::Fault{what});
  faulted_ = outcome_.faulted = true;
  stop("fault");
}

void ControlLoop::stop(const Name& cause) noexcept {
  if (arbiter_.mode() != Mode::kStopped) {
    robot_.stop();
    cause_ = cause;
  }
  arbiter_.handle(event::Order::kStop);
}

void ControlLoop::set_mode() noexcept {
  const Mode mode = arbiter_.mode();
  const bool rests = mode == Mode::kPaused || mode == Mode::kStopped;
  softly_ |= !clock_.simulated() && (rests || !freshness_.may_move());
  if (mode == recorded_mode_) return;
  Name cause = std::exchange(cause_, Name());
  if (mode == Mode::kFallback) {
    const Reasons stale = freshness_.stale();
    cause = stale.has(Reason::kStaleState)     ? "stale state"
            : stale.has(Reason::kStalePicture) ? "stale picture"
                                               : "late";
  }
  post(event::ModeChanged{recorded_mode_, mode, cause == Name() ? Name("loop") : cause});
  recorded_mode_ = mode;
}

void ControlLoop::post(const Event::Body& body) noexcept {
  tape_.put(Event{.time_ns = tick_.time_ns, .author = "loop", .body = body});
}

}  // namespace gyre::run
