#include "gyre/infer/cpu/engine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <new>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/infer/cpu/golden.h"
#include "gyre/infer/cpu/measure.h"
#include "gyre/infer/reference.h"
#include "gyre/policy/initial_folder.h"

namespace {
std::atomic<int64_t> allocations{0};
}  // namespace

// Counts every allocation of this program: an inference that was warmed up makes none. The compiler
// sees malloc behind its own operator new and free behind its own delete, and objects.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(size_t bytes) {
  ++allocations;
  if (void* p = std::malloc(bytes == 0 ? 1 : bytes)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }

namespace gyre::infer {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = GYRE_SOURCE_DIR;
const fs::path kNano = kRoot / "assets/policies/nano";
const char* const kRobot = "so101/ee";

Observation observe(const Engine& engine, int seed) {
  const Embodiment& contract = engine.checkpoint().embodiments.at(kRobot).contract;
  Observation observation;
  Rng rng(seed);
  for (const CameraSpec& camera : contract.cameras) {
    auto image = Image::black(camera.width, camera.height);
    for (auto& value : image.rgb) value = static_cast<uint8_t>(rng.below(256));
    observation.images.push_back(image);
  }
  for (const auto& field : contract.state) {
    observation.state.push_back(static_cast<float>((field.min + field.max) / 2));
  }
  observation.task = seed % 2 ? "put the red cup into the sink" : "open the drawer";
  return observation;
}

std::unique_ptr<Engine> open(const EngineOptions& options = {}) {
  return open_engine(kNano.string(), nullptr, {}, options);
}

std::vector<ActionChunk> chunks_of(const Engine& engine, std::span<const Observation> observations,
                                   const SampleOptions& options = {}) {
  std::vector<Rng> rngs;
  for (size_t i = 0; i < observations.size(); ++i) rngs.emplace_back(50 + i);
  return engine.sample(*engine.encode(observations, kRobot), rngs, options);
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  }
  return largest;
}

TEST(CpuEngine, GoldenChunksOnEveryTarget) {
  for (const cpu::Target target : cpu::kTargets) {
    if (!cpu::supported(target)) continue;
    for (const char* folder : {"pi0", "pi05"}) {
      for (const char* precision : {"f32", "bf16", "int12", "int8"}) {
        const fs::path golden = kRoot / "tests/golden" / folder;
        const GoldenReport report = cpu::compare_golden(
            Checkpoint::open(golden), golden,
            {.precision = precision, .target = std::string(cpu::target_name(target))});
        EXPECT_GE(report.arrays.size(), 9u);
        for (const GoldenArray& array : report.arrays) {
          EXPECT_TRUE(array.ok) << cpu::target_name(target) << " " << folder << " " << precision
                                << " " << array.name << ": " << array.max_abs << " of "
                                << array.bound << ", cosine " << array.cosine.value_or(0);
        }
      }
    }
  }
}

TEST(CpuEngine, ActsAndSpeaksAsTheReferenceEngine) {
  const auto own = open(), reference = open({.kind = EngineKind::kReference});
  for (int seed = 1; seed <= 3; ++seed) {
    const Observation observation = observe(*own, seed);
    const auto ours = chunks_of(*own, {&observation, 1}).front();
    const auto theirs = chunks_of(*reference, {&observation, 1}).front();
    EXPECT_LT(largest_difference(ours.actions, theirs.actions), 2e-5);
    EXPECT_EQ(ours.policy_hash, theirs.policy_hash);
    EXPECT_EQ(own->think(*own->encode({&observation, 1}, kRobot)),
              reference->think(*reference->encode({&observation, 1}, kRobot)));
    for (const Chunking chunking : {Chunking::kGuided, Chunking::kContinued}) {
      ActionChunk left = theirs;
      left.actions.erase(left.actions.begin(), left.actions.begin() + 3 * left.dim);
      const SampleOptions options{.chunking = chunking,
                                  .previous = {&left, 1},
                                  .guided = {.delay = 2, .execution_horizon = 6}};
      EXPECT_LT(
          largest_difference(chunks_of(*own, {&observation, 1}, options).front().actions,
                             chunks_of(*reference, {&observation, 1}, options).front().actions),
          2e-5);
    }
  }
}

TEST(CpuEngine, AChunkIsTheSameBitsAloneInABatchAndWithTwoThreads) {
  for (const char* precision : {"f32", "bf16", "int12", "int8", "int4"}) {
    const auto one = open({.precision = precision});
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(open({.precision = precision}));
    if (std::thread::hardware_concurrency() > 1) {
      engines.push_back(open({.precision = precision, .threads = 2}));
    }
    std::vector<Observation> all;
    all.reserve(4);
    for (int i = 0; i < 4; ++i) all.push_back(observe(*one, i));
    for (const auto& engine : engines) {
      const auto together = chunks_of(*engine, all);
      for (size_t i = 0; i < all.size(); ++i) {
        std::vector<Rng> rngs{Rng(50 + i)};
        const auto alone = one->sample(*one->encode({&all[i], 1}, kRobot), rngs).front();
        EXPECT_EQ(alone.actions, together[i].actions) << precision << " robot " << i;
      }
    }
  }
}

