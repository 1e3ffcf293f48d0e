#pragma once

#include <memory>

#include "gyre/infer/engine.h"

namespace gyre::infer {

// The network of gyre/model without gradients, one thread, float32. Robots of a batch are computed
// one after another: a batched product rounds differently, and a robot's chunk is to be the same
// bits whoever else is in the batch. Throws Error.
std::unique_ptr<Engine> open_reference(Checkpoint checkpoint);

}  // namespace gyre::infer
