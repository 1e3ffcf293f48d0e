#include "gyre/infer/bodies.h"

#include <algorithm>

#include "gyre/core/error.h"

namespace gyre::infer {

Bodies::Bodies(const Checkpoint& checkpoint) : checkpoint_(checkpoint) {
  for (const auto& [name, trained] : checkpoint.embodiments) {
    bodies_.emplace(name, Body{&trained, make_adapter(checkpoint, trained)});
  }
}

const Body& Bodies::find(const std::string& name) const {
  const auto found = bodies_.find(name);
  if (found != bodies_.end()) return found->second;
  std::string known;
  for (const auto& [trained, body] : bodies_) known += (known.empty() ? "" : ", ") + trained;
  throw Error(checkpoint_.folder.string(), "the policy was not trained on '" + name + "'",
              "it knows " + (known.empty() ? "no embodiment" : known));
}

void Bodies::require_fit(size_t robots, size_t streams, const SampleOptions& options) const {
  if (streams != robots) {
    throw Error("sample", std::to_string(streams) + " random streams for " +
                              std::to_string(robots) + " robots");
  }
  if (options.chunking == Chunking::kIndependent) return;
  if (options.previous.size() != robots) {
    throw Error("sample", std::to_string(options.previous.size()) + " previous chunks for " +
                              std::to_string(robots) + " robots");
  }
}

std::vector<float> Bodies::noise(Rng& rng) const {
  const ModelConfig& config = checkpoint_.config;
  std::vector<float> noise(static_cast<size_t>(config.horizon) * config.max_action_dim);
  std::generate(noise.begin(), noise.end(), [&] { return static_cast<float>(rng.normal()); });
  return noise;
}

std::vector<float> Bodies::previous(const Body& body, std::span<const float> state,
                                    const ActionChunk& left) const {
  // The adapter takes whole chunks; what is missing does not count.
  const ModelConfig& config = checkpoint_.config;
  const size_t width = body.trained->contract.action.size();
  if (left.dim != static_cast<int>(width)) {
    throw Error("sample", "a previous chunk of " + std::to_string(left.dim) + " fields",
                "the contract has " + std::to_string(width));
  }
  std::vector<float> actions(static_cast<size_t>(config.horizon) * width, 0.0f);
  const size_t count = std::min(actions.size(), left.actions.size());
  std::copy_n(left.actions.begin(), count, actions.begin());
  body.adapter->targets(state, actions);
  actions.resize(count);
  return actions;
}

ActionChunk Bodies::chunk(const Body& body, std::span<const float> state, int64_t time_ns,
                          std::span<const float> normal, const SampleOptions& options) const {
  ActionChunk chunk;
  chunk.observation_time_ns = time_ns;
  chunk.period_s = body.trained->contract.action_period_s;
  chunk.horizon = static_cast<int>(normal.size()) / checkpoint_.config.max_action_dim;
  chunk.dim = static_cast<int>(body.trained->contract.action.size());
  chunk.policy_hash = checkpoint_.weights_hash;
  chunk.actions = body.adapter->actions(state, normal);
  if (options.chunking != Chunking::kIndependent) chunk.frozen = options.guided.delay;
  return chunk;
}

}  // namespace gyre::infer
