#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "gyre/core/embodiment.h"
#include "gyre/run/operator.h"
#include "gyre/run/tape.h"

namespace gyre::console {

// A turn of the flywheel on a console: a robot without body or orders, whose task is the stage that
// is under way. It has a thread of its own, so that the pages see that the turn is alive.
class TurnView : public run::Operator {
 public:
  ~TurnView() override { end(); }

  static Embodiment contract();  // without fields and cameras
  // `feed`: what add_robot() of a console gave for this operator. It must outlive end().
  void begin(run::TapeSink& feed);
  void end();
  void tell(const std::string& stage);  // any thread

  std::string refusal() const override { return "a turn takes no orders"; }
  void order(event::Order, std::string_view) override {}
  void judge(event::Outcome, std::string_view, std::string_view) override {}
  bool say(const std::string&, std::string_view) override { return false; }
  bool beat(std::span<const float>) override { return false; }
  void let_go() override {}
  run::LoopStatus status() const override;

 private:
  void show();

  run::TapeSink* feed_ = nullptr;
  mutable std::mutex mutex_;  // of the rest
  std::condition_variable changed_;
  bool ending_ = false;
  std::string stage_;
  int64_t stages_ = 0;
  std::thread thread_;
};

}  // namespace gyre::console
