#include "gyre/console/turn_view.h"

#include <chrono>
#include <utility>

#include "gyre/core/event.h"
#include "gyre/core/record.h"

namespace gyre::console {
namespace {

constexpr auto kShowEvery = std::chrono::milliseconds(200);

}  // namespace

Embodiment TurnView::contract() {
  Embodiment none;
  none.name = "turn";
  return none;
}

void TurnView::begin(run::TapeSink& feed) {
  feed_ = &feed;
  thread_ = std::thread([this] { show(); });
}

void TurnView::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TurnView::tell(const std::string& stage) {
  const std::lock_guard lock(mutex_);
  stage_ = stage;
  ++stages_;
}

run::LoopStatus TurnView::status() const {
  const std::lock_guard lock(mutex_);
  return {.tick = stages_, .mode = Mode::kPolicy, .goal = stage_, .task = "a turn of the flywheel"};
}

void TurnView::show() {
  const auto began = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  int64_t told = 0;
  while (!ending_) {
    Record record;
    record.time_ns = record.step.time_ns =
        std::chrono::nanoseconds(std::chrono::steady_clock::now() - began).count();
    record.step.mode = Mode::kPolicy;
    Record stage;
    stage.kind = RecordKind::kEvent;
    stage.time_ns = record.time_ns;
    stage.event = {
        .time_ns = record.time_ns, .author = "turn", .body = event::Said{std::string_view(stage_)}};
    const bool fresh = std::exchange(told, stages_) != stages_;
    lock.unlock();
    if (fresh) feed_->take(stage);
    feed_->take(record);
    lock.lock();
    changed_.wait_for(lock, kShowEvery, [this] { return ending_; });
  }
}

}  // namespace gyre::console
