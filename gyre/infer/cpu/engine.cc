#include "gyre/infer/cpu/engine.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <thread>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/infer/bodies.h"
#include "gyre/policy/prompt.h"

namespace gyre::infer {
namespace {

constexpr int kMaxSubtaskTokens = 32;

// Things that are used over and over, as many as were ever in use at once.
template <class T>
class Shelf {
 public:
  template <class Make>
  std::unique_ptr<T> take(const Make& make) {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto thing = std::move(free_.back());
        free_.pop_back();
        return thing;
      }
    }
    return make();
  }
  void give(std::unique_ptr<T> thing) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(thing));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> free_;
};

// One robot's observation as the network took it, and what it made of it.
struct EncodedRobot {
  cpu::EncodedInput encoded;
  PolicyInput given;
  std::vector<float> pictures;  // [cameras, 3, S, S]: those that the tokens were computed from
  std::vector<float> tokens;    // [cameras, token_count, W]
};

class CpuPrefix : public Prefix {
 public:
  CpuPrefix(const Engine* engine, const Body* body) : engine(engine), body(body) {}
  int batch() const override { return static_cast<int>(robots.size()); }

  struct Robot {
    std::shared_ptr<const EncodedRobot> encoded;
    std::vector<float> state;
    std::string task;
    int64_t time_ns;
  };
  const Engine* engine;
  const Body* body;
  std::vector<Robot> robots;
};

// The largest mean absolute difference of a patch of `patch` pixels a side, pixels being -1 .. 1.
double largest_change(const float* a, const float* b, int size, int patch) {
  double largest = 0;
  for (int top = 0; top < size; top += patch) {
    for (int left = 0; left < size; left += patch) {
      double sum = 0;
      const int rows = std::min(patch, size - top), columns = std::min(patch, size - left);
      for (int c = 0; c < 3; ++c) {
        for (int y = top; y < top + rows; ++y) {
          const int64_t at = (static_cast<int64_t>(c) * size + y) * size + left;
          for (int x = 0; x < columns; ++x) sum += std::abs(a[at + x] - b[at + x]);
        }
      }
      largest = std::max(largest, sum / (2.0 * 3 * rows * columns));
    }
  }
  return largest;
}

class CpuEngine : public Engine {
 public:
  CpuEngine(Checkpoint checkpoint, const EngineOptions& options)
      : checkpoint_(std::move(checkpoint)),
        open_(cpu::open_network(checkpoint_.config, checkpoint_.weights_path(), options)),
        reuse_pictures_(options.reuse_pictures),
        bodies_(checkpoint_),
        robots_(std::make_shared<Shelf<EncodedRobot>>()) {}

  const Checkpoint& checkpoint() const override { return checkpoint_; }

  std::unique_ptr<Prefix> encode(std::span<const Observation> observations,
                                 const std::string& embodiment_name,
                                 const Prefix* last) const override {
    const Body& body = bodies_.find(embodiment_name);
    const CpuPrefix* before = last != nullptr ? &own(*last) : nullptr;
    auto prefix = std::make_unique<CpuPrefix>(this, &body);
    std::vector<cpu::NetworkInput> inputs;
    std::vector<cpu::EncodedInput*> into;
    std::vector<std::vector<const float*>> known(observations.size());
    for (size_t i = 0; i < observations.size(); ++i) {
      const Observation& observation = observations[i];
      const EncodedRobot* old = before != nullptr && i < before->robots.size()
                                    ? before->robots[i].encoded.get()
                                    : nullptr;
      std::shared_ptr<EncodedRobot> robot = take_robot();
      robot->given = body.adapter->input(observation);
      const PolicyInput& given = robot->given;
      prefix->robots.push_back({robot, observation.state, observation.task, observation.time_ns});
      if (old != nullptr && same_prefix(given, *old)) {
        prefix->robots.back().encoded = before->robots[i].encoded;
        continue;
      }
      known[i] = known_pictures(*robot, old);
      inputs.push_back(
          {given.images.data(), given.image_mask, given.tokens, known[i], robot->tokens.data()});
      into.push_back(&robot->encoded);
    }
    if (inputs.empty()) return prefix;
    const auto work = take_workspace();
    network().encode(inputs, into, *work);
    return prefix;
  }

