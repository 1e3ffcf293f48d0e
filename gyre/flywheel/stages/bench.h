#pragma once

#include <filesystem>
#include <string>

#include "gyre/flywheel/evaluate.h"
#include "gyre/flywheel/gate.h"
#include "gyre/flywheel/stages/context.h"

namespace gyre::flywheel {

// Predecessor and candidate on a real bench: pairs at the same scenes, in order.
struct BenchComparison {
  Evaluation predecessor, candidate;
  GateResult gate;
};

// One stage, in the place of evaluations and gate: a person lays out and judges attempts of both
// policies in blocks of two (blocks.h), whose order follows from the candidate's hash and is not
// told. Says beforehand what differences it can see. Each judged attempt is kept at once in
// gate/, and is not made again; the tape is in gate/journal.
BenchComparison compare_on_bench(TurnContext& turn, const std::filesystem::path& candidate);

}  // namespace gyre::flywheel
