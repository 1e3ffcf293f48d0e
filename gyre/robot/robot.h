#pragma once

#include <span>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/observation.h"

namespace gyre {

// What the driver made of one command; a value, for it is produced on the control thread.
struct CommandResult {
  bool ok = true;
  float residual = 0;  // metres that inverse kinematics could not reach; 0 for joint commands
  std::string why;     // when not ok
};

// The border between policies and machines, simulated or real. One thread at a time.
class Robot {
 public:
  virtual ~Robot() = default;

  virtual const Embodiment& embodiment() const = 0;

  // State and, with `pictures`, images now; without, images may be left out, for nobody will look
  // at them. `task` and `subtask` are left empty: words come from the caller.
  virtual Observation observe(bool pictures) = 0;

  // Begins to carry out one period's action ([D] in the units of embodiment().action), which the
  // driver interpolates to its own rate. A simulated robot advances its clock by one period; a real
  // one returns at once.
  virtual CommandResult command(std::span<const float> action) = 0;

  // An action that holds the present position, [D].
  virtual std::vector<float> hold_action() = 0;
};

}  // namespace gyre
