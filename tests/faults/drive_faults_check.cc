#include "tests/faults/drive_faults_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace gyre::faults {
namespace {

constexpr int64_t kDeadlineTicks = 3;
constexpr int64_t kStaleStateNs = 200'000'000;
constexpr int64_t kHeartbeatNs = 200'000'000;
constexpr int64_t kPictureNs = 1'000'000'000;
constexpr int64_t kFrameNs = 40'000'000;  // at most between two pictures of a camera
constexpr int64_t kRestTicks = 80;        // from the beginning of a hold until it must be at rest,
constexpr double kAtRest = 0.01;          // which is less than this, rad/s (m/s)

// Backward differences of one joint's commands against its limits.
class JointChecker {
 public:
  explicit JointChecker(const Field& field) : field_(field) {}

  // `ticks` since the last command: after a gap only the velocity can be judged. The name of the
  // limit that the command breaks; null when it keeps all.
  const char* take(float command, int64_t ticks) {
    const double x = command, t = kControlPeriodS;
    if (!std::isfinite(command)) return "is not finite";
    const auto low = static_cast<float>(field_.min), high = static_cast<float>(field_.max);
    if (command < low || command > high) return "is outside its range";
    const char* broken = nullptr;
    if (!field_.gripper) {
      const double end = std::max(std::abs(field_.min), std::abs(field_.max));
      const auto edge = static_cast<float>(end);
      const double ulp =
          (std::nextafter(edge, std::numeric_limits<float>::infinity()) - edge) / 2.0;
      const auto over = [&](double rate, double limit, double rounding) {
        return limit > 0 && std::abs(rate) > limit * (1 + 2e-5) + rounding;
      };
      const double v = (x - at_[0]) / (t * static_cast<double>(std::max<int64_t>(ticks, 1)));
      const double a = (x - 2 * at_[0] + at_[1]) / (t * t);
      const double j = (x - 3 * at_[0] + 3 * at_[1] - at_[2]) / (t * t * t);
      if (known_ >= 1 && over(v, field_.max_velocity, 2 * ulp / t)) broken = "is too fast";
      if (ticks > 1) known_ = std::min(known_, 1);
      if (known_ >= 2 && over(a, field_.max_acceleration, 4 * ulp / (t * t))) {
        broken = "accelerates too much";
      }
      if (known_ >= 3 && over(j, field_.max_jerk, 8 * ulp / (t * t * t))) broken = "jerks";
      if (ticks > 1) known_ = 0;
    }
    at_ = {x, at_[0], at_[1]};
    ++known_;
    return broken;
  }
  // rad/s (m/s) between the last two commands.
  double speed() const {
    return known_ >= 2 && !field_.gripper ? std::abs(at_[0] - at_[1]) / kControlPeriodS : 0;
  }

 private:
  const Field& field_;
  std::array<double, 3> at_{};
  int known_ = 0;  // commands without a gap between them, as far as they matter
};

class Checker {
 public:
  Checker(const Story& story, const DriveRecord& record) : story_(story), record_(record) {
    for (const Field& field : record.joints.action) joints_.emplace_back(field);
    for (const QuestionTruth& q : record.questions) questions_[{q.attempt, q.id}] = &q;
    for (const auto& taken : record.chunks)
      chunks_[{taken.attempt, taken.chunk->id}] = &*taken.chunk;
  }

  DriveFindings run() {
    found_.drives = 1;
    found_.with_person = story_.person;
    found_.ticks = std::ssize(record_.truth);
    found_.dropped = record_.dropped;
    found_.failed = record_.failed;
    found_.socket_faults = story_.sockets ? std::ssize(story_.faults) : 0;
    found_.connections = record_.connections;
    found_.kills = record_.kills;
    found_.journals_full = record_.journal_failed;
    for (const StoryFault& fault : story_.faults) ++found_.faults[static_cast<size_t>(fault.kind)];
    if (record_.steps.size() != record_.truth.size()) {
      tell(found_.broken, 0,
           fmt::format("{} steps on the tape of {} ticks", record_.steps.size(),
                       record_.truth.size()));
      return found_;
    }
    if (record_.journal_failed && record_.journal_error.find("space") == std::string::npos) {
      tell(found_.broken, 0, "the journal failed: " + record_.journal_error);
    }
    for (tick_ = 0; tick_ < found_.ticks; ++tick_) {
      take_orders();
      check_command();
      check_hold();
      check_fresh();
      check_action();
      check_rest();
      check_resumed();
    }
    return found_;
  }

