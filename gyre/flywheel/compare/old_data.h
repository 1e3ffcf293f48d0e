#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/flywheel/compare/task.h"
#include "gyre/flywheel/pace.h"
#include "gyre/flywheel/turn_data.h"
#include "gyre/run/arena.h"

namespace gyre::flywheel {

// Frames that recipes learn beside a collection.
struct OldData {
  TurnData data;
  std::vector<Pace> paces;  // [contracts]
};

// The old data of tasks: demonstrations, made again by seed when they are asked for. Those of one
// description are held at a time: they are large.
class OldDemonstrations {
 public:
  OldDemonstrations(const run::Arena& arena, int workers) : arena_(arena), workers_(workers) {}

  // All that they depend on, as JSON text.
  static std::string description(const CompareTask& task, int image_size);
  // Holds until the next call. Throws Interrupted after a stop request.
  const OldData& of(const CompareTask& task, const std::vector<Embodiment>& contracts);

 private:
  const run::Arena& arena_;
  int workers_;
  std::string held_;  // description
  OldData old_;
};

// The policy that a task's recipes start from: the one that it names, or the weak one, which is
// trained into <folder>/<hash of its description> where it is not there yet; a training that was
// interrupted goes on. Throws Error, and Interrupted after a stop request.
std::filesystem::path first_policy(const run::Arena& arena, const CompareTask& task,
                                   const std::filesystem::path& folder, int workers,
                                   OldDemonstrations& old);

}  // namespace gyre::flywheel
