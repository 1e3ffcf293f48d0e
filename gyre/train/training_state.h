#pragma once

#include <cstdint>
#include <filesystem>

#include "gyre/train/optimizer.h"

// The state of a training run: with the checkpoint it is enough to go on from the last step.
namespace gyre::train {

// The rows of a step follow from its number.
struct TrainingProgress {
  int64_t step = 0;
  double minutes = 0;
};

// The file that holds the state of a run into the folder `out`.
std::filesystem::path training_state_file(const std::filesystem::path& out);
// Atomically. Throws Error naming the file.
void save_training_state(const std::filesystem::path& out, const Optimizer& optimizer,
                         const TrainingProgress& progress);
// Throws Error when the file is damaged, of another network, or holds weights that are not finite.
TrainingProgress load_training_state(const std::filesystem::path& out, Optimizer& optimizer);

}  // namespace gyre::train
