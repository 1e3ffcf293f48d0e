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
#include "gyre/policy/real_time_chunking.h"

namespace gyre::infer {

// What encode() leaves for think() and sample(): the language stream's keys and values for a batch
// of observations. Opaque, owned by the caller, of one engine only.
class Prefix {
 public:
  virtual ~Prefix() = default;
  virtual int batch() const = 0;
};

// How a chunk goes on from the one that is being carried out (real-time chunking).
enum class Chunking {
  kIndependent,  // not at all
  kGuided,       // the flow is drawn towards it: any policy
  kContinued,    // its first actions are given: a policy that was trained so
};

struct SampleOptions {
  int flow_steps = 0;  // 0: the checkpoint's
  Chunking chunking = Chunking::kIndependent;
  // One a robot: what is left of its chunk, in robot units, the first action the one due now.
  std::span<const ActionChunk> previous = {};
  GuidedChunking guided = {};  // its `delay` counts for kContinued too
};

// Runs a policy. Const and safe from several threads after construction; everything that changes is
// passed in. Batched over robots: all spans have one entry per robot, of one embodiment.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual const Checkpoint& checkpoint() const = 0;

  // `embodiment_name` says whose normaliser and contract apply; throws Error when the checkpoint
  // does not know it. `last`, of the same robots, may be null: what has not changed since is not
  // computed again, which does not change a bit (but see EngineOptions::reuse_pictures).
  virtual std::unique_ptr<Prefix> encode(std::span<const Observation> observations,
                                         const std::string& embodiment_name,
                                         const Prefix* last = nullptr) const = 0;

  // The current subtask in words, greedy decoding, one text a robot.
  virtual std::vector<std::string> think(const Prefix& prefix) const = 0;

  // One chunk a robot, in robot units. `rngs` draw the flow's initial noise: a robot's chunk does
  // not depend on who else is in the batch.
  virtual std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                          const SampleOptions& options = {}) const = 0;
};

enum class EngineKind { kCpu, kReference };

// Which engine computes and how; the numbers of one choice are the same bits on every run.
struct EngineOptions {
  EngineKind kind = EngineKind::kCpu;
  std::string precision = "auto";  // one of cpu::precision_names(); auto: as weights are stored
  std::string target = "auto";     // one of cpu::target_names(); auto: the best here
  int threads = 1;
  bool pin = false;  // thread i stays on core i
  // A picture whose every patch differs by less than this from the one last computed (mean absolute
  // difference, pixels being 0 .. 1) keeps its tokens. 0: only one that is the same.
  double reuse_pictures = 0;
};

// Opens the folder and the best engine for this machine. A folder that another project wrote holds
// no robot's contract: it adopts that of `robot`, and `given` says what it leaves unsaid. Throws
// Error.
std::unique_ptr<Engine> open_engine(const std::string& policy_folder,
                                    const Embodiment* robot = nullptr,
                                    const FolderOptions& given = {},
                                    const EngineOptions& options = {});

}  // namespace gyre::infer
