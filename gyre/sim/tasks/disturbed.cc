// "put the red cup into the sink" while somebody interferes: one kind of disturbance, one family.
#include <utility>

#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

std::string family_of(Disturbance disturbance) {
  switch (disturbance) {
    case Disturbance::kSetAside:
      return "set_aside";
    case Disturbance::kMovedAway:
      return "moved_away";
    case Disturbance::kForcedOpen:
      return "forced_open";
    case Disturbance::kNone:
      break;
  }
  return "pick_place";
}

class Disturbed : public Task {
 public:
  Disturbed(Disturbance disturbance, std::unique_ptr<Task> task)
      : disturbance_(disturbance), task_(std::move(task)) {}

  std::string family() const override { return family_of(disturbance_); }
  std::string name() const override {
    return family() + task_->name().substr(task_->family().size());
  }
  Disturbance disturbance() const override { return disturbance_; }
  std::vector<std::string> instructions() const override { return task_->instructions(); }
  SceneLayout layout(double scale, Rng& rng) const override { return task_->layout(scale, rng); }
  bool success(const World& world) const override { return task_->success(world); }
  std::vector<std::string> named_things(const World& world) const override {
    return task_->named_things(world);
  }
  std::unique_ptr<Expert> expert(Rng rng) const override { return task_->expert(rng); }
  double time_limit_s() const override { return task_->time_limit_s(); }

 private:
  Disturbance disturbance_;
  std::unique_ptr<Task> task_;
};

}  // namespace

std::unique_ptr<Task> make_disturbed(Disturbance disturbance, const Thing& thing,
                                     const std::string& place) {
  return std::make_unique<Disturbed>(disturbance, make_put(thing, place));
}

}  // namespace gyre::sim
