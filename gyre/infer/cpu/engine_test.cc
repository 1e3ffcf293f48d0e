#include "gyre/infer/cpu/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "gyre/core/allocation_counter.h"
#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/infer/cpu/open_network.h"
#include "gyre/infer/testing.h"
#include "gyre/io/file.h"
#include "tests/source_dir.h"

namespace gyre::infer {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = source_dir();
const fs::path kNano = kRoot / "assets/policies/nano";
const char* const kRobot = "so101/ee";

// A robot of `count` joints whose cameras have the names of π0.5's.
Embodiment joints(int count) {
  Embodiment robot{.name = "test/joint"};
  for (int i = 0; i < count; ++i) {
    robot.state.push_back({.name = "j" + std::to_string(i), .unit = "rad", .min = -1, .max = 1});
  }
  robot.action = robot.state;
  robot.cameras = {{"base_0_rgb", 16, 16, "fixed"}, {"left_wrist_0_rgb", 16, 16, "hand"}};
  return robot;
}

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Request request_for(const Engine& engine, int seed, const std::string& robot = kRobot) {
  return some_request(engine.checkpoint().embodiments.at(robot).contract, seed);
}

std::unique_ptr<Engine> open(const EngineOptions& options = {}) {
  return open_engine(kNano.string(), nullptr, {}, options);
}

std::vector<ActionChunk> chunks_of(const Engine& engine, std::span<const Request> requests,
                                   const SampleOptions& options = {}) {
  std::vector<Rng> rngs;
  for (size_t i = 0; i < requests.size(); ++i) rngs.emplace_back(50 + i);
  return engine.sample(*engine.encode(pointers(requests), Ask::kActions), rngs, options);
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  }
  return largest;
}

TEST(CpuEngine, ActsAndThinksAsTheReferenceEngine) {
  const auto own = open(), reference = open({.kind = EngineKind::kReference});
  for (int seed = 1; seed <= 3; ++seed) {
    const Request request = request_for(*own, seed);
    const ActionChunk ours = chunk_of(*own, request, 50),
                      theirs = chunk_of(*reference, request, 50);
    EXPECT_LT(largest_difference(ours.actions, theirs.actions), 2e-5);
    EXPECT_EQ(ours.policy_hash, theirs.policy_hash);
    EXPECT_EQ(think(*own, request), think(*reference, request));
    for (const Chunking chunking : {Chunking::kGuided, Chunking::kContinued}) {
      const ActionChunk rest = rest_of(theirs, 3);
      const SampleOptions options{.chunking = chunking,
                                  .previous = {&rest, 1},
                                  .guided = {.delay = 2, .execution_horizon = 6}};
      EXPECT_LT(largest_difference(chunk_of(*own, request, 50, options).actions,
                                   chunk_of(*reference, request, 50, options).actions),
                2e-5);
    }
  }
}

TEST(CpuEngine, GivenActionsStandAndTheRestFollowsFromThem) {
  const auto own = open(), reference = open({.kind = EngineKind::kReference});
  const Request request = request_for(*own, 1);
  const ActionChunk rest = rest_of(chunk_of(*own, request_for(*own, 2), 40), 2);  // 8 actions
  const auto continued = [&](const Engine& engine, const ActionChunk& previous, int delay) {
    return chunk_of(
        engine, request, 50,
        {.chunking = Chunking::kContinued, .previous = {&previous, 1}, .guided = {.delay = delay}});
  };
  for (const Engine* engine : {own.get(), reference.get()}) {
    EXPECT_EQ(continued(*engine, rest, 0).actions, chunk_of(*engine, request, 50).actions);
    for (const int delay : {1, 2, 4, 6, 8, 12}) {
      const ActionChunk chunk = continued(*engine, rest, delay);
      const int given = std::min(delay, 8);
      EXPECT_EQ(chunk.frozen, given);
      const auto end = chunk.actions.begin() + static_cast<std::ptrdiff_t>(given) * chunk.dim;
      EXPECT_TRUE(std::equal(chunk.actions.begin(), end, rest.actions.begin()))
          << "to the bit, with " << delay;
      EXPECT_LT(largest_difference(chunk.actions, continued(*reference, rest, delay).actions),
                2e-5);
      ActionChunk other = rest;
      other.actions[static_cast<size_t>(given - 1) * chunk.dim] += 0.01F;
      const ActionChunk changed = continued(*engine, other, delay);
      EXPECT_FALSE(
          std::equal(end, chunk.actions.end(), changed.actions.begin() + given * chunk.dim))
          << delay;
    }
  }
}

