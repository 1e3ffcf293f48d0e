#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/observation.h"
#include "gyre/core/rng.h"
#include "gyre/policy/checkpoint.h"

namespace gyre::infer {

// What encode() leaves for think() and sample(): the language stream's keys and values for a batch
// of observations. Opaque, owned by the caller, of one engine only.
class Prefix {
 public:
  virtual ~Prefix() = default;
  virtual int batch() const = 0;
};

struct SampleOptions {
  int flow_steps = 0;  // 0: the checkpoint's
};

// Runs a policy. Const and safe from several threads after construction; everything that changes is
// passed in. Batched over robots: all spans have one entry per robot, of one embodiment.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual const Checkpoint& checkpoint() const = 0;

  // `embodiment_name` says whose normaliser and contract apply; throws Error when the checkpoint
  // does not know it.
  virtual std::unique_ptr<Prefix> encode(std::span<const Observation> observations,
                                         const std::string& embodiment_name) const = 0;

  // The current subtask in words, greedy decoding, one text a robot.
  virtual std::vector<std::string> think(const Prefix& prefix) const = 0;

  // One chunk a robot, in robot units. `rngs` draw the flow's initial noise: a robot's chunk does
  // not depend on who else is in the batch.
  virtual std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                          const SampleOptions& options = {}) const = 0;
};

// Opens the folder and the best engine for this machine. A folder that another project wrote holds
// no robot's contract: it adopts that of `robot`, and `given` says what it leaves unsaid. Throws
// Error.
std::unique_ptr<Engine> open_engine(const std::string& policy_folder,
                                    const Embodiment* robot = nullptr,
                                    const FolderOptions& given = {});

}  // namespace gyre::infer
