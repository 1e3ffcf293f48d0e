#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/action_chunk.h"
#include "gyre/core/request.h"
#include "gyre/core/rng.h"
#include "gyre/policy/checkpoint.h"
#include "gyre/policy/real_time_chunking.h"

namespace gyre::infer {

// The prompt that the language model reads.
enum class Ask {
  kActions,  // the prompt of request.goal->prompt(): sample() answers
  kSubtask,  // the question for the current subtask of request.goal->task: think() answers
};

// The result of encode(): the language model's keys and values for a batch of requests. Owned by
// the caller, used by one engine only. Index i is the i-th request.
class Prefix {
 public:
  virtual ~Prefix() = default;
  virtual int batch() const = 0;
  virtual Ask ask() const = 0;

  // The prompt as it was tokenised, without BOS.
  virtual const std::string& prompt(int i) const = 0;
  // For each camera of the contract, the id of the picture whose tokens were taken from the `last`
  // prefix instead of being computed: an earlier picture, or the request's own where that is not
  // new. -1: computed in this call, or not seen by the policy.
  virtual std::span<const int64_t> reused(int i) const = 0;  // [C]
};

struct SampleOptions {
  int flow_steps = 0;  // 0: the checkpoint's
  Chunking chunking = Chunking::kIndependent;
  // For each request, the rest of its previous chunk in robot units, first the action that is due
  // now. Empty with kIndependent.
  std::span<const ActionChunk> previous = {};
  GuidedChunking guided = {};  // its `delay` also applies to kContinued
};

// An engine as it was opened: "auto" is resolved.
struct EngineDescription {
  std::string engine;     // "cpu" or "reference"
  std::string precision;  // of the weights, one of cpu::precision_names()
  std::string target;     // instruction set, one of cpu::target_names(); reference: "libtorch"
  int threads = 1;
  double reuse_pictures = 0;  // EngineOptions::reuse_pictures
};

// Runs a policy. Const and safe from several threads after construction; all mutable state is
// passed in. Batched: a request's result is the same bits alone and in any batch, also beside
// requests of other embodiments.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual const Checkpoint& checkpoint() const = 0;
  virtual EngineDescription description() const = 0;

  // One pass of the language model over the pictures and the prompt of each request.
  // Request::embodiment names the contract. `last`, or null: an earlier prefix of the same robots
  // in the same order, of either Ask. Picture tokens that it holds are not computed again when the
  // picture is the same (or nearly so, EngineOptions::reuse_pictures) and they do not depend on a
  // prompt that changed; with reuse_pictures 0 this changes no bit. Throws Error for an unknown
  // contract and for a frame or a prompt that does not fit it.
  virtual std::unique_ptr<Prefix> encode(std::span<const Request* const> requests, Ask ask,
                                         const Prefix* last = nullptr) const = 0;

  // The current subtask of each request in words, greedy decoding. Throws Error for a prefix that
  // was encoded for actions.
  virtual std::vector<std::string> think(const Prefix& prefix) const = 0;

  // N chunks for each request, in robot units, with id, times of prefix and sampling. There are N
  // streams of initial noise for each request: the chunk of `rngs[i * N + n]` is draw n of request
  // i, the same bits whatever N is. A further draw costs the flow, not the prefix. Throws Error for
  // a prefix that was encoded for the subtask, and where `rngs` or `options.previous` do not fit
  // the batch.
  virtual std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                          const SampleOptions& options = {}) const = 0;
};

enum class EngineKind { kCpu, kReference };

// The choice of an engine. The same choice gives the same bits on every run.
struct EngineOptions {
  EngineKind kind = EngineKind::kCpu;
  // One of cpu::precision_names(). auto: f32; where the language model's weights are stored in
  // bfloat16, bf16, or int12 on processors without a fast bfloat16 product.
  std::string precision = "auto";
  std::string target = "auto";  // one of cpu::target_names(); auto: the best of this processor
  int threads = 1;
  bool pin = false;  // thread i stays on core i
  // A camera's picture keeps its tokens while every patch differs by less than this from the
  // picture that they were computed from (mean absolute difference, pixels 0 .. 1). 0: only while
  // the picture is the same.
  double reuse_pictures = 0;
};

// Opens the best engine for the checkpoint; hashes its weights unless that is done. A folder that
// another project wrote holds no robot's contract: it adopts `robot`'s. π0-FAST always runs on the
// reference engine, with a warning in the checkpoint. Throws Error.
std::unique_ptr<Engine> open_engine(Checkpoint checkpoint, const Embodiment* robot = nullptr,
                                    const EngineOptions& options = {});

// The same from a folder. `given` completes the folder of another project.
std::unique_ptr<Engine> open_engine(const std::string& policy_folder,
                                    const Embodiment* robot = nullptr,
                                    const FolderOptions& given = {},
                                    const EngineOptions& options = {});

}  // namespace gyre::infer