// Two embodiments by turns in one batch, whose previous chunks are of different lengths.
TEST(CpuEngine, AChunkIsTheSameBitsAloneInAMixedBatchAndWithTwoThreads) {
  for (const char* precision : {"f32", "bf16", "int12", "int8", "int4"}) {
    const auto one = open({.precision = precision});
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(open({.precision = precision}));
    if (std::thread::hardware_concurrency() > 1) {
      engines.push_back(open({.precision = precision, .threads = 2}));
    }
    std::vector<Request> all;
    for (int i = 0; i < 5; ++i) all.push_back(request_for(*one, i, i % 2 ? "panda/ee" : kRobot));
    std::vector<ActionChunk> rest;
    for (int i = 0; i < 5; ++i) {
      rest.push_back(rest_of(chunk_of(*one, all[i], 90 + i), i == 0 ? 9 : 2 + i));
    }
    for (const auto& engine : engines) {
      for (const Chunking chunking :
           {Chunking::kIndependent, Chunking::kGuided, Chunking::kContinued}) {
        const auto options = [&](std::span<const ActionChunk> previous) {
          return SampleOptions{.chunking = chunking,
                               .previous = previous,
                               .guided = {.delay = 3, .execution_horizon = 6}};
        };
        const auto together = chunks_of(*engine, all, options(rest));
        for (size_t i = 0; i < all.size(); ++i) {
          const auto alone = chunk_of(*one, all[i], 50 + i, options(std::span(&rest[i], 1)));
          EXPECT_EQ(alone.actions, together[i].actions)
              << precision << " robot " << i << " chunking " << static_cast<int>(chunking);
          EXPECT_EQ(together[i].id, all[i].id);
          EXPECT_EQ(together[i].observation_time_ns, all[i].frame.time_ns);
        }
      }
      const auto texts = engine->think(*engine->encode(pointers(all), Ask::kSubtask));
      for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(texts[i], think(*one, all[i]));
    }
  }
}

#ifdef GYRE_COUNTS_ALLOCATIONS
TEST(CpuEngine, DrawsOnOnePrefixAreTheSameBitsAsEachAlone) {
  for (const EngineKind kind : {EngineKind::kCpu, EngineKind::kReference}) {
    const auto engine = open({.kind = kind});
    std::vector<Request> requests = {request_for(*engine, 1), request_for(*engine, 2, "panda/ee")};
    std::vector<ActionChunk> rest;
    for (const Request& request : requests)
      rest.push_back(rest_of(chunk_of(*engine, request, 7), 2));
    const SampleOptions options{
        .chunking = Chunking::kGuided, .previous = rest, .guided = {.delay = 2}};
    std::vector<Rng> rngs;
    for (int i = 0; i < 6; ++i) rngs.emplace_back(50 + i);
    const auto prefix = engine->encode(pointers(requests), Ask::kActions);
    const auto draws = engine->sample(*prefix, rngs, options);
    ASSERT_EQ(draws.size(), 6U);
    for (size_t i = 0; i < 6; ++i) {
      SampleOptions alone = options;
      alone.previous = std::span(rest).subspan(i / 3, 1);
      EXPECT_EQ(draws[i].actions, chunk_of(*engine, requests[i / 3], 50 + i, alone).actions) << i;
      EXPECT_EQ(draws[i].id, requests[i / 3].id);
    }
    rngs.pop_back();
    EXPECT_THAT(message_of([&] { engine->sample(*prefix, rngs); }), HasSubstr("5 random streams"));
  }
}

