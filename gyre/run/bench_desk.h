#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "gyre/core/clock.h"
#include "gyre/run/arena.h"
#include "gyre/run/operator.h"

namespace gyre::run {

// A person at a real bench, for whom attempts are made one after another: they lay a scene out,
// begin the attempt and judge it. Before an attempt the robot is paused and theirs to move; during
// one they may correct it, pause and stop. A stand-in for the session's own operator: whoever
// orders the robot does so through it. Any thread, but for what a session and an arena call.
class BenchDesk : public Operator {
 public:
  enum class Phase : uint8_t { kLaysOut, kDrives, kDone };

  struct Options {
    int64_t attempts = 0;   // that are to be made
    double attempt_s = 60;  // then the robot is paused, and the person judges; 0: no limit
  };

  // `session` and `clock` must outlive it.
  BenchDesk(Operator& session, const Clock& clock, Options options);

  // The person has laid the scene out. False while there is none to begin.
  bool start(std::string_view author);

  // Some times a second, on the thread that attends the bench: takes the results that are there.
  // True when something has begun or ended: a beep.
  bool look();
  Phase phase() const;
  bool done() const { return phase() == Phase::kDone; }  // all are made, or enough
  int64_t judged() const;                                // attempts so far
  std::string task_words() const;   // to the person: the scene to lay out and the task
  std::string phase_words() const;  // for the status line

  // The end of an attempt: a partial success and one that nobody judged are made again.
  void judge(event::Outcome outcome, std::string_view reason, std::string_view author) override;
  bool discard(bool again, std::string_view author) override;
  // The policy has the robot only in an attempt: a resume begins one.
  void order(event::Order order, std::string_view author) override;
  // The words are the task's.
  bool say(const std::string&, std::string_view) override { return false; }
  void remark(std::string_view words, std::string_view author) override;
  bool beat(std::span<const float> action) override { return session_.beat(action); }
  bool follow(std::span<const float> action, std::span<const float> rates) override {
    return session_.follow(action, rates);
  }
  void let_go() override { session_.let_go(); }
  LoopStatus status() const override { return session_.status(); }

  // For the arena. The attempt of this number (from 0) is the next one: its scene is laid out.
  void show(const Attempt& attempt);
  // Between two spans of the tape, on the control thread: the number of the attempt that is next,
  // or that begins; Options::attempts after the last one.
  int64_t advance();
  // The span has begun; true for an attempt's.
  bool opened();
  // Takes the results that are there; false: no further attempt is needed.
  void set_look(std::function<bool()> look) { take_results_ = std::move(look); }

 private:
  enum class End : uint8_t { kNone, kLaidOut, kJudged, kDiscarded };

  Operator& session_;
  const Clock& clock_;
  Options options_;
  std::function<bool()> take_results_;
  mutable std::mutex mutex_;  // of the rest
  Phase phase_ = Phase::kLaysOut;
  Phase seen_ = Phase::kDone;  // by look(); at first none
  End end_ = End::kNone;       // of the present span, once it is to end
  Attempt attempt_;
  int64_t judged_ = 0;
  int64_t since_ns_ = 0;  // the present phase
  bool timed_out_ = false;
  bool enough_ = false;
};

}  // namespace gyre::run
