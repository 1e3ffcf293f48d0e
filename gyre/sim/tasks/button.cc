// "switch on the lamp", "switch off the lamp": each press of the button toggles it.
#include "gyre/sim/expert.h"
#include "gyre/sim/tasks/families.h"

namespace gyre::sim {
namespace {

class PressButton : public Task {
 public:
  explicit PressButton(bool on) : on_(on) {}

  std::string family() const override { return "press_button"; }
  std::string name() const override { return on_ ? "press_button/on" : "press_button/off"; }
  std::vector<std::string> instructions() const override {
    const std::string word = on_ ? "on" : "off";
    return {"switch " + word + " the lamp", "turn " + word + " the lamp", "switch the lamp " + word,
            "press the button to turn " + word + " the lamp"};
  }
  SceneLayout layout(double scale, Rng& rng) const override {
    SceneLayout layout =
        scatter(distractors({}, 1 + static_cast<int>(rng.below(2)), rng), scale, rng);
    layout.lamp_on = !on_;
    return layout;
  }
  bool success(const World& world) const override {
    return world.lamp_on() == on_ && hand_at(world)[2] > thing_at(world, "button")[2] + 0.03;
  }
  std::vector<std::string> named_things(const World&) const override { return {"button", "lamp"}; }
  std::unique_ptr<Expert> expert(Rng) const override {
    return reactive([on = on_](const World& world) {
      if (world.lamp_on() == on) return retreat(world, 0);
      const Vec3 button = thing_at(world, "button");
      return tip_travel_to(world, {button[0], button[1], 0});
    });
  }
  double time_limit_s() const override { return 9; }

 private:
  bool on_;
};

}  // namespace

std::unique_ptr<Task> make_press_button(bool on) { return std::make_unique<PressButton>(on); }

}  // namespace gyre::sim
