#pragma once

#include <filesystem>

#include "gyre/infer/engine.h"
#include "gyre/policy/golden.h"

namespace gyre::infer::cpu {

// Runs the network on the inputs of `golden` (layout: tests/golden/README.md) and compares what
// inference computes: velocities, chunks, real-time chunking. In float32 the largest difference is
// judged, in bf16 and int8 the cosine of the chunk of ten steps; the rest is reported. Throws
// Error.
GoldenReport compare_golden(const Checkpoint& checkpoint, const std::filesystem::path& golden,
                            const EngineOptions& options);

}  // namespace gyre::infer::cpu
