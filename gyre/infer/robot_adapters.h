#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/infer/engine.h"
#include "gyre/policy/adapter.h"

namespace gyre::infer {

inline constexpr int kMaxSubtaskTokens = 32;

// A contract that the policy knows, with its transforms.
struct RobotAdapter {
  const TrainedEmbodiment* trained = nullptr;
  std::unique_ptr<const Adapter> transforms;
};

// A request as an engine keeps it beside the encoded prefix.
struct EncodedRequest {
  const RobotAdapter* adapter = nullptr;
  int64_t id = 0;
  int64_t time_ns = 0;          // of the frame
  std::vector<float> state;     // [S], robot units
  std::string prompt;           // without BOS
  std::vector<int64_t> reused;  // [C], as Prefix::reused()
};

// The work around the network that every engine shares: contracts, transforms, noise and checks.
// The checkpoint must outlive it.
class RobotAdapters {
 public:
  explicit RobotAdapters(const Checkpoint& checkpoint);

  // Throws Error naming the contracts that the policy knows.
  const RobotAdapter& find(const std::string& embodiment_name) const;

  // The network's input of a request under either prompt, and the request's record.
  struct Input {
    PolicyInput input;
    EncodedRequest request;
  };
  Input input(const Request& request, Ask ask) const;

  // The index of the robot's camera for each of the policy's picture slots; -1: none.
  int camera(const RobotAdapter& adapter, int slot) const {
    return adapter.transforms->camera(slot);
  }

  // Throws Error unless `prefix` was encoded for `wanted`.
  static void require_ask(const Prefix& prefix, Ask wanted);
  // Throws Error unless there are equally many random streams for each request, and one previous
  // chunk for each where `options` continue chunks.
  static void require_fit(size_t requests, size_t streams, const SampleOptions& options);

  // The flow's initial noise [H, max_action_dim].
  std::vector<float> noise(Rng& rng) const;

  // The rest of a previous chunk [H', D], normalised. `state` is that of the new request: relative
  // actions are relative to it.
  std::vector<float> previous(const RobotAdapter& adapter, std::span<const float> state,
                              const ActionChunk& rest) const;

  // The network's chunk `normal` [H, max_action_dim] of request `i`, in robot units. Actions that
  // were given (kContinued) are those of the previous chunk to the bit.
  ActionChunk chunk(const EncodedRequest& request, std::span<const float> normal,
                    const SampleOptions& options, size_t i) const;

 private:
  const Checkpoint& checkpoint_;
  std::map<std::string, RobotAdapter> adapters_;
};

}  // namespace gyre::infer