  std::vector<std::string> think(const Prefix& prefix) const override {
    const CpuPrefix& mine = own(prefix);
    const Tokenizer& vocabulary = checkpoint_.vocabulary();
    const auto work = take_workspace();
    std::vector<std::string> texts;
    for (const CpuPrefix::Robot& robot : mine.robots) {
      const PolicyInput& given = robot.encoded->given;
      const std::vector<int> tokens = encode_prompt(vocabulary, subtask_prompt(robot.task),
                                                    checkpoint_.config.max_prompt_tokens);
      const std::vector<const float*> known = kept_pictures(*robot.encoded);
      texts.push_back(vocabulary.decode(
          network().continue_text({given.images.data(), given.image_mask, tokens, known},
                                  kMaxSubtaskTokens, vocabulary.eos_id(), *work)));
    }
    return texts;
  }

  std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                  const SampleOptions& options) const override {
    const CpuPrefix& mine = own(prefix);
    const size_t count = mine.robots.size();
    bodies_.require_fit(count, rngs.size(), options);
    const ModelConfig& config = checkpoint_.config;
    std::vector<const cpu::EncodedInput*> encoded;
    std::vector<float> states, x;
    std::vector<std::vector<float>> left(count);
    std::vector<cpu::Previous> previous;
    for (size_t i = 0; i < count; ++i) {
      const CpuPrefix::Robot& robot = mine.robots[i];
      encoded.push_back(&robot.encoded->encoded);
      const std::vector<float> state = body_state(*mine.body, robot);
      states.insert(states.end(), state.begin(), state.end());
      const std::vector<float> noise = bodies_.noise(rngs[i]);
      x.insert(x.end(), noise.begin(), noise.end());
      if (options.chunking == Chunking::kIndependent) continue;
      const int width = options.previous[i].dim;
      left[i] = bodies_.previous(*mine.body, robot.state, options.previous[i]);
      previous.push_back({left[i].data(), static_cast<int>(left[i].size()) / width, width});
    }
    cpu::FlowOptions flow{.steps = options.flow_steps > 0 ? options.flow_steps : config.flow_steps,
                          .previous = previous,
                          .guided = {},
                          .delay = options.guided.delay};
    if (options.chunking == Chunking::kGuided) flow.guided = options.guided;
    const auto work = take_workspace();
    network().sample(encoded, states.data(), x.data(), flow, *work);

    std::vector<ActionChunk> chunks;
    const size_t each = x.size() / std::max<size_t>(count, 1);
    for (size_t i = 0; i < count; ++i) {
      const CpuPrefix::Robot& robot = mine.robots[i];
      chunks.push_back(bodies_.chunk(*mine.body, robot.state, robot.time_ns,
                                     std::span(x).subspan(i * each, each), options));
    }
    return chunks;
  }

 private:
  using Work = cpu::NetworkWorkspace;
  struct GiveBack {
    Shelf<Work>* shelf;
    void operator()(Work* work) const { shelf->give(std::unique_ptr<Work>(work)); }
  };

  std::unique_ptr<Work, GiveBack> take_workspace() const {
    return {workspaces_.take([&] { return std::make_unique<Work>(network().machine()); }).release(),
            GiveBack{&workspaces_}};
  }

  // The network's input state of a robot [max_state_dim]: of this observation, though what is
  // encoded may be that of an earlier one.
  std::vector<float> body_state(const Body& body, const CpuPrefix::Robot& robot) const {
    std::vector<float> state = body.adapter->state(robot.state);
    state.resize(checkpoint_.config.max_state_dim, 0.0f);
    return state;
  }

  std::shared_ptr<EncodedRobot> take_robot() const {
    auto robot = robots_->take([] { return std::make_unique<EncodedRobot>(); });
    const ModelConfig& config = checkpoint_.config;
    robot->tokens.resize(static_cast<size_t>(config.cameras) * config.vision.token_count() *
                         config.language.width);
    return {robot.release(), [shelf = robots_](EncodedRobot* used) {
              shelf->give(std::unique_ptr<EncodedRobot>(used));
            }};
  }

  static bool same_prefix(const PolicyInput& given, const EncodedRobot& old) {
    return given.tokens == old.given.tokens && given.image_mask == old.given.image_mask &&
           given.images == old.given.images && old.pictures == old.given.images;
  }

  // Tokens of the pictures under another prompt: none where they depend on it.
  std::vector<const float*> kept_pictures(const EncodedRobot& robot) const {
    std::vector<const float*> kept;
    if (network().pictures_hear_prompt()) return kept;
    const int cameras = checkpoint_.config.cameras;
    const size_t tokens = robot.tokens.size() / cameras;
    for (int camera = 0; camera < cameras; ++camera) {
      kept.push_back(robot.tokens.data() + camera * tokens);
    }
    return kept;
  }

  // Of each camera the tokens that are still good, and which picture they are of.
  std::vector<const float*> known_pictures(EncodedRobot& robot, const EncodedRobot* old) const {
    const ModelConfig& config = checkpoint_.config;
    robot.pictures = robot.given.images;
    std::vector<const float*> known(config.cameras, nullptr);
    if (old == nullptr) return known;
    if (network().pictures_hear_prompt() && robot.given.tokens != old->given.tokens) return known;
    const int size = config.vision.image_size;
    const size_t numbers = size_t{3} * size * size, tokens = robot.tokens.size() / config.cameras;
    for (int camera = 0; camera < config.cameras; ++camera) {
      if (robot.given.image_mask[camera] == 0 || old->given.image_mask[camera] == 0) continue;
      const float* now = robot.given.images.data() + camera * numbers;
      const float* then = old->pictures.data() + camera * numbers;
      const bool same = std::equal(now, now + numbers, then);
      if (!same && largest_change(now, then, size, config.vision.patch) >= reuse_pictures_)
        continue;
      known[camera] = old->tokens.data() + camera * tokens;
      std::copy_n(then, numbers, robot.pictures.data() + camera * numbers);
    }
    return known;
  }

  const cpu::Network& network() const { return *open_.network; }

  const CpuPrefix& own(const Prefix& prefix) const {
    const auto* mine = dynamic_cast<const CpuPrefix*>(&prefix);
    if (!mine || mine->engine != this) throw Error("prefix", "another engine encoded it");
    return *mine;
  }

  Checkpoint checkpoint_;
  cpu::OpenNetwork open_;
  double reuse_pictures_;
  Bodies bodies_;
  std::shared_ptr<Shelf<EncodedRobot>> robots_;
  mutable Shelf<Work> workspaces_;
};

}  // namespace

