#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gyre/policy/model_config.h"

namespace gyre::train {

// The weights that a run changes.
//   full           every tensor
//   frozen-vision  all but the vision tower
//   expert         the action expert and the projections of state, actions and time
//   lora           all but the two streams, plus low-rank corrections of every linear layer of the
//                  streams: rank 16 in the language model, 32 in the expert (openpi)
//   lora-expert    only corrections of rank 16 of the expert's queries and values and of the
//                  projections of state, actions and time (LeRobot)
//   text           the last layer of the language model behind its keys and values, and the norm
//                  after it: the words change, no action does, not by a bit
// Corrections have alpha = rank, so they are added without a factor.
enum class Tuning { kFull, kFrozenVision, kExpert, kLora, kLoraExpert, kText };

// Of a word that TrainConfig::validate() lets pass.
Tuning tuning_of(std::string_view word);

// True if this tensor of a policy of this configuration changes.
bool is_trained(Tuning tuning, std::string_view tensor, const ModelConfig& config);

struct LowRank {
  std::string layer;  // its weight is "<layer>.weight"
  int rank = 0;
  bool zero_b = false;  // how the second factor begins; else as the first
};
// The corrections that a policy of this configuration gains.
std::vector<LowRank> low_rank_layers(Tuning tuning, const ModelConfig& config);

}  // namespace gyre::train
