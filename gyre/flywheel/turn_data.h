#pragma once

#include <memory>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/frame_set.h"
#include "gyre/flywheel/experience.h"
#include "gyre/flywheel/label.h"

namespace gyre::flywheel {

// Frames to learn from.
struct TurnData {
  std::unique_ptr<data::FrameSet> frames;
  std::vector<float> targets;  // [frames->size()], above 0 where the action is one to learn from
};

// Successful demonstrations of the trained tasks, made again by seed: always the same ones.
// Frames is null when a stop was requested.
TurnData demonstrate_again(const std::vector<Embodiment>& contracts, int episodes, int workers);

// What a run collected, with the targets of a recipe.
TurnData collected_data(const Experience& experience, const std::vector<Embodiment>& contracts,
                        Recipe recipe);

}  // namespace gyre::flywheel
