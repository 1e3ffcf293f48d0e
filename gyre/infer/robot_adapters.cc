#include "gyre/infer/robot_adapters.h"

#include <algorithm>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/policy/prompt.h"

namespace gyre::infer {

RobotAdapters::RobotAdapters(const Checkpoint& checkpoint) : checkpoint_(checkpoint) {
  for (const auto& [name, trained] : checkpoint.embodiments) {
    adapters_.emplace(name, RobotAdapter{&trained, make_adapter(checkpoint, trained)});
  }
}

const RobotAdapter& RobotAdapters::find(const std::string& name) const {
  const auto found = adapters_.find(name);
  if (found != adapters_.end()) return found->second;
  std::string known;
  for (const auto& [trained, adapter] : adapters_) known += (known.empty() ? "" : ", ") + trained;
  throw Error(checkpoint_.folder.string(), "the policy was not trained on '" + name + "'",
              "it knows " + (known.empty() ? "no embodiment" : known));
}

RobotAdapters::Input RobotAdapters::input(const Request& request, Ask ask) const {
  if (request.goal == nullptr) throw Error("request", "has no goal");
  const RobotAdapter& adapter = find(request.embodiment);
  Input made;
  made.input = adapter.transforms->input(request.frame, request.goal->prompt());
  if (ask == Ask::kSubtask) {
    made.input.prompt = subtask_prompt(request.goal->task);
    made.input.tokens = encode_prompt(checkpoint_.vocabulary(), made.input.prompt,
                                      checkpoint_.config.max_prompt_tokens);
  }
  made.request = {.adapter = &adapter,
                  .id = request.id,
                  .time_ns = request.frame.time_ns,
                  .state = request.frame.state,
                  .prompt = std::move(made.input.prompt),
                  .reused = std::vector<int64_t>(request.frame.pictures.size(), -1)};
  return made;
}

void RobotAdapters::require_ask(const Prefix& prefix, Ask wanted) {
  if (prefix.ask() == wanted) return;
  throw Error("prefix", wanted == Ask::kActions ? "was encoded for the subtask, not for actions"
                                                : "was encoded for actions, not for the subtask");
}

void RobotAdapters::require_fit(size_t requests, size_t streams, const SampleOptions& options) {
  if (streams < requests || streams % std::max<size_t>(requests, 1) != 0) {
    throw Error("sample", std::to_string(streams) + " random streams for " +
                              std::to_string(requests) + " requests");
  }
  if (options.chunking == Chunking::kIndependent) return;
  if (options.previous.size() != requests) {
    throw Error("sample", std::to_string(options.previous.size()) + " previous chunks for " +
                              std::to_string(requests) + " requests");
  }
}

std::vector<float> RobotAdapters::noise(Rng& rng) const {
  const ModelConfig& config = checkpoint_.config;
  std::vector<float> noise(static_cast<size_t>(config.horizon) * config.max_action_dim);
  std::generate(noise.begin(), noise.end(), [&] { return static_cast<float>(rng.normal()); });
  return noise;
}

std::vector<float> RobotAdapters::previous(const RobotAdapter& adapter,
                                           std::span<const float> state,
                                           const ActionChunk& rest) const {
  // The transforms take whole chunks; the entries that are filled up here are cut off again.
  const ModelConfig& config = checkpoint_.config;
  const size_t width = adapter.trained->contract.action.size();
  if (rest.dim != static_cast<int>(width)) {
    throw Error("sample", "a previous chunk of " + std::to_string(rest.dim) + " fields",
                "the contract has " + std::to_string(width));
  }
  std::vector<float> actions(static_cast<size_t>(config.horizon) * width, 0.0f);
  const size_t count = std::min(actions.size(), rest.actions.size());
  std::copy_n(rest.actions.begin(), count, actions.begin());
  adapter.transforms->targets(state, actions);
  actions.resize(count);
  return actions;
}

ActionChunk RobotAdapters::chunk(const EncodedRequest& request, std::span<const float> normal,
                                 const SampleOptions& options, size_t i) const {
  const Embodiment& contract = request.adapter->trained->contract;
  ActionChunk chunk;
  chunk.id = request.id;
  chunk.observation_time_ns = request.time_ns;
  chunk.period_s = contract.action_period_s;
  chunk.horizon = static_cast<int>(normal.size()) / checkpoint_.config.max_action_dim;
  chunk.dim = static_cast<int>(contract.action.size());
  chunk.policy_hash = checkpoint_.policy_hash;
  chunk.actions = request.adapter->transforms->actions(request.state, normal);
  if (options.chunking == Chunking::kGuided) chunk.frozen = options.guided.delay;
  if (options.chunking == Chunking::kContinued) {
    const std::vector<float>& previous = options.previous[i].actions;
    const int there = static_cast<int>(previous.size()) / chunk.dim;
    chunk.frozen = std::min({options.guided.delay, chunk.horizon, there});
    std::copy_n(previous.begin(), chunk.frozen * chunk.dim, chunk.actions.begin());
  }
  return chunk;
}

}  // namespace gyre::infer