std::unique_ptr<Engine> open_cpu(Checkpoint checkpoint, const EngineOptions& options) {
  return std::make_unique<CpuEngine>(std::move(checkpoint), options);
}

namespace cpu {
namespace {

// What most numbers are stored in, as the kernels take it best.
Precision stored_precision(const Kernels& kernels, const StoredTensors& tensors) {
  const io::TensorView* head = tensors.find(
      "paligemma_with_expert.paligemma.model."
      "language_model.layers.0.self_attn.q_proj.weight");
  return head != nullptr && head->dtype == io::Dtype::kBF16 ? kernels.half : Precision::kF32;
}

}  // namespace

OpenNetwork open_network(const ModelConfig& config, const std::filesystem::path& weights,
                         const EngineOptions& options) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (options.threads < 1 || options.threads > cores) {
    throw Error("--threads " + std::to_string(options.threads),
                "this machine has " + std::to_string(cores) + " cores",
                "give 1 to " + std::to_string(cores));
  }
  const Kernels& table =
      kernels(options.target == "auto" ? best_target() : target_named(options.target));
  StoredTensors tensors = StoredTensors::open(weights);
  tensors.require(config);
  const Precision precision = options.precision == "auto" ? stored_precision(table, tensors)
                                                          : precision_named(options.precision);
  OpenNetwork open;
  open.loading = std::make_unique<ThreadPool>(cores);  // made before this thread is pinned
  open.pool = std::make_unique<ThreadPool>(options.threads, options.pin);
  open.network = std::make_unique<const Network>(
      Machine{
          .kernels = table, .pool = *open.pool, .loading = *open.loading, .precision = precision},
      config, std::move(tensors));
  return open;
}

}  // namespace cpu
}  // namespace gyre::infer
