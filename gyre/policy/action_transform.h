#pragma once

#include <span>
#include <vector>

#include "gyre/policy/checkpoint.h"
#include "gyre/policy/normalizer.h"

namespace gyre {

// For each action field the state field of the same name when both are positions and no gripper,
// else -1: what `relative_to` of a TrainedEmbodiment may hold.
std::vector<int> relative_fields(const Embodiment& contract);

// Which action fields are relative to the state of the same index, in runs: 6, -1 says six are and
// one is not.
std::vector<bool> relative_mask(std::span<const int> runs);

// Subtracts from every action of a chunk [horizon, D] the entry of the state [S] that it is
// relative to, and adds it again. `relative_to` [D], or empty: nothing is relative. As openpi's
// DeltaActions and LeRobot's relative actions.
void make_relative(std::span<const int> relative_to, std::span<const float> state,
                   std::span<float> chunk);
void make_absolute(std::span<const int> relative_to, std::span<const float> state,
                   std::span<float> chunk);

// Between actions in robot units and what the network predicts: relative to the observed state
// where the policy was trained so, then normalised by quantiles.
class ActionTransform {
 public:
  // Throws Error when a statistic does not fit the contract.
  explicit ActionTransform(const TrainedEmbodiment& trained);

  size_t dim() const { return dim_; }
  // Chunks are [horizon, D], row-major; `state` [S] is the observation's, in robot units.
  void encode(std::span<const float> state, std::span<float> chunk) const;
  void decode(std::span<const float> state, std::span<float> chunk) const;

 private:
  size_t dim_;
  Normalizer normalizer_;  // of one action, or of a whole chunk of relative ones
  std::vector<int> relative_to_;
};

}  // namespace gyre
