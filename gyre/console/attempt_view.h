#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gyre/core/record.h"
#include "gyre/run/operator.h"
#include "gyre/run/status_sink.h"
#include "gyre/run/tape.h"

namespace gyre::console {

// Attempts that are made faster than the wall clock runs, several at once, as one robot on a
// console that takes no orders: one attempt at a time is shown, from its begin to its end, a sample
// of its control periods and pictures. It never keeps an attempt waiting for a page.
class AttemptView : public run::Operator {
 public:
  // Where it is shown: the sink that add_robot() of a console gave for this operator. It must
  // outlive the attempts. Before the first attempt.
  void show_on(run::TapeSink& feed) { feed_ = &feed; }
  // A sink for an attempt that begins, null while another one is shown. Any thread.
  std::unique_ptr<run::TapeSink> watch();

  std::string refusal() const override { return "attempts that are being made take no orders"; }
  void order(event::Order, std::string_view) override {}
  void judge(event::Outcome, std::string_view, std::string_view) override {}
  bool say(const std::string&, std::string_view) override { return false; }
  bool beat(std::span<const float>) override { return false; }
  void let_go() override {}
  run::LoopStatus status() const override { return status_.status(); }

 private:
  class Watched;
  using Clock = std::chrono::steady_clock;
  // Its turn has come to be shown.
  bool due(const Record& record);

  run::TapeSink* feed_ = nullptr;
  std::atomic<bool> shown_{false};  // an attempt is; its sink's thread alone uses the rest
  run::StatusSink status_;
  int64_t now_ns_ = 0;  // the shown robot's clock, which never runs back
  Clock::time_point step_at_{};
  std::vector<Clock::time_point> picture_at_;  // by camera
};

}  // namespace gyre::console
