#pragma once

#include <cstdint>
#include <filesystem>

#include "gyre/train/optimizer.h"

// What a run needs, beside the checkpoint, to go on from its last
// step.
namespace gyre::train {

// The rows of a step follow from its number.
struct TrainingProgress {
  int64_t step = 0;
  double minutes = 0;
};

// Where the state of a run into the folder `out` is kept.
std::filesystem::path training_state_file(const std::filesystem::path& out);
// Atomically. Throws Error naming the file.
void save_training_state(const std::filesystem::path& out, const Optimizer& optimizer,
                         const TrainingProgress& progress);
// Throws Error when the file is damaged, of another network, or holds weights that are not finite.
TrainingProgress load_training_state(const std::filesystem::path& out, Optimizer& optimizer);

}  // namespace gyre::train
