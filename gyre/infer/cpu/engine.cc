#include "gyre/infer/cpu/engine.h"

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

struct EncodedRobots {
  std::vector<cpu::EncodedInput> inputs;
  std::vector<PolicyInput> given;
};

class CpuPrefix : public Prefix {
 public:
  CpuPrefix(const Engine* engine, const Body* body, std::shared_ptr<Shelf<EncodedRobots>> shelf)
      : engine(engine),
        body(body),
        robots(shelf->take([] { return std::make_unique<EncodedRobots>(); })),
        shelf_(std::move(shelf)) {}
  ~CpuPrefix() override { shelf_->give(std::move(robots)); }
  int batch() const override { return static_cast<int>(observations.size()); }

  struct Seen {
    std::vector<float> state;
    std::string task;
    int64_t time_ns;
  };
  const Engine* engine;
  const Body* body;
  std::unique_ptr<EncodedRobots> robots;
  std::vector<Seen> observations;

 private:
  std::shared_ptr<Shelf<EncodedRobots>> shelf_;
};

class CpuEngine : public Engine {
 public:
  CpuEngine(Checkpoint checkpoint, const EngineOptions& options)
      : checkpoint_(std::move(checkpoint)),
        open_(cpu::open_network(checkpoint_.config, checkpoint_.weights_path(), options)),
        bodies_(checkpoint_),
        prefixes_(std::make_shared<Shelf<EncodedRobots>>()) {}

  const Checkpoint& checkpoint() const override { return checkpoint_; }

  std::unique_ptr<Prefix> encode(std::span<const Observation> observations,
                                 const std::string& embodiment_name) const override {
    const Body& body = bodies_.find(embodiment_name);
    auto prefix = std::make_unique<CpuPrefix>(this, &body, prefixes_);
    EncodedRobots& robots = *prefix->robots;
    robots.given.clear();
    robots.inputs.resize(std::max(robots.inputs.size(), observations.size()));
    std::vector<cpu::NetworkInput> inputs;
    for (const Observation& observation : observations) {
      robots.given.push_back(body.adapter->input(observation));
      prefix->observations.push_back({observation.state, observation.task, observation.time_ns});
    }
    for (const PolicyInput& given : robots.given) {
      inputs.push_back({given.images.data(), given.image_mask, given.tokens});
    }
    const auto work = take_workspace();
    network().encode(inputs, {robots.inputs.data(), inputs.size()}, *work);
    return prefix;
  }

  std::vector<std::string> think(const Prefix& prefix) const override {
    const CpuPrefix& mine = own(prefix);
    const Tokenizer& vocabulary = checkpoint_.vocabulary();
    const auto work = take_workspace();
    std::vector<std::string> texts;
    for (size_t i = 0; i < mine.observations.size(); ++i) {
      const PolicyInput& given = mine.robots->given[i];
      const std::vector<int> tokens =
          encode_prompt(vocabulary, subtask_prompt(mine.observations[i].task),
                        checkpoint_.config.max_prompt_tokens);
      texts.push_back(vocabulary.decode(
          network().continue_text({given.images.data(), given.image_mask, tokens},
                                  kMaxSubtaskTokens, vocabulary.eos_id(), *work)));
    }
    return texts;
  }

