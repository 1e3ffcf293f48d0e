#include "gyre/infer/reference.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/infer/robot_adapters.h"
#include "gyre/model/chunking.h"
#include "gyre/model/policy.h"
#include "gyre/model/threads.h"
#include "gyre/policy/action_tokens.h"

namespace gyre::infer {
namespace {

using torch::Tensor;

void set_tokens(std::span<const int> ids, model::PrefixInput& input) {
  input.tokens = torch::tensor(std::vector<int64_t>(ids.begin(), ids.end())).unsqueeze(0);
  input.token_mask = torch::ones_like(input.tokens, torch::kBool);
}

struct EncodedRobot {
  EncodedRequest request;
  model::PrefixInput input;
  std::vector<int> tokens;  // of the prompt
  model::KvCache cache;  // of a flow policy asked for actions; else the answer needs its own pass
  Tensor state;          // [1, max_state_dim], normalised
};

float ms_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<float, std::milli>(std::chrono::steady_clock::now() - start).count();
}

class ReferencePrefix : public Prefix {
 public:
  ReferencePrefix(const Engine* engine, Ask ask) : engine(engine), asked(ask) {}
  int batch() const override { return static_cast<int>(robots.size()); }
  Ask ask() const override { return asked; }
  const std::string& prompt(int i) const override { return robots.at(i).request.prompt; }
  std::span<const int64_t> reused(int i) const override { return robots.at(i).request.reused; }

  const Engine* engine;
  Ask asked;
  std::vector<EncodedRobot> robots;
  float encode_ms = 0;
};

class ReferenceEngine : public Engine {
 public:
  explicit ReferenceEngine(Checkpoint checkpoint)
      : checkpoint_(std::move(checkpoint)),
        policy_(checkpoint_.config,
                model::Parameters::load(checkpoint_.config, *checkpoint_.tensors)),
        adapters_(checkpoint_) {
    model::use_one_thread_each();
  }

  const Checkpoint& checkpoint() const override { return checkpoint_; }
  EngineDescription description() const override {
    return {.engine = "reference", .precision = "f32", .target = "libtorch", .threads = 1};
  }

  std::unique_ptr<Prefix> encode(std::span<const Request* const> requests, Ask ask,
                                 const Prefix* /*last*/) const override {
    const auto start = std::chrono::steady_clock::now();
    const c10::InferenceMode inference;
    auto prefix = std::make_unique<ReferencePrefix>(this, ask);
    for (const Request* request : requests) {
      prefix->robots.push_back(encode_one(adapters_.input(*request, ask), ask));
    }
    prefix->encode_ms = ms_since(start);
    return prefix;
  }

  std::vector<std::string> think(const Prefix& prefix) const override {
    const c10::InferenceMode inference;
    const ReferencePrefix& mine = own(prefix);
    RobotAdapters::require_ask(prefix, Ask::kSubtask);
    const Tokenizer& vocabulary = checkpoint_.vocabulary();
    std::vector<std::string> texts;
    for (const EncodedRobot& robot : mine.robots) {
      const auto text = policy_.continue_text(
          robot.input, {.max_tokens = kMaxSubtaskTokens, .stop = vocabulary.eos_id()});
      texts.push_back(vocabulary.decode(text.front()));
    }
    return texts;
  }

  std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                  const SampleOptions& options) const override {
    const auto start = std::chrono::steady_clock::now();
    const c10::InferenceMode inference;
    const ReferencePrefix& mine = own(prefix);
    RobotAdapters::require_ask(prefix, Ask::kActions);
    RobotAdapters::require_fit(mine.robots.size(), rngs.size(), options);
    std::vector<ActionChunk> chunks;
    const size_t draws = rngs.size() / std::max<size_t>(mine.robots.size(), 1);
    for (size_t i = 0; i < rngs.size(); ++i) {
      const EncodedRobot& robot = mine.robots[i / draws];
      const std::vector<float> normal =
          config().has_expert() ? flow(robot, i / draws, rngs[i], options) : decode(robot, rngs[i]);
      chunks.push_back(adapters_.chunk(robot.request, normal, options, i / draws));
    }
    const float sampling_ms = ms_since(start);
    for (ActionChunk& chunk : chunks) {
      chunk.times.prefix_ms = mine.encode_ms;
      chunk.times.sampling_ms = sampling_ms;
    }
    return chunks;
  }

 private:
  const ModelConfig& config() const { return checkpoint_.config; }

  const ReferencePrefix& own(const Prefix& prefix) const {
    const auto* mine = dynamic_cast<const ReferencePrefix*>(&prefix);
    if (!mine || mine->engine != this) throw Error("prefix", "another engine encoded it");
    return *mine;
  }

