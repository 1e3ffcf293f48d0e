#include "gyre/verify/ask_again.h"

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/policy/agreed_draw.h"
#include "gyre/policy/faster_chunk.h"
#include "gyre/run/attempt_setup.h"

namespace gyre::verify {
namespace {

// The previous actions as the engine was given them: up to the recorded length, the last repeated.
// Null where the request needs none. `horizon`: the policy's.
ChunkPtr previous_of(const RequestRecord& request, int dim, int horizon) {
  if (request.chunking == Chunking::kIndependent && request.draws == 1) return nullptr;
  const auto width = static_cast<size_t>(dim);
  if (request.previous.size() < width || request.previous.size() % width != 0) {
    throw Error("request " + std::to_string(request.id),
                "its previous actions do not fit the policy's contract");
  }
  auto chunk = std::make_shared<ActionChunk>();
  chunk->dim = dim;
  chunk->horizon = static_cast<int>(request.previous.size() / width);
  if (request.previous_horizon > 0) {
    chunk->horizon = request.previous_horizon;
  } else if (request.chunking != Chunking::kIndependent) {
    chunk->horizon = horizon;
  }
  chunk->actions = request.previous;
  while (chunk->actions.size() < static_cast<size_t>(chunk->horizon) * width) {
    for (size_t i = 0; i < width; ++i) {
      chunk->actions.push_back(chunk->actions[chunk->actions.size() - width]);
    }
  }
  chunk->actions.resize(static_cast<size_t>(chunk->horizon) * width);
  return chunk;
}

Request request_of(const RecordedRequest& recorded, const infer::Engine& engine) {
  const RequestRecord& from = *recorded.request;
  const Checkpoint& policy = engine.checkpoint();
  Request request;
  request.id = from.id;
  request.embodiment = recorded.header->contract.name;
  request.frame.time_ns = from.frame_time_ns;
  request.frame.state = from.state;
  request.frame.pictures = recorded.pictures;
  request.goal = recorded.goal;
  request.noise_seed = from.noise_seed;
  request.chunking = from.chunking;
  request.delay = from.delay;
  request.draws = from.draws;
  request.flow_steps = from.flow_steps;
  const Embodiment& contract = policy.trained_on(recorded.header->contract).contract;
  request.previous =
      previous_of(from, static_cast<int>(contract.action.size()), policy.config.horizon);
  return request;
}

// The goal with the subtask that the policy names now.
GoalPtr thought_again(const infer::Engine& engine, const Request& request) {
  const Request* one = &request;
  const auto prefix = engine.encode(std::span(&one, 1), infer::Ask::kSubtask);
  auto goal = std::make_shared<Goal>(*request.goal);
  goal->subtask = engine.think(*prefix).front();
  return goal;
}

// `planned`: the recorded previous actions, without repeats.
ActionChunk sample(const infer::Engine& engine, const infer::Prefix& prefix, const Request& request,
                   std::span<const float> planned, double speed) {
  infer::SampleOptions how{.flow_steps = request.flow_steps, .chunking = request.chunking};
  if (request.chunking != Chunking::kIndependent) {
    how.previous = std::span(request.previous.get(), 1);
    how.guided = robot_guidance(request.delay, request.previous->horizon);
  }
  std::vector<Rng> noise;
  for (int draw = 0; draw < request.draws; ++draw) noise.push_back(request.noise(draw));
  const Embodiment& contract = engine.checkpoint().embodiments.at(request.embodiment).contract;
  std::vector<ActionChunk> draws = engine.sample(prefix, noise, how);
  if (speed > 1) {
    for (ActionChunk& draw : draws) draw = faster_chunk(draw, speed, contract);
  }
  return agreed_draw(draws, planned, contract);
}

}  // namespace

AnswerAgain ask_again(const infer::Engine& engine, const RecordedRequest& recorded) {
  if (!recorded.lost.empty()) {
    throw Error("request " + std::to_string(recorded.request->id), recorded.lost + " is lost");
  }
  Request request = request_of(recorded, engine);
  if (recorded.request->thought) request.goal = thought_again(engine, request);
  const Request* one = &request;
  const auto prefix = engine.encode(std::span(&one, 1), infer::Ask::kActions);
  AnswerAgain answer{.chunk = sample(engine, *prefix, request, recorded.request->previous,
                                     run::speed_of_setup(recorded.header->setup)),
                     .prompt = prefix->prompt(0),
                     .subtask = request.goal->subtask};
  answer.chunk.id = request.id;
  answer.chunk.times = {};
  return answer;
}

}  // namespace gyre::verify
