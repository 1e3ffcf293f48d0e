#pragma once

#include <memory>

#include "gyre/infer/cpu/network.h"
#include "gyre/infer/engine.h"

namespace gyre::infer::cpu {

// A network with its thread pools, for callers below the Engine interface.
struct OpenNetwork {
  std::unique_ptr<ThreadPool> pool, loading;
  std::unique_ptr<const Network> network;
};

// Packs the weights for this processor. Throws Error: tensors that do not fit `config`, a target
// that this processor does not run, an unknown precision, more threads than cores.
OpenNetwork open_network(const ModelConfig& config, StoredTensors tensors,
                         const EngineOptions& options);

}  // namespace gyre::infer::cpu
