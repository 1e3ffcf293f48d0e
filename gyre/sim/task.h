#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/robot/cartesian_motion.h"
#include "gyre/sim/world.h"

namespace gyre::sim {

// A scripted, closed-loop expert: looks at the true state of the world in every period, so that it
// recovers from disturbance. One per episode.
class Expert {
 public:
  virtual ~Expert() = default;
  // The motion of the next action period, within the limits of the `ee` contract.
  virtual Motion move(const World& world) = 0;
};

// Something that somebody else does to the robot's work, once in the middle of an attempt.
enum class Disturbance {
  kNone,
  kSetAside,    // the carried object is put back on the table, 5 to 10 cm from where it stood
  kMovedAway,   // the object is moved as far just before the fingers close
  kForcedOpen,  // the gripper is forced open for 0.3 s while it carries the object
};

// One thing to be done: "put the red cup into the sink". Immutable; one object per (family,
// arguments). Families: pick_place, push, open_drawer, close_drawer, press_button, stack, the long
// ones clear_table, put_away, and pick_place with a disturbance: set_aside, moved_away,
// forced_open.
class Task {
 public:
  virtual ~Task() = default;

  virtual std::string family() const = 0;
  virtual std::string name() const = 0;  // unique: "pick_place/red_cup/sink"
  virtual bool long_horizon() const { return false; }
  virtual Disturbance disturbance() const { return Disturbance::kNone; }

  // Paraphrases of the instruction; the first is the canonical one.
  virtual std::vector<std::string> instructions() const = 0;

  // Which objects stand where at the start, and the state of drawer and lamp.
  virtual SceneLayout layout(double scale, Rng& rng) const = 0;

  // Done, and at rest: true only when the state would stay so.
  virtual bool success(const World& world) const = 0;

  // The subtasks in order, each the canonical instruction of an atomic task (an atomic task has
  // one: its own). `current_subtask` is the index of the first that is not done (size() when all
  // are).
  virtual std::vector<std::string> subtasks(const World& world) const {
    static_cast<void>(world);  // what a long task has to do depends on what stands there
    return {instructions().front()};
  }
  virtual int current_subtask(const World& world) const { return success(world) ? 1 : 0; }

  // What the instruction names, for auxiliary grounding targets: the object or fixture to act on,
  // and the place it goes to ("" when there is none), for the current subtask.
  virtual std::vector<std::string> named_things(const World& world) const = 0;

  virtual std::unique_ptr<Expert> expert(Rng rng) const = 0;

  // Longest time that an attempt may take, seconds.
  virtual double time_limit_s() const = 0;
};

}  // namespace gyre::sim
