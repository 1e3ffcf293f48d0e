#include "gyre/infer/cpu/engine.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/infer/cpu/object_pool.h"
#include "gyre/infer/cpu/open_network.h"
#include "gyre/infer/robot_adapters.h"

namespace gyre::infer {
namespace {

using SteadyClock = std::chrono::steady_clock;

float ms_since(SteadyClock::time_point start) {
  return std::chrono::duration<float, std::milli>(SteadyClock::now() - start).count();
}

// The network's input and result for one request.
struct EncodedRobot {
  cpu::EncodedInput encoded;
  PolicyInput given;
  std::vector<float> pictures;       // [cameras, 3, S, S] that the tokens were computed from
  std::vector<float> tokens;         // [cameras, token_count, W]
  std::vector<int64_t> picture_ids;  // [cameras], of `pictures`
};

class CpuPrefix : public Prefix {
 public:
  CpuPrefix(const Engine* engine, Ask ask) : engine(engine), asked(ask) {}
  int batch() const override { return static_cast<int>(robots.size()); }
  Ask ask() const override { return asked; }
  const std::string& prompt(int i) const override { return robots.at(i).request.prompt; }
  std::span<const int64_t> reused(int i) const override { return robots.at(i).request.reused; }

  struct Robot {
    EncodedRequest request;
    std::shared_ptr<const EncodedRobot> encoded;
  };
  const Engine* engine;
  Ask asked;
  std::vector<Robot> robots;
  float encode_ms = 0;
};

// The largest mean absolute difference over patches of `patch` x `patch` pixels, in units of the
// whole pixel range (the values are -1 .. 1).
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
        open_(cpu::open_network(checkpoint_.config, *checkpoint_.tensors, options)),
        reuse_pictures_(options.reuse_pictures),
        adapters_(checkpoint_),
        robots_(std::make_shared<cpu::ObjectPool<EncodedRobot>>()) {}

  const Checkpoint& checkpoint() const override { return checkpoint_; }

  EngineDescription description() const override {
    const cpu::Machine& machine = network().machine();
    return {.engine = "cpu",
            .precision = std::string(cpu::precision_name(machine.precision)),
            .target = std::string(cpu::target_name(machine.kernels.target)),
            .threads = machine.pool.threads(),
            .reuse_pictures = reuse_pictures_};
  }

  std::unique_ptr<Prefix> encode(std::span<const Request* const> requests, Ask ask,
                                 const Prefix* last) const override {
    const auto start = SteadyClock::now();
    const CpuPrefix* before = last != nullptr ? &own(*last) : nullptr;
    auto prefix = std::make_unique<CpuPrefix>(this, ask);
    std::vector<cpu::NetworkInput> inputs;
    std::vector<cpu::EncodedInput*> into;
    std::vector<std::vector<const float*>> known(requests.size());
    for (size_t i = 0; i < requests.size(); ++i) {
      RobotAdapters::Input made = adapters_.input(*requests[i], ask);
      const CpuPrefix::Robot* earlier = same_robot(before, i, *made.request.adapter);
      std::shared_ptr<EncodedRobot> robot = take_robot();
      robot->given = std::move(made.input);
      const PolicyInput& given = robot->given;
      if (earlier != nullptr && before->asked == ask && same_input(given, *earlier->encoded)) {
        for (int slot = 0; slot < config().cameras; ++slot) {
          mark_reused(*earlier->encoded, slot, made.request);
        }
        prefix->robots.push_back({std::move(made.request), earlier->encoded});
        continue;
      }
      set_pictures(requests[i]->frame, *made.request.adapter, *robot);
      if (earlier != nullptr) known[i] = reuse_tokens(*earlier->encoded, *robot, made.request);
      inputs.push_back(
          {given.images.data(), given.image_mask, given.tokens, known[i], robot->tokens.data()});
      into.push_back(&robot->encoded);
      prefix->robots.push_back({std::move(made.request), std::move(robot)});
    }
    if (!inputs.empty()) {
      const auto work = take_workspace();
      network().encode(inputs, into, *work,
                       ask == Ask::kSubtask ? cpu::Reads::kText : cpu::Reads::kFlow);
    }
    prefix->encode_ms = ms_since(start);
    return prefix;
  }