TEST(CpuEngine, AWarmNetworkAllocatesNothing) {
  for (const std::string& precision : cpu::precision_names()) {
    const auto open =
        cpu::open_network(ModelConfig::nano(), StoredTensors::open(kNano / "model.safetensors"),
                          {.precision = precision});
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
      open.network->sample({&pointer, 1}, state.data(), x.data(), {.steps = config.flow_steps},
                           work);
    };
    act();
    const int64_t before = thread_allocations;
    act();
    EXPECT_EQ(thread_allocations - before, 0);
  }

  // Every way that a kernel's memory comes by is counted.
  const int64_t small = thread_allocations;
  cpu::Aligned<float> one(1);
  EXPECT_GT(thread_allocations, small);
  const int64_t large = thread_allocations;
  cpu::Aligned<float> many(16 << 20);
  EXPECT_GT(thread_allocations, large);
  const int64_t plain = thread_allocations;
  const std::vector<float> numbers(1000);
  EXPECT_GT(thread_allocations, plain);
}
#endif

TEST(CpuEngine, WhatHasNotChangedIsNotComputedAgain) {
  const auto engine = open();
  const Request seen = request_for(*engine, 1);
  const auto last = encode(*engine, seen, Ask::kActions);
  EXPECT_THAT(last->reused(0), ElementsAre(-1, -1));
  const auto again = encode(*engine, seen, Ask::kActions, last.get());
  EXPECT_THAT(again->reused(0), ElementsAre(1, 1));
  EXPECT_EQ(sample(*engine, *again, 9).actions, sample(*engine, *last, 9).actions);
  Request next = seen;
  replace_picture(next, 1, 7, 8);
  const auto fresh = chunk_of(*engine, next, 9).actions;
  const auto half = encode(*engine, next, Ask::kActions, last.get());
  EXPECT_THAT(half->reused(0), ElementsAre(1, -1));
  EXPECT_EQ(sample(*engine, *half, 9).actions, fresh);
  EXPECT_NE(fresh, sample(*engine, *last, 9).actions);
  // Another robot's picture never stands in.
  Request other = request_for(*engine, 1, "panda/ee");
  EXPECT_THAT(encode(*engine, other, Ask::kActions, last.get())->reused(0), ElementsAre(-1, -1));
}

TEST(CpuEngine, AnOldPictureStandsInForANearlyEqualOneWhereThatIsAskedFor) {
  const auto patient = open({.reuse_pictures = 0.2});
  const Request seen = request_for(*patient, 1);
  Request next = seen;
  replace_picture(next, 1, 7, 8);
  const auto before = encode(*patient, seen, Ask::kActions);
  const auto after = encode(*patient, next, Ask::kActions, before.get());
  EXPECT_THAT(after->reused(0), ElementsAre(1, 1));
  EXPECT_EQ(sample(*patient, *after, 9).actions, sample(*patient, *before, 9).actions);
  // Its tokens are still those of the first picture a moment later.
  replace_picture(next, 1, 8, 1);
  const auto later = encode(*patient, next, Ask::kActions, after.get());
  EXPECT_THAT(later->reused(0), ElementsAre(1, 1));
}