 private:
  const TickTruth& truth() const { return record_.truth[static_cast<size_t>(tick_)]; }
  const Step& step() const { return record_.steps[static_cast<size_t>(tick_)]; }
  const Step& last_step() const {
    return record_.steps[static_cast<size_t>(std::max<int64_t>(tick_ - 1, 0))];
  }

  void tell(int64_t& count, int64_t tick, const std::string& what) {
    ++count;
    const std::string kind = what.substr(0, what.find(':'));
    if (told_.insert(kind).second)
      found_.failures.push_back({story_.drive, tick, story_.sockets, what});
  }

  // The arbiter's rules again, in the checker's own words.
  void take_orders() {
    for (const event::Order order : truth().orders) {
      if (order == event::Order::kStop) stopped_ = true;
      if (order == event::Order::kPause) paused_ = true;
      if (order == event::Order::kResume && !stopped_) paused_ = false;
      if (order == event::Order::kClear && stopped_) {
        stopped_ = false;
        paused_ = true;
      }
    }
    if (truth().faulty || step().mode == Mode::kStopped) stopped_ = true;
  }

  void check_command() {
    const TickTruth& now = truth();
    if (now.command.empty()) {
      if (!now.stopped) tell(found_.broken, tick_, "neither a command nor a stop");
      return;
    }
    ++found_.commands;
    const int64_t since = last_command_ >= 0 ? tick_ - last_command_ : 0;
    if (last_command_ == tick_ - 1 && tick_ > 0) {
      const int64_t gap = now.true_ns - record_.truth[static_cast<size_t>(tick_ - 1)].true_ns;
      const auto stall = static_cast<int64_t>(now.stall_s * 1e9);
      if (gap > stall + kDeadlineTicks * kControlPeriodNs) {
        tell(found_.broken, tick_, fmt::format("no command: for {} ms", gap / 1'000'000));
      }
    }
    last_command_ = tick_;
    bool fine = now.command.size() == joints_.size();
    for (size_t i = 0; i < joints_.size() && fine; ++i) {
      const char* broken = joints_[i].take(now.command[i], since);
      if (broken == nullptr) continue;
      tell(found_.outside, tick_, fmt::format("command {} {}: {}", i, broken, now.command[i]));
      return;
    }
    if (!fine) tell(found_.outside, tick_, "command of another width");
    if (story_.space == "joint" && !now.faulty && !std::ranges::equal(step().sent, now.command)) {
      tell(found_.broken, tick_, "the Step says another command than was sent");
    }
    for (size_t i = 0; i < step().sent.size(); ++i) {
      const Field& field = record_.contract.action[i];
      const float sent = step().sent[i];
      if (!(sent >= static_cast<float>(field.min) && sent <= static_cast<float>(field.max))) {
        tell(found_.outside, tick_, fmt::format("sent {} is outside its range: {}", i, sent));
      }
    }
  }

  // The clock jumped within the last seconds: by it, old data may seem fresh for a while.
  bool jumped() const {
    constexpr int64_t kWhile = 200;  // periods
    return std::ranges::any_of(story_.faults, [&](const StoryFault& fault) {
      const bool jump =
          fault.kind == DriveFault::kClockBackward || fault.kind == DriveFault::kClockForward;
      return jump && tick_ >= fault.tick && tick_ - fault.tick <= kWhile;
    });
  }

  // Why nothing but a hold may be sent now; null when the policy may drive.
  const char* why_hold() const {
    const TickTruth& now = truth();
    if (stopped_) return "stopped";
    if (paused_) return "paused";
    if (now.state_age_ns > kStaleStateNs) return "stale state";
    if (!now.state_finite) return "state not finite";
    if (now.camera_age_ns > kPictureNs + kFrameNs && !jumped()) return "stale picture";
    return nullptr;
  }

