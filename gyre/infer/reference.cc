#include "gyre/infer/reference.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/model/policy.h"
#include "gyre/model/threads.h"
#include "gyre/policy/action_transform.h"
#include "gyre/policy/normalizer.h"
#include "gyre/policy/prompt.h"

namespace gyre::infer {
namespace {

using torch::Tensor;

constexpr int kMaxSubtaskTokens = 32;
// As in training, where outliers shall not decide a step.
constexpr float kLargestState = 5;

// A trained contract, ready for use.
struct Body {
  const TrainedEmbodiment* trained = nullptr;
  Normalizer state;
  ActionTransform action;
};

struct EncodedRobot {
  model::PrefixInput input;
  model::KvCache cache;
  Tensor state;  // [1, max_state_dim], normalised
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

// [3, S, S], -1..1.
Tensor pixels(const Image& image, const std::string& camera, int size) {
  if (image.width != size || image.height != size) {
    throw Error(
        "camera " + camera,
        "the picture is " + std::to_string(image.width) + " x " + std::to_string(image.height),
        "this policy sees " + std::to_string(size) + " x " + std::to_string(size));
  }
  const auto bytes =
      torch::from_blob(const_cast<uint8_t*>(image.rgb.data()), {size, size, 3}, torch::kUInt8);
  return bytes.to(torch::kFloat32).div_(255).mul_(2).sub_(1).permute({2, 0, 1});
}

class ReferenceEngine : public Engine {
 public:
  explicit ReferenceEngine(const std::filesystem::path& folder)
      : checkpoint_(Checkpoint::open(folder)),
        policy_(checkpoint_.config,
                model::Parameters::load(checkpoint_.config, checkpoint_.weights_path())) {
    model::use_one_thread_each();
    for (const auto& [name, trained] : checkpoint_.embodiments) {
      bodies_.emplace(
          name, Body{&trained,
                     Normalizer(NormKind::kQuantile, trained.state, trained.contract.state.size()),
                     ActionTransform(trained)});
    }
  }

  const Checkpoint& checkpoint() const override { return checkpoint_; }

  std::unique_ptr<Prefix> encode(std::span<const Observation> observations,
                                 const std::string& embodiment_name) const override {
    const c10::InferenceMode inference;
    const Body& body = find_body(embodiment_name);
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
      set_prompt(subtask_prompt(robot.task), input);
      const auto text =
          policy_.continue_text(input, kMaxSubtaskTokens, checkpoint_.vocabulary().eos_id());
      texts.push_back(checkpoint_.vocabulary().decode(text.front()));
    }
    return texts;
  }

  std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                  const SampleOptions& options) const override {
    const c10::InferenceMode inference;
    const auto& encoded = own(prefix);
    if (rngs.size() != encoded.robots.size()) {
      throw Error("sample",
                  std::to_string(rngs.size()) + " random streams for " +
                      std::to_string(encoded.robots.size()) + " robots",
                  "");
    }
    std::vector<ActionChunk> chunks;
    for (size_t i = 0; i < rngs.size(); ++i) {
      chunks.push_back(sample_one(encoded.robots[i], *encoded.body, rngs[i], options));
    }
    return chunks;
  }

 private:
  const ModelConfig& config() const { return checkpoint_.config; }

  const Body& find_body(const std::string& name) const {
    const auto found = bodies_.find(name);
    if (found != bodies_.end()) return found->second;
    std::string known;
    for (const auto& [trained, body] : bodies_) known += (known.empty() ? "" : ", ") + trained;
    throw Error(checkpoint_.folder.string(), "the policy was not trained on '" + name + "'",
                "it knows " + (known.empty() ? "no embodiment" : known));
  }

  const ReferencePrefix& own(const Prefix& prefix) const {
    const auto* mine = dynamic_cast<const ReferencePrefix*>(&prefix);
    if (!mine || mine->engine != this) throw Error("prefix", "another engine encoded it");
    return *mine;
  }