  std::vector<std::string> think(const Prefix& prefix) const override {
    const CpuPrefix& mine = own(prefix);
    RobotAdapters::require_ask(prefix, Ask::kSubtask);
    const Tokenizer& vocabulary = checkpoint_.vocabulary();
    const auto work = take_workspace();
    std::vector<std::string> texts;
    for (const CpuPrefix::Robot& robot : mine.robots) {
      texts.push_back(vocabulary.decode(network().continue_text(
          robot.encoded->encoded, kMaxSubtaskTokens, vocabulary.eos_id(), *work)));
    }
    return texts;
  }

  std::vector<ActionChunk> sample(const Prefix& prefix, std::span<Rng> rngs,
                                  const SampleOptions& options) const override {
    const auto start = SteadyClock::now();
    const CpuPrefix& mine = own(prefix);
    RobotAdapters::require_ask(prefix, Ask::kActions);
    RobotAdapters::require_fit(mine.robots.size(), rngs.size(), options);
    const size_t count = rngs.size();
    const size_t draws = count / std::max<size_t>(mine.robots.size(), 1);
    std::vector<const cpu::EncodedInput*> encoded;
    std::vector<float> states, x;
    std::vector<std::vector<float>> rest(count);
    std::vector<cpu::Previous> previous;
    for (size_t i = 0; i < count; ++i) {
      const CpuPrefix::Robot& robot = mine.robots[i / draws];
      encoded.push_back(&robot.encoded->encoded);
      const std::vector<float> state = network_state(robot.request);
      states.insert(states.end(), state.begin(), state.end());
      const std::vector<float> noise = adapters_.noise(rngs[i]);
      x.insert(x.end(), noise.begin(), noise.end());
      if (options.chunking == Chunking::kIndependent) continue;
      const ActionChunk& given = options.previous[i / draws];
      const int width = given.dim;
      rest[i] = adapters_.previous(*robot.request.adapter, robot.request.state, given);
      previous.push_back({rest[i].data(), static_cast<int>(rest[i].size()) / width, width});
    }
    cpu::FlowOptions flow{
        .steps = options.flow_steps > 0 ? options.flow_steps : config().flow_steps,
        .previous = previous,
        .guided = {},
        .delay = options.guided.delay};
    if (options.chunking == Chunking::kGuided) flow.guided = options.guided;
    const auto work = take_workspace();
    network().sample(encoded, states.data(), x.data(), flow, *work);

    std::vector<ActionChunk> chunks;
    const size_t each = x.size() / std::max<size_t>(count, 1);
    for (size_t i = 0; i < count; ++i) {
      chunks.push_back(adapters_.chunk(mine.robots[i / draws].request,
                                       std::span(x).subspan(i * each, each), options, i / draws));
    }
    const float sampling_ms = ms_since(start);
    for (ActionChunk& chunk : chunks) {
      chunk.times.prefix_ms = mine.encode_ms;
      chunk.times.sampling_ms = sampling_ms;
    }
    return chunks;
  }

 private:
  using Work = cpu::NetworkWorkspace;
  struct GiveBack {
    cpu::ObjectPool<Work>* pool;
    void operator()(Work* work) const { pool->give(std::unique_ptr<Work>(work)); }
  };

  const ModelConfig& config() const { return checkpoint_.config; }
  const cpu::Network& network() const { return *open_.network; }

  std::unique_ptr<Work, GiveBack> take_workspace() const {
    return {workspaces_.take([&] { return std::make_unique<Work>(network().machine()); }).release(),
            GiveBack{&workspaces_}};
  }