  void check_fresh() {
    const TickTruth& now = truth();
    const bool stale = now.state_age_ns > kStaleStateNs || !now.state_finite ||
                       now.camera_age_ns > kPictureNs + kFrameNs;
    if (stale) stale_ns_ = now.true_ns;
    const auto fresh_ns = static_cast<int64_t>(story_.config.fresh_s * 1e9);
    if (step().source == Source::kPolicy && !jumped() && stale_ns_ >= 0 &&
        now.true_ns - stale_ns_ < fresh_ns - 2 * kControlPeriodNs && !stale) {
      tell(found_.too_early, tick_,
           fmt::format("too early: {} ms after stale data", (now.true_ns - stale_ns_) / 1'000'000));
    }
  }

  void check_hold() {
    const Step& now = step();
    if (now.goal_id != truth().goal_id) {
      tell(found_.stale, tick_,
           fmt::format("another goal: {} is in force, the Step says {}", truth().goal_id,
                       now.goal_id));
    }
    found_.policy_ticks += now.source == Source::kPolicy;
    found_.person_ticks += now.source == Source::kHuman;
    found_.held_ticks += now.source == Source::kFallback;
    const bool person = now.source == Source::kHuman;
    const char* why = person && !stopped_ ? nullptr : why_hold();
    to_hold_ = why != nullptr ? to_hold_ + 1 : 0;
    if (why != nullptr && now.source != Source::kFallback) {
      found_.longest_to_hold = std::max(found_.longest_to_hold, to_hold_);
      if (to_hold_ > kDeadlineTicks) {
        int64_t& count = stopped_ ? found_.after_stop : found_.late_holds;
        tell(count, tick_, fmt::format("{}: and {} drives", why, source_name(now.source)));
      }
    }
    if (person && truth().heartbeat_age_ns > kHeartbeatNs + kControlPeriodNs &&
        truth().stall_s < kControlPeriodS) {
      tell(found_.late_holds, tick_,
           fmt::format("no heartbeat: for {} ms, and the person drives",
                       truth().heartbeat_age_ns / 1'000'000));
    }
  }

  // The newest tick up to now before which no question may have been asked.
  void find_break() {
    const auto away = [](Mode mode) { return mode == Mode::kPaused || mode == Mode::kStopped; };
    const Mode before = last_step().mode, mode = step().mode;
    if (tick_ > 0 && away(before)) break_ = tick_;
    if (tick_ > 0 && (before == Mode::kHuman) != (mode == Mode::kHuman)) break_ = tick_;
  }

  void check_action() {
    find_break();
    const Step& now = step();
    const int64_t attempt = record_.attempt_of[static_cast<size_t>(tick_)];
    if (now.source != Source::kPolicy) return;
    const auto stale = [&](const std::string& what) { tell(found_.stale, tick_, what); };
    const auto asked = questions_.find({attempt, now.chunk_id});
    if (asked == questions_.end()) return stale("an action of no question of this attempt");
    const QuestionTruth& question = *asked->second;
    const int64_t age = truth().true_ns - question.true_ns;
    const auto limit = static_cast<int64_t>(story_.config.max_age_s * 1e9);
    // An action that has begun is carried out.
    const auto action = static_cast<int64_t>(record_.contract.action_period_s * 1e9);
    if (age > limit + action) {
      stale(fmt::format("too old: an action of a chunk {} ms after its question", age / 1'000'000));
    }
    if (question.tick < break_) {
      stale(fmt::format("former generation: asked in tick {}, control changed in {}", question.tick,
                        break_));
    }
    if (question.goal_id != now.goal_id) stale("former goal: the goal has changed");
    if (attempt == newest_attempt_ && now.chunk_id < newest_chunk_) {
      stale("older observation: after a newer one");
    }
    newest_attempt_ = attempt;
    newest_chunk_ = now.chunk_id;
    const auto taken = chunks_.find({attempt, now.chunk_id});
    if (taken == chunks_.end()) return stale("no chunk: on the tape for the action");
    const ActionChunk& chunk = *taken->second;
    const auto width = std::ssize(record_.contract.action);
    if (chunk.dim != width || std::ssize(chunk.actions) != chunk.horizon * width) {
      stale("wrong shape: a chunk that does not fit the contract");
    }
  }

