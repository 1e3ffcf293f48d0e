#include "gyre/sim/judge.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gyre/sim/saved_state.h"

namespace gyre::sim {

std::vector<float> grounding(const World& world, const Task& task,
                             const std::vector<CameraSpec>& cameras) {
  const std::vector<std::string> things = task.named_things(world);
  std::vector<float> targets;
  for (const CameraSpec& camera : cameras) {
    for (const std::string& thing : things) {
      double x = 0, y = 0;
      const bool seen = !thing.empty() &&
                        world.project(camera.name, world.pose(thing).position, x, y) &&
                        std::abs(x) < 1 && std::abs(y) < 1;
      if (!seen) x = y = 0;
      targets.insert(targets.end(),
                     {static_cast<float>(x), static_cast<float>(y), seen ? 1.f : 0.f});
    }
  }
  return targets;
}

SimJudge::SimJudge(const Task& task, const World& world, const Clock& clock,
                   std::vector<CameraSpec> cameras, const Options& options)
    : task_(task),
      world_(world),
      clock_(clock),
      cameras_(std::move(cameras)),
      options_(options),
      subtasks_(task.subtasks(world)) {}

TruthPtr SimJudge::before(const run::Tick&) {
  if (!options_.labels) return nullptr;
  auto truth = std::make_shared<Truth>();
  const auto now = static_cast<size_t>(task_.current_subtask(world_));
  truth->subtask = subtasks_[std::min(now, subtasks_.size() - 1)];
  truth->grounding = grounding(world_, task_, cameras_);
  return truth;
}

void SimJudge::after(const Step& step, run::EventSink& events) {
  subtasks_done_ = std::max(subtasks_done_, task_.current_subtask(world_));
  still_ = task_.success(world_) ? still_ + 1 : 0;
  const bool over = done() || step.index + 1 >= options_.limit_ticks;
  if (!over || posted_) return;
  const event::Outcome outcome = success() ? event::Outcome::kSuccess : event::Outcome::kFailure;
  const char* reason = success() ? "" : "the time is up";
  posted_ = events.post(
      {.time_ns = clock_.now_ns(), .author = "judge", .body = event::Verdict{-1, outcome, reason}});
}

bool SimJudge::done() const { return still_ >= std::max<int64_t>(1, options_.settle_ticks); }

void SimJudge::save(StateWriter& writer) const {
  writer.add(subtasks_done_);
  writer.add(still_);
  writer.add(posted_);
}

void SimJudge::restore(StateReader& reader) {
  reader.read(subtasks_done_);
  reader.read(still_);
  reader.read(posted_);
}

}  // namespace gyre::sim