  std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                  const SampleOptions& options) const override {
    const CpuPrefix& mine = own(prefix);
    const size_t count = mine.observations.size();
    bodies_.require_fit(count, rngs.size(), options);
    const ModelConfig& config = checkpoint_.config;
    std::vector<const cpu::EncodedInput*> encoded;
    std::vector<float> states, x;
    std::vector<std::vector<float>> left(count);
    std::vector<cpu::Previous> previous;
    for (size_t i = 0; i < count; ++i) {
      encoded.push_back(&mine.robots->inputs[i]);
      const auto& state = mine.robots->given[i].state;
      states.insert(states.end(), state.begin(), state.end());
      const std::vector<float> noise = bodies_.noise(rngs[i]);
      x.insert(x.end(), noise.begin(), noise.end());
      if (options.chunking == Chunking::kIndependent) continue;
      const int width = options.previous[i].dim;
      left[i] = bodies_.previous(*mine.body, mine.observations[i].state, options.previous[i]);
      previous.push_back({left[i].data(), static_cast<int>(left[i].size()) / width, width});
    }
    cpu::FlowOptions flow{
        .steps = options.flow_steps > 0 ? options.flow_steps : config.flow_steps,
        .previous = previous,
        .guided = {},
        .delay = options.guided.delay};
    if (options.chunking == Chunking::kGuided) flow.guided = options.guided;
    const auto work = take_workspace();
    network().sample(encoded, states.data(), x.data(), flow, *work);

    std::vector<ActionChunk> chunks;
    const size_t each = x.size() / std::max<size_t>(count, 1);
    for (size_t i = 0; i < count; ++i) {
      const CpuPrefix::Seen& seen = mine.observations[i];
      chunks.push_back(bodies_.chunk(*mine.body, seen.state, seen.time_ns,
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

  const cpu::Network& network() const { return *open_.network; }

  const CpuPrefix& own(const Prefix& prefix) const {
    const auto* mine = dynamic_cast<const CpuPrefix*>(&prefix);
    if (!mine || mine->engine != this) throw Error("prefix", "another engine encoded it");
    return *mine;
  }

  Checkpoint checkpoint_;
  cpu::OpenNetwork open_;
  Bodies bodies_;
  std::shared_ptr<Shelf<EncodedRobots>> prefixes_;
  mutable Shelf<Work> workspaces_;
};

}  // namespace

std::unique_ptr<Engine> open_cpu(Checkpoint checkpoint, const EngineOptions& options) {
  return std::make_unique<CpuEngine>(std::move(checkpoint), options);
}

namespace cpu {
namespace {

Precision precision_named(const std::string& name, const StoredTensors& tensors) {
  if (name == "auto") {  // what most numbers are stored in
    const io::TensorView* head = tensors.find("paligemma_with_expert.paligemma.model."
                                              "language_model.layers.0.self_attn.q_proj.weight");
    return head != nullptr && head->dtype == io::Dtype::kBF16 ? Precision::kBf16 : Precision::kF32;
  }
  for (const Precision precision :
       {Precision::kF32, Precision::kBf16, Precision::kInt8, Precision::kInt4}) {
    if (precision_name(precision) == name) return precision;
  }
  throw Error("--precision " + name, "is none", "auto, f32, bf16, int8 or int4");
}

}  // namespace

std::string_view precision_name(Precision precision) {
  switch (precision) {
    case Precision::kBf16:
      return "bf16";
    case Precision::kInt8:
      return "int8";
    case Precision::kInt4:
      return "int4";
    case Precision::kF32:
      break;
  }
  return "f32";
}

OpenNetwork open_network(const ModelConfig& config, const std::filesystem::path& weights,
                         const EngineOptions& options) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (options.threads < 1 || options.threads > cores) {
    throw Error("--threads " + std::to_string(options.threads), "this machine has " +
                                                                    std::to_string(cores) +
                                                                    " cores",
                "give 1 to " + std::to_string(cores));
  }
  const Kernels& table =
      kernels(options.target == "auto" ? best_target() : target_named(options.target));
  StoredTensors tensors = StoredTensors::open(weights);
  tensors.require(config);
  const Precision precision = precision_named(options.precision, tensors);
  OpenNetwork open;
  open.pool = std::make_unique<ThreadPool>(options.threads, options.pin);
  open.network = std::make_unique<const Network>(
      Machine{.kernels = table, .pool = *open.pool, .precision = precision}, config,
      std::move(tensors));
  return open;
}

}  // namespace cpu
}  // namespace gyre::infer
