#include "gyre/policy/cost.h"

#include <gtest/gtest.h>

namespace gyre {
namespace {

TEST(Cost, PublishedSizes) {
  // openpi: 3.3 billion numbers; PaliGemma's 3-billion backbone dominates.
  EXPECT_NEAR(static_cast<double>(parameter_count(ModelConfig::pi05())), 3.36e9, 0.1e9);
  // Every weight of the language stream is used once a prefix token: 2 operations each.
  const ModelConfig pi0 = ModelConfig::pi0();
  EXPECT_GT(chunk_flop(pi0, 48), 2 * 2.0e9 * (3 * 256 + 48));
}

TEST(Cost, NanoFitsItsBudget) {
  const ModelConfig nano = ModelConfig::nano();
  EXPECT_LE(chunk_flop(nano, nano.max_prompt_tokens), 0.35e9);
  EXPECT_GT(chunk_flop(nano, nano.max_prompt_tokens), 0.1e9);
  EXPECT_GT(chunk_flop(nano, 20, 10), chunk_flop(nano, 20, 5));
  EXPECT_LE(4 * parameter_count(nano), 16'000'000) << "bytes on disk, 32-bit";
}

}  // namespace
}  // namespace gyre