  void set_prompt(const std::string& text, model::PrefixInput& input) const {
    const auto ids = encode_prompt(checkpoint_.vocabulary(), text, config().max_prompt_tokens);
    input.tokens = torch::tensor(std::vector<int64_t>(ids.begin(), ids.end())).unsqueeze(0);
    input.token_mask = torch::ones_like(input.tokens, torch::kBool);
  }

  EncodedRobot encode_one(const Observation& observation, const Body& body) const {
    const auto& contract = body.trained->contract;
    if (observation.images.size() != contract.cameras.size()) {
      throw Error(contract.name, std::to_string(observation.images.size()) + " pictures for " +
                                     std::to_string(contract.cameras.size()) + " cameras");
    }
    EncodedRobot robot;
    robot.task = observation.task;
    robot.time_ns = observation.time_ns;
    const int cameras = config().cameras, size = config().vision.image_size;
    robot.input.images = torch::full({1, cameras, 3, size, size}, -1.0f);
    robot.input.image_mask = torch::zeros({1, cameras}, torch::kBool);
    for (size_t i = 0; i < observation.images.size(); ++i) {
      robot.input.images[0][i].copy_(pixels(observation.images[i], contract.cameras[i].name, size));
      robot.input.image_mask[0][i] = true;
    }
    const auto state = normal_state(observation, body);
    set_prompt(action_prompt(observation.prompt()), robot.input);
    robot.raw_state = observation.state;
    robot.state = torch::zeros({1, config().max_state_dim});
    std::copy(state.begin(), state.end(), robot.state.data_ptr<float>());
    robot.cache = policy_.encode(policy_.embed_prefix(robot.input)).cache;
    return robot;
  }

  std::vector<float> normal_state(const Observation& observation, const Body& body) const {
    const auto& fields = body.trained->contract.state;
    if (observation.state.size() != fields.size()) {
      throw Error(body.trained->contract.name,
                  "a state of " + std::to_string(observation.state.size()) + " numbers",
                  "the contract has " + std::to_string(fields.size()));
    }
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!std::isfinite(observation.state[i])) {
        throw Error("state " + fields[i].name, "it is not a finite number", "check the sensor");
      }
    }
    std::vector<float> state(fields.size());
    body.state.normalize(observation.state, state);
    for (float& value : state) value = std::clamp(value, -kLargestState, kLargestState);
    return state;
  }

  ActionChunk sample_one(const EncodedRobot& robot, const Body& body, Rng& rng,
                         const SampleOptions& options) const {
    const int width = config().max_action_dim, horizon = config().horizon;
    auto noise = torch::empty({1, horizon, width});
    std::generate_n(noise.data_ptr<float>(), noise.numel(),
                    [&] { return static_cast<float>(rng.normal()); });
    const int steps = options.flow_steps > 0 ? options.flow_steps : config().flow_steps;
    const int64_t dim = static_cast<int64_t>(body.trained->contract.action.size());
    const auto normal =
        policy_.sample(robot.cache, robot.state, noise, steps)[0].slice(1, 0, dim).contiguous();

    ActionChunk chunk;
    chunk.observation_time_ns = robot.time_ns;
    chunk.period_s = body.trained->contract.period_s;
    chunk.horizon = horizon;
    chunk.dim = static_cast<int>(dim);
    chunk.policy_hash = checkpoint_.weights_hash;
    chunk.actions.assign(normal.data_ptr<float>(), normal.data_ptr<float>() + horizon * dim);
    body.action.decode(robot.raw_state, chunk.actions);
    return chunk;
  }

  Checkpoint checkpoint_;
  model::Policy policy_;
  std::map<std::string, Body> bodies_;
};

}  // namespace

std::unique_ptr<Engine> open_reference(const std::filesystem::path& policy_folder) {
  return std::make_unique<ReferenceEngine>(policy_folder);
}

}  // namespace gyre::infer
