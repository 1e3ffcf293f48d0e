#pragma once

#include <memory>

#include "gyre/infer/cpu/network.h"
#include "gyre/infer/engine.h"

namespace gyre::infer {

// Kernels of our own, the same bits with any number of threads and in any company. Throws Error.
std::unique_ptr<Engine> open_cpu(Checkpoint checkpoint, const EngineOptions& options);

namespace cpu {

// A network with the processor that it runs on, for what looks below an engine.
struct OpenNetwork {
  std::unique_ptr<ThreadPool> pool, loading;
  std::unique_ptr<const Network> network;
};

// Throws Error: a target that this processor does not run, a precision that is none, more threads
// than cores.
OpenNetwork open_network(const ModelConfig& config, const std::filesystem::path& weights,
                         const EngineOptions& options);

}  // namespace cpu
}  // namespace gyre::infer
