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

// A contract that the policy knows, ready for use.
struct Body {
  const TrainedEmbodiment* trained = nullptr;
  std::unique_ptr<const Adapter> adapter;
};

// What every engine does around its network. The checkpoint must outlive it.
class Bodies {
 public:
  explicit Bodies(const Checkpoint& checkpoint);

  // Throws Error naming the contracts that the policy knows.
  const Body& find(const std::string& embodiment_name) const;

  // Throws Error unless there is one random stream for each robot, and one previous chunk for each
  // where `options` continue chunks.
  void require_fit(size_t robots, size_t streams, const SampleOptions& options) const;

  // The flow's beginning [H, max_action_dim].
  std::vector<float> noise(Rng& rng) const;

  // What is left of a previous chunk [H', D], normalised for the network. `state` is the one that
  // the new chunk is computed from: relative actions are relative to it.
  std::vector<float> previous(const Body& body, std::span<const float> state,
                              const ActionChunk& left) const;

  // The network's chunk [H, max_action_dim] in robot units. `state` as observed at `time_ns`.
  ActionChunk chunk(const Body& body, std::span<const float> state, int64_t time_ns,
                    std::span<const float> normal, const SampleOptions& options) const;

 private:
  const Checkpoint& checkpoint_;
  std::map<std::string, Body> bodies_;
};

}  // namespace gyre::infer
