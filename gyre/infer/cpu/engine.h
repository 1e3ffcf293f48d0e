#pragma once

#include <memory>

#include "gyre/infer/engine.h"

namespace gyre::infer {

// The engine of our own kernels: the same bits with any number of threads and in any batch.
// `checkpoint` must have its tensors. Throws Error.
std::unique_ptr<Engine> open_cpu(Checkpoint checkpoint, const EngineOptions& options);

}  // namespace gyre::infer
