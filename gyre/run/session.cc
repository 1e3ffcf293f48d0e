#include "gyre/run/session.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>
#include <utility>

namespace gyre::run {
namespace {

constexpr int64_t kGoalIds = 1000;  // from one person's goal to the next: a policy counts subtasks
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
  for (int64_t episode = 0; !ending_; ++episode) {
    if (episode > 0 && !next_(episode)) return;
    judged_ = reworded_ = false;
    const Outcome outcome = loop_.run(
        make_header(episode), bench_.goal(), bench_.attempt().seed,
        std::numeric_limits<int64_t>::max(), [this] { return episode_over(); },
        [this] { return !judged_ && !judge_is_done(); });
    ticks_ += outcome.ticks;
    held_ticks_ += outcome.held_ticks;
  }
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
  return judged_ || judge_is_done();
}

bool Session::judge_is_done() const noexcept { return !reworded_ && bench_.judge().done(); }

void Session::request_end() noexcept {
  if (ending_.exchange(true)) return;
  order(event::Order::kStop, "session");
}

void Session::order(event::Order order, std::string_view author) {
  tape_.post({.time_ns = bench_.clock().now_ns(), .author = author, .body = event::Ordered{order}});
}

void Session::judge(event::Outcome outcome, std::string_view author) {
  judged_ = tape_.post({.time_ns = bench_.clock().now_ns(),
                        .author = author,
                        .body = event::Verdict{-1, outcome, ""}});
}

bool Session::say(const std::string& words, std::string_view author) {
  auto goal = std::make_shared<Goal>();
  goal->id = ++said_ * kGoalIds;
  goal->task = words;
  goal->author = author;
  goal->time_ns = bench_.clock().now_ns();
  if (!goals_.give(std::move(goal))) return false;
  reworded_ = true;
  tape_.post({.time_ns = bench_.clock().now_ns(),
              .author = author,
              .body = event::Said{Words(std::string_view(words))}});
  return true;
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
  auto header = std::make_shared<Header>();
  header->contract = bench_.robot().embodiment();
  header->attempt = true;
  header->episode = {.number = options_.first_episode + episode,
                     .embodiment = header->contract.name,
                     .task_name = attempt.task,
                     .family = attempt.family,
                     .instruction = attempt.instruction,
                     .seed = attempt.seed};
  header->policy = options_.policy;
  header->policy_hash = options_.policy_hash;
  return header;
}

}  // namespace gyre::run