  std::shared_ptr<EncodedRobot> take_robot() const {
    auto robot = robots_->take([] { return std::make_unique<EncodedRobot>(); });
    robot->tokens.resize(static_cast<size_t>(config().cameras) * config().vision.token_count() *
                         config().language.width);
    return {robot.release(), [pool = robots_](EncodedRobot* used) {
              pool->give(std::unique_ptr<EncodedRobot>(used));
            }};
  }

  // The network's input state [max_state_dim]: of this request, though the encoded prefix may be
  // that of an earlier one.
  std::vector<float> network_state(const EncodedRequest& request) const {
    std::vector<float> state = request.adapter->transforms->state(request.state);
    state.resize(config().max_state_dim, 0.0f);
    return state;
  }

  static const CpuPrefix::Robot* same_robot(const CpuPrefix* before, size_t i,
                                            const RobotAdapter& adapter) {
    if (before == nullptr || i >= before->robots.size()) return nullptr;
    const CpuPrefix::Robot& robot = before->robots[i];
    return robot.request.adapter == &adapter ? &robot : nullptr;
  }

  static bool same_input(const PolicyInput& given, const EncodedRobot& old) {
    return given.tokens == old.given.tokens && given.image_mask == old.given.image_mask &&
           given.images == old.given.images && old.pictures == old.given.images;
  }

  // Notes in `request` that the tokens of a policy's picture slot are those of `from`.
  static void mark_reused(const EncodedRobot& from, int slot, EncodedRequest& request) {
    const int camera = request.adapter->transforms->camera(slot);
    if (camera >= 0) request.reused[camera] = from.picture_ids[slot];
  }

  void set_pictures(const Frame& frame, const RobotAdapter& adapter, EncodedRobot& robot) const {
    robot.pictures = robot.given.images;
    robot.picture_ids.assign(config().cameras, -1);
    for (int slot = 0; slot < config().cameras; ++slot) {
      const int camera = adapter.transforms->camera(slot);
      if (camera >= 0) robot.picture_ids[slot] = frame.pictures[camera]->id;
    }
  }

  // For each picture slot the tokens of `old` that are still good, or null. Where an earlier
  // picture stands in, `robot` takes over its pixels and id: the next comparison is with those.
  std::vector<const float*> reuse_tokens(const EncodedRobot& old, EncodedRobot& robot,
                                         EncodedRequest& request) const {
    std::vector<const float*> known(config().cameras, nullptr);
    if (network().pictures_hear_prompt() && robot.given.tokens != old.given.tokens) return known;
    const int size = config().vision.image_size;
    const size_t numbers = size_t{3} * size * size, tokens = robot.tokens.size() / config().cameras;
    for (int slot = 0; slot < config().cameras; ++slot) {
      if (robot.given.image_mask[slot] == 0 || old.given.image_mask[slot] == 0) continue;
      const float* now = robot.given.images.data() + slot * numbers;
      const float* then = old.pictures.data() + slot * numbers;
      const bool same = std::equal(now, now + numbers, then);
      if (!same && largest_change(now, then, size, config().vision.patch) >= reuse_pictures_)
        continue;
      known[slot] = old.tokens.data() + slot * tokens;
      std::copy_n(then, numbers, robot.pictures.data() + slot * numbers);
      robot.picture_ids[slot] = old.picture_ids[slot];
      mark_reused(old, slot, request);
    }
    return known;
  }

  const CpuPrefix& own(const Prefix& prefix) const {
    const auto* mine = dynamic_cast<const CpuPrefix*>(&prefix);
    if (!mine || mine->engine != this) throw Error("prefix", "another engine encoded it");
    return *mine;
  }

  Checkpoint checkpoint_;
  cpu::OpenNetwork open_;
  double reuse_pictures_;
  RobotAdapters adapters_;
  std::shared_ptr<cpu::ObjectPool<EncodedRobot>> robots_;
  mutable cpu::ObjectPool<Work> workspaces_;
};

}  // namespace

std::unique_ptr<Engine> open_cpu(Checkpoint checkpoint, const EngineOptions& options) {
  return std::make_unique<CpuEngine>(std::move(checkpoint), options);
}

}  // namespace gyre::infer
