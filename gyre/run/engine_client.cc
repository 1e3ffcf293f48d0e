#include "gyre/run/engine_client.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include "gyre/policy/agreed_draw.h"
#include "gyre/policy/faster_chunk.h"

namespace gyre::run {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

float ms_since(SteadyTime begin) {
  return std::chrono::duration<float, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

EngineClient::EngineClient(const infer::Engine& engine, const Embodiment& robot,
                           const ClientOptions& options)
    : engine_(engine),
      contract_(engine.checkpoint().trained_on(robot).contract),
      options_(options) {
  require_fit(options.method, engine.checkpoint());
  request_.embodiment = robot.name;
  request_.flow_steps = options.flow_steps;
}

void EngineClient::reset(uint64_t noise_seed) {
  request_.noise_seed = noise_seed;
  last_.reset();
  asked_goal_ = thought_goal_ = nullptr;
}

Answer EngineClient::ask(const Question& question) noexcept {
  Answer result;
  result.request_id = question.id;
  result.generation = question.generation;
  try {
    answer(question, result);
  } catch (const std::exception& error) {
    result.chunk = nullptr;
    result.request = nullptr;
    result.failure = error.what();
    last_.reset();  // it may be half made
  }
  return result;
}

void EngineClient::answer(const Question& question, Answer& answer) {
  const SteadyTime begin = std::chrono::steady_clock::now();
  request_.id = question.id;
  request_.frame = *question.frame;
  request_.goal = question.goal;
  thought_ = false;
  // A subtask that a person gave stands.
  if (options_.think && question.goal->subtask.empty()) request_.goal = with_subtask(request_);
  const Request* request = &request_;
  last_ = engine_.encode(std::span(&request, 1), infer::Ask::kActions, last_.get());
  const float prefix_ms = ms_since(begin);
  const SteadyTime sampling = std::chrono::steady_clock::now();
  ActionChunk chunk = sample(question);
  chunk.times.prefix_ms = prefix_ms;
  chunk.times.sampling_ms = ms_since(sampling);
  if (!options_.timed) chunk.times = {};
  answer.goal = request_.goal;
  answer.request = record(request_, *last_, question);
  answer.chunk = std::make_shared<const ActionChunk>(std::move(chunk));
}

// A chunk must fit the actions that will be sent before it is there; without any it need not.
ActionChunk EngineClient::sample(const Question& question) {
  previous_.find(options_.method, question);
  previous_.agree(options_.method,
                  {.draws = options_.draws,
                   .dim = static_cast<int>(contract_.action.size()),
                   .horizon = engine_.checkpoint().config.horizon,
                   .trained_delay = trained_delay(engine_.checkpoint())},
                  question, request_);
  infer::SampleOptions how{.flow_steps = options_.flow_steps, .chunking = request_.chunking};
  if (request_.chunking != Chunking::kIndependent) {
    how.previous = std::span(request_.previous.get(), 1);
    how.guided = robot_guidance(request_.delay, request_.previous->horizon);
  }
  std::vector<Rng> noise;
  for (int draw = 0; draw < request_.draws; ++draw) noise.push_back(request_.noise(draw));
  std::vector<ActionChunk> draws = engine_.sample(*last_, noise, how);
  if (options_.speed > 1) {
    for (ActionChunk& draw : draws) draw = faster_chunk(draw, options_.speed, contract_);
  }
  ActionChunk chunk = agreed_draw(draws, previous_.actions(), contract_);
  chunk.id = question.id;
  previous_.remember(question, chunk);
  return chunk;
}

GoalPtr EngineClient::with_subtask(const Request& request) {
  const auto interval_ns = std::llround(options_.think_interval_s * 1e9);
  const bool same_goal = thought_goal_ && asked_goal_ == request.goal;
  if (same_goal && request.frame.time_ns - thought_ns_ < interval_ns) return thought_goal_;
  const Request* one = &request;
  last_ = engine_.encode(std::span(&one, 1), infer::Ask::kSubtask, last_.get());
  std::string subtask = engine_.think(*last_).front();
  thought_ns_ = request.frame.time_ns;
  thought_ = true;
  if (same_goal && thought_goal_->subtask == subtask) return thought_goal_;
  auto goal = std::make_shared<Goal>(*request.goal);
  goal->id = (thought_goal_ ? thought_goal_->id : request.goal->id) + 1;
  goal->subtask = std::move(subtask);
  goal->author = "policy";
  goal->time_ns = request.frame.time_ns;
  asked_goal_ = request.goal;
  thought_goal_ = std::move(goal);
  return thought_goal_;
}

RequestPtr EngineClient::record(const Request& request, const infer::Prefix& prefix,
                                const Question& question) const {
  auto record = std::make_shared<RequestRecord>();
  record->id = request.id;
  record->goal_id = request.goal->id;
  record->frame_time_ns = request.frame.time_ns;
  record->state = request.frame.state;
  const std::span<const int64_t> reused = prefix.reused(0);
  for (size_t c = 0; c < request.frame.pictures.size(); ++c) {
    const PictureRef& picture = request.frame.pictures[c];
    RequestPicture& used = record->pictures.emplace_back();
    if (!picture) continue;
    used.id = picture->id;
    used.pixel_hash = pixel_hash(picture->image);
    used.reused_id = reused[c];
  }
  record->prompt = prefix.prompt(0);
  record->noise_seed = request.noise_seed;
  record->chunking = request.chunking;
  record->delay = request.delay;
  record->draws = request.draws;
  record->previous_chunk_id = previous_.chunk_id();
  record->previous = previous_.actions();
  const infer::EngineDescription& engine = engine_.description();
  record->flow_steps =
      request.flow_steps > 0 ? request.flow_steps : engine_.checkpoint().config.flow_steps;
  record->engine = engine.engine;
  record->precision = engine.precision;
  record->target = engine.target;
  record->threads = engine.threads;
  record->policy_hash = engine_.checkpoint().policy_hash;
  record->shadow = question.shadow;
  record->thought = thought_;
  record->previous_horizon = request.previous ? request.previous->horizon : 0;
  return record;
}

}  // namespace gyre::run
