#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gyre/core/event.h"
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
  // Ends the present episode with this verdict.
  virtual void judge(event::Outcome outcome, std::string_view author) = 0;
  // New words to act on. False when so many wait that nobody can be driving.
  virtual bool say(const std::string& words, std::string_view author) = 0;
  // A heartbeat of somebody who drives by hand, with an action [D] or, empty, holding still. False
  // for an action of another width or one that is not finite.
  virtual bool beat(std::span<const float> action) = 0;
  virtual void let_go() = 0;
  virtual LoopStatus status() const = 0;
};

}  // namespace gyre::run
