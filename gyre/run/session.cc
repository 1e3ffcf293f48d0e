#include "gyre/run/session.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/run/attempt_setup.h"

namespace gyre::run {
namespace {

constexpr int64_t kGoalIds = 1000;  // from one person's goal to the next: a policy counts subtasks
constexpr int kMostLeftOut = 20;    // scenes in a row that a scope refuses
constexpr int64_t kPicturesHeld = 32;  // of each camera, that a slow sink may keep

// A sink that is slow must not use up the cameras' pools: a robot without pictures holds.
Tape::Limits tape_limits(const Embodiment& contract) {
  Tape::Limits limits;
  size_t bytes = 0;
  for (const CameraSpec& camera : contract.cameras) {
    bytes += static_cast<size_t>(camera.width) * camera.height * 3 * kPicturesHeld;
  }
  if (bytes > 0) limits.bytes = std::min(limits.bytes, bytes);
  return limits;
}

}  // namespace

Session::Session(Bench& bench, PolicyPort* port, const SessionOptions& options, NextEpisode next)
    : bench_(bench),
      options_(options),
      next_(std::move(next)),
      tape_(bench.robot().embodiment(), Tape::WhenFull::kDrop,
            tape_limits(bench.robot().embodiment())),
      judging_(bench.judge(), verdicts_),
      scenes_(bench, tape_),
      alarms_(bench.robot().embodiment(), options.alarms, tape_),
      nudges_(bench.robot().embodiment()),
      teleop_(bench.robot().embodiment(), bench.clock(), options.loop.heartbeat_s, tape_),
      policy_(port != nullptr ? std::make_optional<PolicySource>(*port, bench.robot().embodiment(),
                                                                 options.loop, tape_)
                              : std::nullopt),
      loop_(bench.robot(), bench.cameras(), bench.clock(), tape_, policy_ ? &*policy_ : nullptr,
            options.loop) {
  tape_.add(status_);
  tape_.add(judging_);
  tape_.add(alarms_);
  loop_.add_source(teleop_);
  if (options.reset_pose) {
    reset_.emplace(bench.robot().embodiment(), *options.reset_pose, options.policy);
    loop_.add_source(*reset_);
  }
  loop_.set_goals(goals_);
  loop_.set_nudges(nudges_);
  if (options.paused) loop_.begin_paused();
}

Session::~Session() {
  try {
    end();
  } catch (...) {  // end() itself tells of it
  }
}

RealTimeReport Session::begin() {
  if (tape_.wants(RecordKind::kScene)) loop_.add_monitor(scenes_);
  std::promise<RealTimeReport> promise;
  std::future<RealTimeReport> report = promise.get_future();
  running_ = true;
  thread_ = std::thread([this, promise = std::move(promise)]() mutable {
    promise.set_value(make_real_time(options_.real_time));
    drive();
  });
  return report.get();
}

void Session::drive() {
  if (options_.seconds > 0) {
    end_ns_ = bench_.clock().now_ns() + std::llround(options_.seconds * 1e9);
  }
  try {
    drive_episodes();
  } catch (...) {
    failure_ = std::current_exception();
  }
  running_ = false;
}

void Session::drive_episodes() {
  int64_t scene = 0;
  for (int64_t episode = 0; !ending_; ++episode) {
    if (episode > 0 && !prepare(scene)) return;
    if (!find_permitted(scene)) return;
    judged_ = reworded_ = discarded_ = again_ = false;
    coached_until_ns_ = 0;
    {
      const std::lock_guard lock(words_);
      task_ = bench_.goal();
    }
    const Outcome outcome = loop_.run(
        make_header(episode), bench_.goal(), bench_.attempt().seed,
        std::numeric_limits<int64_t>::max(), [this] { return episode_over(); },
        [this] { return broken_off(); });
    ticks_ += outcome.ticks;
    held_ticks_ += outcome.held_ticks;
  }
}

// Sets the next scene up, or the present one again.
bool Session::prepare(int64_t& scene) {
  if (!again_.exchange(false)) ++scene;
  return next_(scene);
}

// Leaves scenes out that the policy may not do.
bool Session::find_permitted(int64_t& scene) {
  for (int left_out = 0; !permitted(bench_.goal()->task); ++left_out) {
    if (left_out == kMostLeftOut) {
      if (ticks_ > 0) return false;  // the tape says why
      throw Error("scope", "the policy may do none of the last scenes",
                  "give other tasks, or --override-scope");
    }
    if (ending_ || !prepare(scene)) return false;
  }
  return true;
}

// Asks, and puts the answer on the tape.
bool Session::permitted(const std::string& words) {
  if (!options_.permit) return true;
  Permission permission;
  {
    const std::lock_guard lock(permission_);
    permission = options_.permit(words);
  }
  const auto tell = [&](const Event::Body& body, std::string_view author) {
    tape_.post({.time_ns = bench_.clock().now_ns(), .author = author, .body = body});
  };
  if (permission.kind == Permission::Kind::kGranted) return true;
  if (permission.kind == Permission::Kind::kOverridden) {
    tell(event::ScopeOverridden{std::string_view(words), std::string_view(permission.why)},
         permission.author);
    return true;
  }
  tell(event::HelpAsked{std::string_view(permission.why)}, "scope");
  if (permission.kind == Permission::Kind::kRefused) return false;
  order(event::Order::kPause, "scope");
  return true;
}

// On the control thread, after each command.
bool Session::episode_over() noexcept {
  const int64_t now = bench_.clock().now_ns();
  if (tape_.failed() && !told_of_sink_) {
    told_of_sink_ = tape_.post({.time_ns = now,
                                .author = "session",
                                .body = event::Alarm{"tape",
                                                     "a sink has failed and records no more; "
                                                     "driving goes on"}});
  }
  if (end_ns_ > 0 && now >= end_ns_) request_end();
  if (ending_) {
    if (held_since_ns_ == 0) held_since_ns_ = now;
    return static_cast<double>(now - held_since_ns_) >= options_.hold_at_end_s * 1e9;
  }
  return judged_ || discarded_ || judge_is_done();
}

bool Session::judge_is_done() const noexcept { return !reworded_ && bench_.judge().done(); }

bool Session::broken_off() const noexcept { return discarded_ || (!judged_ && !judge_is_done()); }

void Session::request_end() noexcept {
  if (ending_.exchange(true)) return;
  order(event::Order::kStop, "session");
}

void Session::order(event::Order order, std::string_view author) {
  tape_.post({.time_ns = bench_.clock().now_ns(), .author = author, .body = event::Ordered{order}});
}

void Session::judge(event::Outcome outcome, std::string_view reason, std::string_view author) {
  judged_ = tape_.post({.time_ns = bench_.clock().now_ns(),
                        .author = author,
                        .body = event::Verdict{-1, outcome, reason}});
}

bool Session::discard(bool again, std::string_view author) {
  if (!tape_.post({.time_ns = bench_.clock().now_ns(),
                   .author = author,
                   .body = event::Verdict{-1, event::Outcome::kUnknown, "discarded"}})) {
    return false;
  }
  again_ = again;
  discarded_ = true;
  return true;
}

void Session::tell_words(std::string_view words, std::string_view author) {
  tape_.post({.time_ns = bench_.clock().now_ns(), .author = author, .body = event::Said{words}});
}

// The present task as a goal of its own number. `words_` is locked.
std::shared_ptr<Goal> Session::next_goal(std::string_view author) {
  auto goal = task_ ? std::make_shared<Goal>(*task_) : std::make_shared<Goal>();
  goal->id = ++said_ * kGoalIds;
  goal->author = author;
  goal->time_ns = bench_.clock().now_ns();
  return goal;
}

bool Session::say(const std::string& words, std::string_view author) {
  if (!permitted(words)) return false;
  const std::lock_guard lock(words_);
  std::shared_ptr<Goal> goal = next_goal(author);
  goal->task = words;
  goal->subtask = "";
  if (!goals_.give(goal)) return false;
  task_ = std::move(goal);
  reworded_ = true;
  coached_until_ns_ = 0;
  tell_words(words, author);
  return true;
}

bool Session::coach(const std::string& words, std::string_view author) {
  const std::lock_guard lock(words_);
  std::shared_ptr<Goal> goal = next_goal(author);
  goal->subtask = words;
  const int64_t until_ns = goal->time_ns + std::llround(kCoachSeconds * 1e9);
  if (!goals_.give({.goal = goal, .then = next_goal("task"), .until_ns = until_ns})) return false;
  coached_until_ns_ = until_ns;
  tell_words(words, author);
  return true;
}

void Session::release(std::string_view author) {
  const std::lock_guard lock(words_);
  if (coached_until_ns_.exchange(0) > 0) goals_.give(next_goal(author));
}

void Session::remark(std::string_view words, std::string_view author) { tell_words(words, author); }

bool Session::nudge(const Nudge& nudge, std::string_view word, std::string_view author) {
  if (!nudges_.give(nudge)) return false;
  tell_words(word, author);
  return true;
}

LoopStatus Session::status() const {
  LoopStatus status = status_.status();
  const int64_t left_ns = coached_until_ns_ - bench_.clock().now_ns();
  if (coached_until_ns_ > 0 && left_ns > 0) status.coached_s = static_cast<double>(left_ns) * 1e-9;
  return status;
}

void Session::end() {
  if (thread_.joinable()) {
    request_end();
    thread_.join();
  }
  tape_.close();
  if (failure_) std::rethrow_exception(failure_);
}

HeaderPtr Session::make_header(int64_t episode) const {
  const Attempt& attempt = bench_.attempt();
  const SessionSpan span =
      options_.span ? options_.span()
                    : SessionSpan{.policy = options_.policy, .policy_hash = options_.policy_hash};
  auto header = std::make_shared<Header>();
  header->contract = bench_.robot().embodiment();
  header->attempt = span.attempt;
  header->episode = {.number = options_.first_episode + episode,
                     .embodiment = header->contract.name,
                     .task_name = attempt.task,
                     .family = attempt.family,
                     .instruction = attempt.instruction,
                     .seed = attempt.seed};
  header->setup = setup_text(options_.loop);
  header->policy = span.policy;
  header->policy_hash = span.policy_hash;
  return header;
}

}  // namespace gyre::run
