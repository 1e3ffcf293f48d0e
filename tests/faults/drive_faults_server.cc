// The server at the end of a bad link: gyre::serve with an engine that costs nothing.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "gyre/robot/robot_folder.h"
#include "gyre/serve/metrics.h"
#include "gyre/serve/server.h"
#include "tests/faults/drive_faults_sockets.h"

namespace gyre::faults {
namespace {

// Swings about the middle of each field by the time of the frame.
class SwingingEngine : public infer::Engine {
 public:
  explicit SwingingEngine(int image_size) {
    checkpoint_.policy_hash = "swings";
    checkpoint_.config.horizon = 10;
    checkpoint_.config.vision.image_size = image_size;
    for (const std::string& name : embodiment_names()) {
      checkpoint_.embodiments[name].contract = find_embodiment(name, image_size);
    }
  }
  const Checkpoint& checkpoint() const override { return checkpoint_; }
  infer::EngineDescription description() const override { return {.engine = "swings"}; }
  std::unique_ptr<infer::Prefix> encode(std::span<const Request* const> requests, infer::Ask ask,
                                        const infer::Prefix*) const override {
    auto prefix = std::make_unique<SwingingPrefix>();
    prefix->asked = ask;
    for (const Request* request : requests) prefix->requests.push_back(*request);
    return prefix;
  }
  std::vector<std::string> think(const infer::Prefix& prefix) const override {
    return std::vector<std::string>(static_cast<size_t>(prefix.batch()));
  }
  std::vector<ActionChunk> sample(const infer::Prefix& prefix, std::span<Rng> rngs,
                                  const infer::SampleOptions&) const override {
    const auto& requests = dynamic_cast<const SwingingPrefix&>(prefix).requests;
    std::vector<ActionChunk> chunks;
    for (size_t i = 0; i < rngs.size(); ++i) {
      chunks.push_back(swing(requests[requests.size() == 1 ? 0 : i], rngs[i]));
    }
    return chunks;
  }

 private:
  struct SwingingPrefix : infer::Prefix {
    int batch() const override { return static_cast<int>(requests.size()); }
    infer::Ask ask() const override { return asked; }
    const std::string& prompt(int i) const override {
      return requests.at(static_cast<size_t>(i)).goal->prompt();
    }
    std::span<const int64_t> reused(int) const override { return {}; }
    infer::Ask asked{};
    std::vector<Request> requests;
  };
  ActionChunk swing(const Request& request, Rng& rng) const {
    const Embodiment& contract = checkpoint_.embodiments.at(request.embodiment).contract;
    ActionChunk chunk{.id = request.id,
                      .period_s = contract.action_period_s,
                      .horizon = checkpoint_.config.horizon,
                      .dim = static_cast<int>(contract.action.size()),
                      .policy_hash = checkpoint_.policy_hash};
    const double state = request.frame.state.empty() ? 0 : request.frame.state[0];
    for (int h = 0; h < chunk.horizon; ++h) {
      for (const Field& field : contract.action) {
        const double middle = (field.min + field.max) / 2, half = (field.max - field.min) / 2;
        const double swing = std::sin(3 * state + 0.3 * h + rng.uniform(-0.2, 0.2));
        chunk.actions.push_back(static_cast<float>(middle + half * swing));
      }
    }
    return chunk;
  }
  Checkpoint checkpoint_;
};

}  // namespace

int serve_cheap_policy(int image_size) {
  const auto engine = std::make_shared<SwingingEngine>(image_size);
  serve::Metrics metrics;
  const auto table = std::make_shared<serve::PolicyTable>(
      std::vector<std::filesystem::path>{"swings"}, std::vector<serve::Canary>{}, "",
      [&](const std::filesystem::path&) { return engine; });
  serve::Service service(table, {.workers = 1, .batch = 1}, {&metrics});
  serve::Server server(service, metrics, {.port = 0});
  std::printf("%u\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  server.run();
  return 0;
}

}  // namespace gyre::faults
