#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/data/episode_rows.h"
#include "gyre/infer/engine.h"

namespace gyre::flywheel {

// How far ahead an error is measured, seconds.
inline constexpr std::array<double, 3> kLookAheads = {0.1, 0.5, 1.0};

// Mean absolute error of one predictor at each look-ahead, over all joints, each as a part of its
// own range in the training data.
struct OpenLoopError {
  std::string predictor;  // "policy", "hold still", "mean chunk"
  std::array<double, kLookAheads.size()> error{};
};

// One joint over one episode: what was recorded, and what was predicted one look-ahead before.
struct JointSeries {
  std::string joint;
  double look_ahead_s = 0;
  std::vector<double> time_s, recorded, predicted;
};

struct OpenLoopResult {
  std::vector<OpenLoopError> errors;  // policy, hold still, mean chunk
  int64_t observations = 0;
  std::vector<JointSeries> series;  // of the first held-out episode
};

// Compares a policy, on episodes that it was not trained on, with two that need no learning:
// holding still (the joints' present state; no change for deltas; the last action for a field that
// is not in the state) and the mean chunk (the mean action of the policy's training data). A
// prediction is the mean of `draws` sampled chunks, made at every `stride`th step.
// `take_episode(i)` gives held-out episode i. Throws Error when the policy was not trained on this
// contract, its horizon is too short for a look-ahead, or there is nothing to compare.
OpenLoopResult open_loop(const infer::Engine& engine, const Embodiment& contract, int episodes,
                         const std::function<data::EpisodeRows(int)>& take_episode, int draws = 1,
                         int stride = 5);

void to_json(nlohmann::json& json, const OpenLoopResult& result);
std::string open_loop_table(const OpenLoopResult& result);

}  // namespace gyre::flywheel
