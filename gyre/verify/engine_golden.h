#pragma once

#include <filesystem>

#include "gyre/infer/engine.h"
#include "gyre/verify/golden_report.h"

namespace gyre::verify {

// Runs the engine of our own kernels on the inputs of `golden` (layout: tests/golden/README.md) and
// compares velocities, chunks and real-time chunking. In f32 the largest difference of every array
// is judged; in every other precision the cosine of the chunk of ten steps, while the other arrays
// are only reported. Throws Error.
GoldenReport compare_engine(const Checkpoint& checkpoint, const std::filesystem::path& golden,
                            const infer::EngineOptions& options);

}  // namespace gyre::verify