// One channel of every matrix is 30 times as large. Were its weights quantised as they are, the
// cosine of the chunk in int8 would be 0.998.
TEST(CpuEngine, ALargeChannelCostsQuantisedWeightsLittle) {
  const ModelConfig config = Checkpoint::open(kRoot / "tests/golden/pi0").config;
  const fs::path folder = fs::temp_directory_path() / ("gyre_large_" + std::to_string(getpid()));
  write_initial_folder(config, {.seed = 1, .outliers = true}, folder);
  const auto actions = [&](const char* precision) {
    const auto row = cpu::measure_inference({.weights = folder / "model.safetensors",
                                             .config = config,
                                             .engine = {.precision = precision},
                                             .repetitions = 1});
    return row.at("actions").get<std::vector<float>>();
  };
  const cpu::InferInputs given =
      cpu::infer_inputs({.weights = folder / "model.safetensors", .config = config});
  const auto right = reference_chunk(config, folder / "model.safetensors", given.images, given.mask,
                                     given.tokens, given.states, given.noise, given.steps);
  EXPECT_LT(largest_difference(actions("f32"), right), 1e-4);
  const auto cosine_to_right = [&](const std::vector<float>& x) {
    double dot = 0, own = 0, other = 0;
    for (size_t i = 0; i < right.size(); ++i) {
      dot += static_cast<double>(x[i]) * right[i];
      own += static_cast<double>(x[i]) * x[i];
      other += static_cast<double>(right[i]) * right[i];
    }
    return dot / std::sqrt(own * other);
  };
  EXPECT_GE(cosine_to_right(actions("int12")), 0.99999);
  EXPECT_GE(cosine_to_right(actions("int8")), 0.9998);
  fs::remove_all(folder);
}

TEST(CpuEngine, AWarmNetworkAllocatesNothing) {
  const auto open = cpu::open_network(ModelConfig::nano(), kNano / "model.safetensors", {});
  const ModelConfig& config = open.network->config();
  const std::vector<float> images(static_cast<size_t>(config.cameras) * 3 *
                                  config.vision.image_size * config.vision.image_size);
  const std::vector<uint8_t> mask(config.cameras, 1);
  const std::vector<int> tokens{2, 30, 31, 32, 33};
  const std::vector<float> state(config.max_state_dim);
  std::vector<float> x(static_cast<size_t>(config.horizon) * config.max_action_dim);
  cpu::NetworkWorkspace work(open.network->machine());
  cpu::EncodedInput encoded;
  cpu::EncodedInput* into = &encoded;
  const cpu::EncodedInput* pointer = &encoded;
  const cpu::NetworkInput input{images.data(), mask, tokens};
  const auto act = [&] {
    open.network->encode({&input, 1}, {&into, 1}, work);
    open.network->sample({&pointer, 1}, state.data(), x.data(), {.steps = config.flow_steps}, work);
  };
  act();
  const int64_t before = allocations;
  act();
  EXPECT_EQ(allocations - before, 0);
}

TEST(CpuEngine, WhatHasNotChangedIsNotComputedAgain) {
  const auto engine = open();
  const Observation seen = observe(*engine, 1);
  const auto last = engine->encode({&seen, 1}, kRobot);
  const auto sample = [&](const Prefix& prefix) {
    std::vector<Rng> rngs{Rng(9)};
    return engine->sample(prefix, rngs).front().actions;
  };
  EXPECT_EQ(sample(*engine->encode({&seen, 1}, kRobot, last.get())), sample(*last));
  Observation next = seen;
  next.images[1].rgb[100] ^= 8;  // one camera changed, by little
  const auto fresh = sample(*engine->encode({&next, 1}, kRobot));
  EXPECT_EQ(sample(*engine->encode({&next, 1}, kRobot, last.get())), fresh);
  EXPECT_NE(fresh, sample(*last));
  // Pictures may be a little old where that is asked for.
  const auto patient = open({.reuse_pictures = 0.2});
  const auto before = patient->encode({&seen, 1}, kRobot);
  std::vector<Rng> rngs{Rng(9)};
  EXPECT_EQ(
      patient->sample(*patient->encode({&next, 1}, kRobot, before.get()), rngs).front().actions,
      sample(*last));
}

TEST(CpuEngine, RefusesWhatItCannotRun) {
  EXPECT_THROW(open({.precision = "int3"}), Error);
  EXPECT_THROW(open({.target = "mmx"}), Error);
  EXPECT_THROW(open({.threads = 4096}), Error);
  EXPECT_THROW(open({.threads = 0}), Error);
}

}  // namespace
}  // namespace gyre::infer
