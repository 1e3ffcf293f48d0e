#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gyre/policy/model_config.h"

namespace gyre::train {

// What of a policy a run changes.
//   full           every tensor
//   frozen-vision  all but the vision tower
//   expert         the action expert and what belongs to actions; the language model and the vision
//                  tower stay
//   lora           all but the two streams, and corrections of low rank to every linear layer of
//                  theirs: rank 16 in the language model, 32 in the expert (openpi)
//   lora-expert    corrections of rank 16 alone, to the expert's queries and values and to the
//                  projections of state, actions and time (LeRobot)
// Corrections have alpha = rank: they are added as they are.
enum class Tuning { kFull, kFrozenVision, kExpert, kLora, kLoraExpert };

// Of a word that TrainConfig::validate() lets pass.
Tuning tuning_of(std::string_view word);

// Whether the policy's own tensor changes.
bool is_trained(Tuning tuning, std::string_view tensor);

struct LowRank {
  std::string layer;  // its weight is "<layer>.weight"
  int rank = 0;
  bool zero_b = false;  // how the second factor begins; else as the first
};
// The corrections that a policy of this configuration gains.
std::vector<LowRank> low_rank_layers(Tuning tuning, const ModelConfig& config);

}  // namespace gyre::train
