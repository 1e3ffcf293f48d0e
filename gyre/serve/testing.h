#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/infer/engine.h"
#include "gyre/policy/agreed_draw.h"
#include "gyre/serve/service.h"

// Shared by the tests of this folder.
namespace gyre::serve {

// A contract of two fields and one camera of 8 x 8 pixels.
inline Embodiment small_contract(const std::string& name, int fields = 2) {
  Embodiment e;
  e.name = name;
  for (int i = 0; i < fields; ++i) {
    e.state.push_back({.name = "joint" + std::to_string(i), .unit = "rad", .min = -2, .max = 2});
    e.action.push_back(e.state.back());
  }
  e.cameras = {{"front", 8, 8, "fixed"}};
  return e;
}

// Knows "a/joint" and "b/joint". Its actions depend on noise, state, picture, words and previous
// chunk, each on its own request alone.
class FakeEngine : public infer::Engine {
 public:
  explicit FakeEngine(double milliseconds = 0, const std::string& hash = "hash")
      : milliseconds_(milliseconds) {
    checkpoint_.policy_hash = hash;
    checkpoint_.config.horizon = 4;
    checkpoint_.config.vision.image_size = 8;
    for (const auto& [name, fields] : {std::pair{"a/joint", 2}, std::pair{"b/joint", 3}}) {
      checkpoint_.embodiments[name].contract = small_contract(name, fields);
    }
  }

  const Checkpoint& checkpoint() const override { return checkpoint_; }
  infer::EngineDescription description() const override { return {.engine = "fake"}; }

  std::unique_ptr<infer::Prefix> encode(std::span<const Request* const> requests, infer::Ask ask,
                                        const infer::Prefix*) const override {
    auto prefix = std::make_unique<FakePrefix>();
    prefix->asked = ask;
    for (const Request* request : requests) {
      if (request->goal->task == "fail") throw Error("prompt", "cannot be followed");
      prefix->requests.push_back(*request);
    }
    return prefix;
  }

  std::vector<std::string> think(const infer::Prefix& prefix) const override {
    std::vector<std::string> texts;
    for (int i = 0; i < prefix.batch(); ++i) texts.push_back("thought " + prefix.prompt(i));
    return texts;
  }

  std::vector<ActionChunk> sample(const infer::Prefix& prefix, std::span<Rng> rngs,
                                  const infer::SampleOptions& options) const override {
    wait();
    const auto& requests = dynamic_cast<const FakePrefix&>(prefix).requests;
    largest_batch_ = std::max(largest_batch_.load(), prefix.batch());
    std::vector<ActionChunk> chunks;
    const size_t draws = rngs.size() / requests.size();
    for (size_t i = 0; i < rngs.size(); ++i) {
      const Request& request = requests[i / draws];
      const Embodiment& contract = checkpoint_.embodiments.at(request.embodiment).contract;
      ActionChunk chunk{.id = request.id,
                        .period_s = contract.action_period_s,
                        .horizon = checkpoint_.config.horizon,
                        .dim = static_cast<int>(contract.action.size()),
                        .policy_hash = checkpoint_.policy_hash};
      float sum = static_cast<float>(request.goal->prompt().size());
      for (const float value : request.frame.state) sum += value;
      for (const uint8_t byte : request.frame.pictures[0]->image.rgb) sum += byte;
      if (!options.previous.empty()) sum += options.previous[i / draws].actions[0];
      for (int n = 0; n < chunk.horizon * chunk.dim; ++n) {
        chunk.actions.push_back(sum + static_cast<float>(rngs[i].normal()));
      }
      chunks.push_back(std::move(chunk));
    }
    return chunks;
  }

  // While it is shut, no chunk is finished.
  void shut() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  int largest_batch() const { return largest_batch_; }

 private:
  struct FakePrefix : infer::Prefix {
    int batch() const override { return static_cast<int>(requests.size()); }
    infer::Ask ask() const override { return asked; }
    const std::string& prompt(int i) const override {
      return requests.at(static_cast<size_t>(i)).goal->prompt();
    }
    std::span<const int64_t> reused(int i) const override {
      return std::span(none).first(requests.at(static_cast<size_t>(i)).frame.pictures.size());
    }
    std::array<int64_t, 8> none = {-1, -1, -1, -1, -1, -1, -1, -1};
    infer::Ask asked{};
    std::vector<Request> requests;
  };

  void wait() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_; });
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(milliseconds_));
  }

  double milliseconds_;
  Checkpoint checkpoint_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool open_ = true;
  mutable std::atomic<int> largest_batch_{0};
};

// A request of a robot with `contract`, of random picture and state.
inline Request small_request(const Embodiment& contract, int64_t id, const std::string& task) {
  Request request;
  request.id = id;
  request.embodiment = contract.name;
  Rng rng(static_cast<uint64_t>(id));
  Picture picture{.image = Image::black(8, 8)};
  for (uint8_t& value : picture.image.rgb) value = static_cast<uint8_t>(rng.below(256));
  request.frame.pictures.emplace_back(std::move(picture));
  for (size_t i = 0; i < contract.state.size(); ++i) {
    request.frame.state.push_back(static_cast<float>(rng.uniform(-1, 1)));
  }
  Goal goal;
  goal.id = 7;
  goal.task = task;
  request.goal = std::make_shared<const Goal>(std::move(goal));
  return request;
}

inline std::vector<uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// The chunk that an engine answers to a request by itself.
inline ActionChunk lone_chunk(const infer::Engine& engine, const Request& request) {
  const Request* one = &request;
  const auto prefix = engine.encode({&one, 1}, infer::Ask::kActions);
  std::vector<Rng> rngs;
  for (int draw = 0; draw < request.draws; ++draw) rngs.push_back(request.noise(draw));
  infer::SampleOptions options{.flow_steps = request.flow_steps, .chunking = request.chunking};
  std::vector<ActionChunk> previous;
  const bool continues = request.chunking != Chunking::kIndependent;
  if (continues) previous.push_back(*request.previous);
  options.previous = previous;
  options.guided = robot_guidance(request.delay, continues ? request.previous->horizon : 0);
  const std::vector<ActionChunk> chunks = engine.sample(*prefix, rngs, options);
  if (request.draws == 1) return chunks.front();
  const Embodiment& contract = engine.checkpoint().embodiments.at(request.embodiment).contract;
  return agreed_draw(chunks, request.previous->actions, contract);
}

}  // namespace gyre::serve