  // A hold comes to rest. Not judged: an arm that was somewhere else than its commands, because it
  // obeyed none, or because its driver did not know its place.
  void check_rest() {
    const TickTruth& now = truth();
    const bool lost = story_.holds_measured && (now.state_age_ns > 0 || !now.state_finite);
    const bool holds = step().source == Source::kFallback && !now.faulty && !lost;
    held_ = holds ? held_ + 1 : 0;
    if (held_ <= kRestTicks || now.command.empty()) return;
    double fastest = 0;
    for (const JointChecker& joint : joints_) fastest = std::max(fastest, joint.speed());
    found_.fastest_at_rest = std::max(found_.fastest_at_rest, fastest);
    if (fastest > kAtRest) {
      tell(found_.not_still, tick_,
           fmt::format("not still: {:.3f} rad/s, {} periods after the hold began", fastest, held_));
    }
  }

  // With every cause gone for long enough, the policy drives at least once a second.
  void check_resumed() {
    bool cause = stopped_ || paused_ || truth().heartbeat_age_ns < 500'000'000;
    for (const StoryFault& fault : story_.faults) {
      cause = cause || (tick_ >= fault.tick && tick_ < fault.tick + fault.ticks);
    }
    const bool begins = tick_ == 0 || record_.attempt_of[static_cast<size_t>(tick_)] !=
                                          record_.attempt_of[static_cast<size_t>(tick_ - 1)];
    calm_ = cause || begins ? 0 : calm_ + 1;
    const bool drives = step().source == Source::kPolicy;
    if (drives && held_for_ > 30) ++found_.recoveries;
    held_for_ = drives ? 0 : held_for_ + 1;
    const auto patience = static_cast<int64_t>(
        (4 + story_.config.max_age_s + story_.config.fresh_s) / kControlPeriodS);
    if (calm_ > patience && held_for_ > 100) {
      tell(found_.not_resumed, tick_,
           fmt::format("not resumed: {} ticks after every cause was gone", calm_));
    }
  }

  const Story& story_;
  const DriveRecord& record_;
  DriveFindings found_;
  std::vector<JointChecker> joints_;
  std::map<std::pair<int64_t, int64_t>, const QuestionTruth*> questions_;
  std::map<std::pair<int64_t, int64_t>, const ActionChunk*> chunks_;
  std::set<std::string> told_;
  int64_t tick_ = 0;
  bool stopped_ = false, paused_ = false;
  int64_t last_command_ = -1;
  int64_t to_hold_ = 0, held_ = 0, calm_ = 0, held_for_ = 0;
  int64_t break_ = -1;
  int64_t stale_ns_ = -1;  // true time of the last stale data; -1: none
  int64_t newest_attempt_ = -1, newest_chunk_ = -1;
};

}  // namespace

void DriveFindings::add(const DriveFindings& other) {
  for (int64_t DriveFindings::*count :
       {&DriveFindings::drives,        &DriveFindings::with_person,  &DriveFindings::ticks,
        &DriveFindings::commands,      &DriveFindings::policy_ticks, &DriveFindings::person_ticks,
        &DriveFindings::held_ticks,    &DriveFindings::connections,  &DriveFindings::kills,
        &DriveFindings::socket_faults, &DriveFindings::dropped,      &DriveFindings::failed,
        &DriveFindings::journals_full, &DriveFindings::recoveries,   &DriveFindings::outside,
        &DriveFindings::stale,         &DriveFindings::late_holds,   &DriveFindings::not_resumed,
        &DriveFindings::after_stop,    &DriveFindings::not_still,    &DriveFindings::too_early,
        &DriveFindings::broken}) {
    this->*count += other.*count;
  }
  for (size_t i = 0; i < faults.size(); ++i) faults[i] += other.faults[i];
  longest_to_hold = std::max(longest_to_hold, other.longest_to_hold);
  fastest_at_rest = std::max(fastest_at_rest, other.fastest_at_rest);
  failures.insert(failures.end(), other.failures.begin(), other.failures.end());
}

bool DriveFindings::holds() const {
  return outside == 0 && stale == 0 && late_holds == 0 && not_resumed == 0 && after_stop == 0 &&
         not_still == 0 && too_early == 0 && broken == 0;
}

int64_t DriveFindings::fault_count() const {
  int64_t count = 0;
  for (const int64_t one : faults) count += one;
  return count;
}

DriveFindings check_drive(const Story& story, const DriveRecord& record) {
  return Checker(story, record).run();
}

}  // namespace gyre::faults