// Picture tokens of SigLIP do not depend on the prompt: thinking uses those of the last action.
TEST(CpuEngine, ThinkingSharesPictureTokensWithActing) {
  const fs::path file = fs::temp_directory_path() / ("gyre_stats_" + std::to_string(getpid()));
  const std::vector<double> low(14, -1), high(14, 1), zero(14, 0);
  const nlohmann::json feature = {{"mean", zero}, {"std", high}, {"q01", low}, {"q99", high}};
  io::write_atomically(
      file, nlohmann::json{{"norm_stats", {{"state", feature}, {"actions", feature}}}}.dump());
  const Embodiment robot = joints(14);
  const auto engine =
      open_engine((kRoot / "tests/golden/pi05").string(), &robot,
                  {.stats = file, .tokenizer = kRoot / "assets/vocabulary/nano.model"});
  fs::remove(file);
  Request request = some_request(robot, 4);
  const auto acting = encode(*engine, request, Ask::kActions);
  const auto thinking = encode(*engine, request, Ask::kSubtask, acting.get());
  EXPECT_THAT(thinking->reused(0), ElementsAre(4, 4));
  EXPECT_EQ(engine->think(*thinking).front(), think(*engine, request));
  // And the other way round, also when one picture is new.
  replace_picture(request, 0, 5, 255);
  const auto next = encode(*engine, request, Ask::kActions, thinking.get());
  EXPECT_THAT(next->reused(0), ElementsAre(-1, 4));
  EXPECT_EQ(sample(*engine, *next, 9).actions, chunk_of(*engine, request, 9).actions);
  EXPECT_EQ(thinking->prompt(0), "Task: open the drawer;\nSubtask: ");
  EXPECT_THAT(next->prompt(0), StartsWith("Task: open the drawer, State: "));
}

TEST(CpuEngine, APrefixAnswersOnlyWhatItWasEncodedFor) {
  for (const EngineKind kind : {EngineKind::kCpu, EngineKind::kReference}) {
    const auto engine = open({.kind = kind});
    const Request request = request_for(*engine, 1);
    const auto acting = encode(*engine, request, Ask::kActions);
    const auto thinking = encode(*engine, request, Ask::kSubtask);
    EXPECT_THAT(message_of([&] { engine->think(*acting); }), HasSubstr("encoded for actions"));
    EXPECT_THAT(message_of([&] { sample(*engine, *thinking, 1); }),
                HasSubstr("encoded for the subtask"));
    EXPECT_EQ(acting->prompt(0), "Task: put the red cup into the sink;\nAction: ");
    EXPECT_EQ(thinking->prompt(0), "Task: put the red cup into the sink;\nSubtask: ");
  }
}

TEST(CpuEngine, DescribesWhatRuns) {
  const EngineDescription cpu = open({.precision = "int8", .target = "portable"})->description();
  EXPECT_EQ(cpu.engine, "cpu");
  EXPECT_EQ(cpu.precision, "int8");
  EXPECT_EQ(cpu.target, "portable");
  EXPECT_EQ(cpu.threads, 1);
  const EngineDescription automatic = open()->description();
  EXPECT_EQ(automatic.precision, "f32") << "as the shipped policy is stored";
  EXPECT_EQ(automatic.target, cpu::target_name(cpu::best_target()));
  EXPECT_EQ(open({.kind = EngineKind::kReference})->description().engine, "reference");
}

TEST(CpuEngine, OpensFromACheckpointThatIsOpen) {
  const Checkpoint checkpoint = Checkpoint::open(kNano);
  const auto one = open_engine(checkpoint), other = open();
  const Request request = request_for(*one, 2);
  EXPECT_EQ(chunk_of(*one, request, 3).actions, chunk_of(*other, request, 3).actions);
  EXPECT_EQ(chunk_of(*one, request, 3).policy_hash, checkpoint.policy_hash);
  EXPECT_EQ(one->checkpoint().tensors, checkpoint.tensors) << "the file is mapped once";
}

TEST(CpuEngine, AChunkSaysHowLongItTook) {
  const auto engine = open();
  const ActionChunk chunk = chunk_of(*engine, request_for(*engine, 1), 1);
  EXPECT_GT(chunk.times.prefix_ms, 0);
  EXPECT_GT(chunk.times.sampling_ms, 0);
  EXPECT_EQ(chunk.times.network_ms, 0);
}

TEST(CpuEngine, RefusesWhatItCannotRun) {
  EXPECT_THROW(open({.precision = "int3"}), Error);
  EXPECT_THROW(open({.target = "mmx"}), Error);
  EXPECT_THROW(open({.threads = 4096}), Error);
  EXPECT_THROW(open({.threads = 0}), Error);
}

}  // namespace
}  // namespace gyre::infer
