#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gyre/core/event.h"
#include "gyre/run/nudge.h"
#include "gyre/run/status_sink.h"

namespace gyre::run {

// Everything that people and their tools may ask of a robot that is being driven. Any thread.
// `author` is the person or the tool, for the record.
class Operator {
 public:
  virtual ~Operator() = default;
  // Why nobody may command the robot; "" where people may. What it says goes for its whole life.
  virtual std::string refusal() const { return ""; }
  virtual void order(event::Order order, std::string_view author) = 0;
  // Ends the present episode with this verdict; `reason` may be empty.
  virtual void judge(event::Outcome outcome, std::string_view reason, std::string_view author) = 0;
  // New words to act on. False when so many wait that nobody can be driving.
  virtual bool say(const std::string& words, std::string_view author) = 0;
  // Words for the next subtask alone: the policy acts on them for kCoachSeconds or until release(),
  // then on the task again. False as say(), and where a robot cannot be coached.
  static constexpr double kCoachSeconds = 20;
  virtual bool coach(const std::string&, std::string_view) { return false; }
  virtual void release(std::string_view) {}
  // Words about what the robot has done: they are recorded, and the robot acts on them in no way.
  virtual void remark(std::string_view, std::string_view) {}
  // Adds a correction of 1 cm to what the policy does, if it drives; `word` is what was said. False
  // where the robot has no fields for it.
  virtual bool nudge(const Nudge&, std::string_view, std::string_view) { return false; }
  // Breaks the present episode off: it is in no dataset. The next one has the same scene (`again`)
  // or a new one. False where episodes cannot be set up anew.
  virtual bool discard(bool, std::string_view) { return false; }
  // A heartbeat of somebody who drives by hand, with an action [D] or, empty, holding still. False
  // for an action of another width or one that is not finite.
  virtual bool beat(std::span<const float> action) = 0;
  // The same of a leader arm, whose positions move on at these rates [D] (units/s; empty: they are
  // not known) until the next heartbeat.
  virtual bool follow(std::span<const float> action, std::span<const float> rates) {
    static_cast<void>(rates);
    return beat(action);
  }
  virtual void let_go() = 0;
  virtual LoopStatus status() const = 0;
};

}  // namespace gyre::run
