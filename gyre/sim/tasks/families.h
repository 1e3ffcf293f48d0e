#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gyre/sim/kitchen.h"
#include "gyre/sim/task.h"

// The task families; one file each. Colours and shapes are words.
namespace gyre::sim {

struct Thing {
  std::string colour;
  Shape shape;
  std::string name() const { return ObjectSpec{shape, colour, {}, 0}.name(); }
};

// "into the sink", "onto the rack", ...
std::string place_phrase(const std::string& place);

std::unique_ptr<Task> make_put(const Thing& thing, const std::string& place);
std::unique_ptr<Task> make_push(const Thing& thing, bool left);
std::unique_ptr<Task> make_stack(const std::string& top_colour, const std::string& bottom_colour);
std::unique_ptr<Task> make_open_drawer();
std::unique_ptr<Task> make_close_drawer();
std::unique_ptr<Task> make_press_button(bool on);

// Long: several subtasks one after another.
std::unique_ptr<Task> make_clear_table();
std::unique_ptr<Task> make_put_away(const std::string& colour);

// make_put() with one disturbance an attempt, a family of its own.
std::unique_ptr<Task> make_disturbed(Disturbance disturbance, const Thing& thing,
                                     const std::string& place);

// Things in the scene beside the named ones: other colour or other shape, never both equal.
std::vector<Thing> distractors(const std::vector<Thing>& named, int count, Rng& rng);

// Places `things` at free spots. `lamp` and `drawer` are drawn unless the task sets them later.
SceneLayout scatter(const std::vector<Thing>& things, double scale, Rng& rng,
                    const std::vector<Rectangle>& avoid = {});

}  // namespace gyre::sim
