#pragma once

#include <cstdint>
#include <vector>

namespace gyre::train {

// Observations as the network takes them, in plain arrays. n rows, L tokens of the longest prompt,
// S the picture's side, G named things.
struct PrefixRows {
  int rows = 0;
  int length = 0;                   // L
  std::vector<float> images;        // [n, cameras, 3, S, S], -1..1
  std::vector<uint8_t> image_mask;  // [n, cameras]
  std::vector<int64_t> tokens;      // [n, L], padded at the end
  std::vector<uint8_t> token_mask;  // [n, L]
  std::vector<uint8_t> answer;      // [n, L]: tokens of a text to be said; empty without any
  std::vector<float> share;         // [n, L]: of those, how much each counts in the loss
  std::vector<float> grounding;     // [n, cameras, G, 3]: x, y, 1 when it is in the picture
  std::vector<float> grounded;      // [n]: 1 when the targets are known
};

// A share of one step's batch: what one worker learns from. N flow samples, H horizon, A and D the
// network's action and state width.
struct Batch {
  PrefixRows prefix;
  std::vector<float> state;     // [n, D], normalised, padded with 0
  std::vector<float> actions;   // [n, H, A], normalised, padded with 0
  std::vector<int64_t> given;   // [n]: leading actions that the network is given, not noised
  std::vector<float> weight;    // [n, H, A]: adds up to 1 in each row; 0 where there is no target
  std::vector<float> noise;     // [n, N, H, A], N(0, 1)
  std::vector<float> time;      // [n, N], 1 is noise
  std::vector<int> action_dim;  // [n]: fields of the row's robot

  PrefixRows text;  // for the text loss; its answer is the subtask
};

}  // namespace gyre::train
