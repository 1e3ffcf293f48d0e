// Contracts, random numbers, hashes and errors: what every other folder takes for granted.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "gyre/core/embodiment.h"
#include "gyre/core/episode.h"
#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/core/rng.h"
#include "gyre/core/step.h"
#include "gyre/core/testing.h"

namespace gyre {
namespace {

Embodiment example() {
  return {.name = "arm/joint",
          .action_period_s = 0.1,
          .state = {{.name = "shoulder", .unit = "rad", .min = -1, .max = 1, .max_velocity = 2}},
          .action = {{.name = "shoulder", .unit = "rad", .min = -1, .max = 1}},
          .cameras = {{"front", 64, 48, "fixed"}},
          .workspace = {{-1, -1, 0}, {1, 1, 1}}};
}

TEST(Embodiment, ContractHashCoversEveryField) {
  const std::string hash = example().contract_hash();
  EXPECT_EQ(hash.size(), 16u);
  EXPECT_EQ(hash, example().contract_hash());
  auto changed = [&](auto&& change) {
    Embodiment e = example();
    change(e);
    return e.contract_hash() != hash;
  };
  EXPECT_TRUE(changed([](Embodiment& e) { e.action_period_s = 0.02; }));
  EXPECT_TRUE(changed([](Embodiment& e) { e.state[0].unit = "deg"; }));
  EXPECT_TRUE(changed([](Embodiment& e) { e.action[0].kind = FieldKind::kDelta; }));
  EXPECT_TRUE(changed([](Embodiment& e) { e.action[0].max = 2; }));
  EXPECT_TRUE(changed([](Embodiment& e) { e.cameras[0].width = 65; }));
  EXPECT_TRUE(changed([](Embodiment& e) { e.workspace.max[2] = 2; }));
}

TEST(Embodiment, SurvivesJson) {
  const Embodiment e = example();
  EXPECT_EQ(nlohmann::json(e).get<Embodiment>(), e);
}

TEST(Embodiment, RefusesLimitsThatWouldNotLimit) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  auto refused = [](auto&& change) {
    Embodiment e = example();
    change(e);
    return message_of([&] { e.validate(); });
  };
  EXPECT_EQ(refused([](Embodiment&) {}), "");
  EXPECT_NE(refused([&](Embodiment& e) { e.action[0].max = nan; }).find("'shoulder'"),
            std::string::npos);
  EXPECT_NE(refused([](Embodiment& e) { e.action[0].max = -1; }), "");
  EXPECT_NE(refused([](Embodiment& e) { e.state[0].max_velocity = -2; }), "");
  EXPECT_NE(refused([](Embodiment& e) { e.action_period_s = 0; }), "");
  EXPECT_NE(refused([](Embodiment& e) { e.state.push_back(e.state[0]); }).find("twice"),
            std::string::npos);
  EXPECT_NE(refused([](Embodiment& e) { e.action.clear(); }), "");
  EXPECT_NE(refused([](Embodiment& e) { e.cameras[0].height = 0; }), "");
}

TEST(Embodiment, MismatchNamesBothSidesAndTheField) {
  Embodiment other = example();
  other.state[0].unit = "deg";
  const std::string message =
      message_of([&] { require_same_contract(example(), "policy p", other, "robot r"); });
  for (const char* part : {"policy p", "robot r", "state field 0", "rad", "deg"}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
  }
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(Embodiment, ClampKeepsCommandsFiniteAndInside) {
  const std::vector<Field> fields(3, example().action[0]);
  std::vector<float> fallback = {0.5f, 0.5f, 0.5f};
  std::vector<float> values = {2.f, std::numeric_limits<float>::quiet_NaN(), -0.25f};
  EXPECT_TRUE(clamp_to_limits(fields, fallback, values));
  EXPECT_EQ(values, (std::vector<float>{1.f, 0.5f, -0.25f}));
  EXPECT_FALSE(clamp_to_limits(fields, fallback, values));
}

TEST(Error, IsOneLineAndNamesTheNearest) {
  EXPECT_STREQ(Error("a.toml", "unknown key\n'sedd'", "did you mean 'seed'?").what(),
               "a.toml: unknown key 'sedd'; did you mean 'seed'?");
  EXPECT_EQ(nearest_name("sedd", {"steps", "seed", "out"}), "seed");
  EXPECT_EQ(nearest_name("zzzzzz", {"steps", "seed"}), "");
}

TEST(Rng, IsTheSameEverywhere) {
  // First outputs of xoshiro256** seeded by splitmix64(0), from the authors' reference code.
  Rng rng(0);
  EXPECT_EQ(rng.bits(), 0x99ec5f36cb75f2b4u);
  EXPECT_EQ(rng.bits(), 0xbf6e1f784956452au);
}

TEST(Rng, StreamsAreIndependentAndBounded) {
  Rng a = Rng::stream(7, "noise"), b = Rng::stream(7, "scene"), c = Rng::stream(7, "noise");
  EXPECT_NE(a.bits(), b.bits());
  c.bits();
  EXPECT_EQ(a.bits(), c.bits());
  double sum = 0, squares = 0;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = a.uniform(2, 3);
    ASSERT_TRUE(u >= 2 && u < 3);
    const int64_t k = a.below(6);
    ASSERT_TRUE(k >= 0 && k < 6);
    const double n = a.normal();
    sum += n;
    squares += n * n;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.03);
  EXPECT_NEAR(squares / kDraws, 1, 0.05);
}

TEST(Sha256, MatchesThePublishedVector) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256().update("a").update("bc").hex(8), "ba7816bf");
}

TEST(EpisodeHash, CoversStatesAndCommands) {
  const auto hash_of = [](float state, float sent) {
    EpisodeHash hash;
    hash.add(std::vector<float>{1, state}, std::vector<float>{sent});
    return hash.hex();
  };
  EXPECT_EQ(hash_of(2, 3), hash_of(2, 3));
  EXPECT_NE(hash_of(2, 3), hash_of(2, 4));
  EXPECT_NE(hash_of(2, 3), hash_of(5, 3));
}

TEST(Step, SourcesHaveNames) {
  for (Source s : {Source::kPolicy, Source::kHuman, Source::kExpert, Source::kFallback}) {
    EXPECT_EQ(source_from_name(source_name(s)), s);
  }
  EXPECT_THROW(source_from_name("robot"), Error);
}

}  // namespace
}  // namespace gyre
