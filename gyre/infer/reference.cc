#include "gyre/infer/reference.h"

#include <algorithm>
#include <string>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/infer/bodies.h"
#include "gyre/model/chunking.h"
#include "gyre/model/policy.h"
#include "gyre/model/threads.h"
#include "gyre/policy/action_words.h"
#include "gyre/policy/prompt.h"

namespace gyre::infer {
namespace {

using torch::Tensor;

constexpr int kMaxSubtaskTokens = 32;

void set_tokens(std::span<const int> ids, model::PrefixInput& input) {
  input.tokens = torch::tensor(std::vector<int64_t>(ids.begin(), ids.end())).unsqueeze(0);
  input.token_mask = torch::ones_like(input.tokens, torch::kBool);
}

struct EncodedRobot {
  model::PrefixInput input;
  model::KvCache cache;
  Tensor state;             // [1, max_state_dim], normalised
  std::vector<int> tokens;  // of the prompt
  std::vector<float> raw_state;
  std::string task;
  int64_t time_ns = 0;
};

class ReferencePrefix : public Prefix {
 public:
  ReferencePrefix(const Engine* engine, const Body* body) : engine(engine), body(body) {}
  int batch() const override { return static_cast<int>(robots.size()); }

  const Engine* engine;
  const Body* body;
  std::vector<EncodedRobot> robots;
};

class ReferenceEngine : public Engine {
 public:
  explicit ReferenceEngine(Checkpoint checkpoint)
      : checkpoint_(std::move(checkpoint)),
        policy_(checkpoint_.config,
                model::Parameters::load(checkpoint_.config, checkpoint_.weights_path())),
        bodies_(checkpoint_) {
    model::use_one_thread_each();
  }

  const Checkpoint& checkpoint() const override { return checkpoint_; }

  std::unique_ptr<Prefix> encode(std::span<const Observation> observations,
                                 const std::string& embodiment_name,
                                 const Prefix* /*last*/) const override {
    const c10::InferenceMode inference;
    const Body& body = bodies_.find(embodiment_name);
    auto prefix = std::make_unique<ReferencePrefix>(this, &body);
    for (const auto& observation : observations) {
      prefix->robots.push_back(encode_one(observation, body));
    }
    return prefix;
  }

  std::vector<std::string> think(const Prefix& prefix) const override {
    const c10::InferenceMode inference;
    std::vector<std::string> texts;
    for (const auto& robot : own(prefix).robots) {
      auto input = robot.input;
      set_tokens(encode_prompt(checkpoint_.vocabulary(), subtask_prompt(robot.task),
                               config().max_prompt_tokens),
                 input);
      const auto text = policy_.continue_text(
          input, {.max_tokens = kMaxSubtaskTokens, .stop = checkpoint_.vocabulary().eos_id()});
      texts.push_back(checkpoint_.vocabulary().decode(text.front()));
    }
    return texts;
  }

  std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                  const SampleOptions& options) const override {
    const c10::InferenceMode inference;
    const auto& encoded = own(prefix);
    bodies_.require_fit(encoded.robots.size(), rngs.size(), options);
    std::vector<ActionChunk> chunks;
    for (size_t i = 0; i < rngs.size(); ++i) {
      chunks.push_back(sample_one(encoded.robots[i], *encoded.body, i, rngs[i], options));
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

  EncodedRobot encode_one(const Observation& observation, const Body& body) const {
    const PolicyInput given = body.adapter->input(observation);
    const int64_t cameras = config().cameras, size = config().vision.image_size;
    EncodedRobot robot;
    robot.task = observation.task;
    robot.time_ns = observation.time_ns;
    robot.raw_state = observation.state;
    robot.input.images = torch::tensor(given.images).view({1, cameras, 3, size, size});
    robot.input.image_mask = torch::tensor(given.image_mask).to(torch::kBool).unsqueeze(0);
    robot.tokens = given.tokens;
    set_tokens(given.tokens, robot.input);
    robot.state = torch::tensor(given.state).unsqueeze(0);
    if (!config().has_expert()) return robot;  // sample() says the whole chunk
    robot.cache = policy_.encode(policy_.embed_prefix(robot.input)).cache;
    return robot;
  }

  ActionChunk sample_one(const EncodedRobot& robot, const Body& body, size_t index, Rng& rng,
                         const SampleOptions& options) const {
    const std::vector<float> normal = config().has_expert() ? flow(robot, body, index, rng, options)
                                                            : say(robot, chunk_width(body), rng);
    return bodies_.chunk(body, robot.raw_state, robot.time_ns, normal, options);
  }

  static int chunk_width(const Body& body) {
    return static_cast<int>(body.trained->contract.action.size());
  }

  // [H, max_action_dim], normalised.
  std::vector<float> flow(const EncodedRobot& robot, const Body& body, size_t index, Rng& rng,
                          const SampleOptions& options) const {
    const int width = config().max_action_dim, horizon = config().horizon;
    const auto noise = torch::tensor(bodies_.noise(rng)).view({1, horizon, width});
    const int steps = options.flow_steps > 0 ? options.flow_steps : config().flow_steps;
    Tensor normal;
    if (options.chunking == Chunking::kIndependent) {
      normal = policy_.sample(robot.cache, robot.state, noise, steps);
    } else {
      const ActionChunk& left = options.previous[index];
      const auto previous =
          torch::tensor(bodies_.previous(body, robot.raw_state, left)).view({1, -1, left.dim});
      normal = options.chunking == Chunking::kGuided
                   ? model::sample_guided(policy_, robot.cache, robot.state, noise, steps, previous,
                                          options.guided)
                   : model::sample_continued(policy_, robot.cache, robot.state, noise, steps,
                                             previous, options.guided.delay);
    }
    normal = normal.contiguous();
    const auto* first = normal.data_ptr<float>();
    return {first, first + normal.numel()};
  }

  std::vector<float> say(const EncodedRobot& robot, int dim, Rng& rng) const {
    const ActionWords words(checkpoint_);
    const FastSpelling& spelling = words.spelling();
    auto input = robot.input;
    std::vector<int> ids = robot.tokens;
    for (const int id : words.opening()) ids.push_back(id);
    set_tokens(ids, input);
    const auto said = policy_.continue_text(input, {.max_tokens = spelling.max_said,
                                                    .stop = words.stop(),
                                                    .skipped_positions = spelling.skipped_positions,
                                                    .temperature = spelling.temperature,
                                                    .rng = &rng});
    const int steps = spelling.steps > 0 ? spelling.steps : config().horizon;
    const auto chunk = words.chunk(said.front(), steps, dim);
    if (!chunk) {
      throw Error("policy " + checkpoint_.folder.string(),
                  "said '" + checkpoint_.vocabulary().decode(said.front()).substr(0, 60) +
                      "' where it shall begin with 'Action:'",
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
  Bodies bodies_;
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
  const model::Policy policy(config, model::Parameters::load(config, weights));
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
