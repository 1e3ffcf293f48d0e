#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "gyre/run/alarm_sink.h"
#include "gyre/run/arena.h"
#include "gyre/run/control_loop.h"
#include "gyre/run/monitor_sink.h"
#include "gyre/run/operator.h"
#include "gyre/run/real_time.h"
#include "gyre/run/reset_source.h"
#include "gyre/run/scene_monitor.h"
#include "gyre/run/teleop_source.h"

namespace gyre::run {

// May the policy do what words ask for?
struct Permission {
  enum class Kind : uint8_t {
    kGranted,
    kAsk,         // with a person: the robot waits, paused
    kRefused,     // no
    kOverridden,  // no, but a person lets it, this once
  };
  Kind kind = Kind::kGranted;
  std::string why;
  std::string author;  // of an override
};

// A span of a session's tape.
struct SessionSpan {
  bool attempt = true;  // false: the time between attempts
  std::string policy, policy_hash;
};

struct SessionOptions {
  LoopConfig loop;
  AlarmConfig alarms;
  RealTimeOptions real_time;
  bool paused = false;                           // begin still, until somebody orders kResume
  std::optional<std::vector<float>> reset_pose;  // the robot is brought there first [D]
  double seconds = 0;               // the session ends by itself after so long; 0: it does not
  double hold_at_end_s = 0.3;       // a moving robot brakes before nobody commands it
  int64_t first_episode = 0;        // its number on the tape
  std::string policy, policy_hash;  // for the tape's headers
  // Asked for the words of each scene, and for those that people say; empty: all is granted. Any
  // thread, one at a time.
  std::function<Permission(const std::string& words)> permit = {};
  // The span that begins, on the control thread; empty: an attempt of the policy above.
  std::function<SessionSpan()> span = {};
};

// One robot driven in real time on a control thread of its own, episode after episode on one tape.
// A verdict ends an episode: a person's, or the bench's judge's as long as nobody has said other
// words than the bench's.
class Session : public Operator {
 public:
  // Prepares the bench for a scene, counted from 1 for the second, or for the same one again after
  // an episode was discarded; false ends the session. Called on the control thread, between
  // episodes.
  using NextEpisode = std::function<bool(int64_t scene)>;

  // The bench and the port (null: no policy) must outlive the session.
  Session(Bench& bench, PolicyPort* port, const SessionOptions& options, NextEpisode next);
  ~Session() override;  // as end(), but drops errors
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void add(TapeSink& sink) { tape_.add(sink); }  // before begin()
  // Starts to drive. Returns what the system allowed of real time.
  RealTimeReport begin();

  bool running() const noexcept { return running_.load(); }
  // Sums over the episodes that have ended.
  int64_t ticks() const noexcept { return ticks_.load(); }
  int64_t held_ticks() const noexcept { return held_ticks_.load(); }

  void order(event::Order order, std::string_view author) override;
  void judge(event::Outcome outcome, std::string_view reason, std::string_view author) override;
  bool say(const std::string& words, std::string_view author) override;
  bool coach(const std::string& words, std::string_view author) override;
  void remark(std::string_view words, std::string_view author) override;
  void release(std::string_view author) override;
  bool nudge(const Nudge& nudge, std::string_view word, std::string_view author) override;
  bool discard(bool again, std::string_view author) override;
  bool beat(std::span<const float> action) override { return teleop_.beat(action); }
  bool follow(std::span<const float> action, std::span<const float> rates) override {
    return teleop_.beat(action, rates);
  }
  void let_go() override { teleop_.let_go(); }
  LoopStatus status() const override;

  // Lets the robot stop and hold, ends the tape and the thread. Throws the first error of the
  // control thread's or of a sink.
  void end();

 private:
  // Passes the judge's events on, but for verdicts on words that are not the bench's any more.
  class Verdicts : public EventSink {
   public:
    explicit Verdicts(Session& session) : session_(session) {}
    bool post(const Event& event) noexcept override {
      return !session_.reworded_ && session_.tape_.post(event);
    }

   private:
    Session& session_;
  };
  void drive();
  void drive_episodes();
  bool prepare(int64_t& scene);
  bool find_permitted(int64_t& scene);
  bool permitted(const std::string& words);
  bool episode_over() noexcept;
  bool judge_is_done() const noexcept;
  bool broken_off() const noexcept;
  void tell_words(std::string_view words, std::string_view author);
  std::shared_ptr<Goal> next_goal(std::string_view author);
  void request_end() noexcept;
  HeaderPtr make_header(int64_t episode) const;

  Bench& bench_;
  SessionOptions options_;
  NextEpisode next_;
  Tape tape_;
  StatusSink status_;
  Verdicts verdicts_{*this};
  MonitorSink judging_;
  SceneMonitor scenes_;
  AlarmSink alarms_;
  GoalBox goals_;
  NudgeOffset nudges_;
  TeleopSource teleop_;
  std::optional<ResetSource> reset_;
  std::optional<PolicySource> policy_;
  ControlLoop loop_;

  std::atomic<bool> running_{false}, ending_{false}, judged_{false}, reworded_{false};
  std::atomic<bool> discarded_{false}, again_{false};
  std::atomic<int64_t> coached_until_ns_{0};  // 0: nobody coaches
  std::mutex permission_;                     // held while it is asked for
  std::mutex words_;                          // of `task_` and `said_`
  GoalPtr task_;                              // the instruction, without a subtask of a person's
  std::atomic<int64_t> ticks_{0}, held_ticks_{0};
  int64_t said_ = 0;
  int64_t end_ns_ = 0;         // by itself; 0: never
  int64_t held_since_ns_ = 0;  // at the session's end
  bool told_of_sink_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace gyre::run