  EncodedRobot encode_one(RobotAdapters::Input made, Ask ask) const {
    const PolicyInput& given = made.input;
    const int64_t cameras = config().cameras, size = config().vision.image_size;
    EncodedRobot robot;
    robot.request = std::move(made.request);
    robot.input.images = torch::tensor(given.images).view({1, cameras, 3, size, size});
    robot.input.image_mask = torch::tensor(given.image_mask).to(torch::kBool).unsqueeze(0);
    robot.tokens = given.tokens;
    set_tokens(given.tokens, robot.input);
    robot.state = torch::tensor(given.state).unsqueeze(0);
    if (ask == Ask::kActions && config().has_expert()) {
      robot.cache = policy_.encode(policy_.embed_prefix(robot.input)).cache;
    }
    return robot;
  }

  // [H, max_action_dim], normalised.
  std::vector<float> flow(const EncodedRobot& robot, size_t index, Rng& rng,
                          const SampleOptions& options) const {
    const int width = config().max_action_dim, horizon = config().horizon;
    const auto noise = torch::tensor(adapters_.noise(rng)).view({1, horizon, width});
    const int steps = options.flow_steps > 0 ? options.flow_steps : config().flow_steps;
    Tensor normal;
    if (options.chunking == Chunking::kIndependent) {
      normal = policy_.sample(robot.cache, robot.state, noise, steps);
    } else {
      const ActionChunk& rest = options.previous[index];
      const auto previous =
          torch::tensor(adapters_.previous(*robot.request.adapter, robot.request.state, rest))
              .view({1, -1, rest.dim});
      normal =
          options.chunking == Chunking::kGuided
              ? model::sample_guided(policy_, robot.cache, robot.state, noise, steps, previous,
                                     options.guided)
              : model::sample_continued(policy_, robot.cache, robot.state, noise, steps, previous,
                                        torch::tensor({int64_t{options.guided.delay}}));
    }
    normal = normal.contiguous();
    const auto* first = normal.data_ptr<float>();
    return {first, first + normal.numel()};
  }

  // A chunk of π0-FAST: action tokens, decoded and detokenised. [H, max_action_dim], normalised.
  std::vector<float> decode(const EncodedRobot& robot, Rng& rng) const {
    const ActionTokens tokens(checkpoint_);
    const FastTokenOptions& options = tokens.options();
    const int dim = static_cast<int>(robot.request.adapter->trained->contract.action.size());
    auto input = robot.input;
    std::vector<int> ids = robot.tokens;
    for (const int id : tokens.opening()) ids.push_back(id);
    set_tokens(ids, input);
    const auto answer =
        policy_.continue_text(input, {.max_tokens = options.max_decode_tokens,
                                      .stop = tokens.stop(),
                                      .skipped_positions = options.skipped_positions,
                                      .temperature = options.temperature,
                                      .rng = &rng});
    const int steps = options.steps > 0 ? options.steps : config().horizon;
    const auto chunk = tokens.detokenise(answer.front(), steps, dim);
    if (!chunk) {
      throw Error("policy " + checkpoint_.folder.string(),
                  "answered '" + checkpoint_.vocabulary().decode(answer.front()).substr(0, 60) +
                      "' where the answer must begin with 'Action:'",
                  "train it further, or set validate_action_token_prefix to false");
    }
    const size_t width = config().max_action_dim;
    std::vector<float> normal(steps * width);
    for (int step = 0; step < steps; ++step) {
      std::copy_n(chunk->begin() + static_cast<std::ptrdiff_t>(step) * dim, dim,
                  normal.begin() + static_cast<std::ptrdiff_t>(step * width));
    }
    return normal;
  }

  Checkpoint checkpoint_;
  model::Policy policy_;
  RobotAdapters adapters_;
};

}  // namespace

std::unique_ptr<Engine> open_reference(Checkpoint checkpoint) {
  return std::make_unique<ReferenceEngine>(std::move(checkpoint));
}

std::vector<float> reference_chunk(const ModelConfig& config, const std::filesystem::path& weights,
                                   std::span<const float> images, std::span<const uint8_t> mask,
                                   std::span<const int> tokens, std::span<const float> state,
                                   std::span<const float> noise, int steps) {
  const c10::InferenceMode inference;
  model::use_one_thread_each();
  const model::Policy policy(config, model::Parameters::load(config, StoredTensors::open(weights)));
  const auto floats = [](std::span<const float> x) {
    return torch::tensor(std::vector<float>(x.begin(), x.end())).unsqueeze(0);
  };
  const int64_t size = config.vision.image_size;
  model::PrefixInput input;
  input.images = floats(images).view({1, config.cameras, 3, size, size});
  input.image_mask =
      torch::tensor(std::vector<uint8_t>(mask.begin(), mask.end())).to(torch::kBool).unsqueeze(0);
  set_tokens(tokens, input);
  const Tensor actions = policy
                             .sample(policy.encode(policy.embed_prefix(input)).cache, floats(state),
                                     floats(noise).view({1, config.horizon, -1}), steps)
                             .contiguous();
  return {actions.data_ptr<float>(), actions.data_ptr<float>() + actions.numel()};
}

}  // namespace gyre::infer
