#include "gyre/flywheel/policy_cache.h"

#include <gtest/gtest.h>

#include "gyre/core/error.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

TEST(PolicyCache, OpensAndHashesAFolderOnce) {
  const testing::TemporaryFolder folder;
  testing::write_toy_policy(folder / "policy", {0, 0});
  PolicyCache cache;
  const Checkpoint& policy = cache.checkpoint(folder / "policy");
  EXPECT_EQ(policy.policy_hash.size(), 16U);
  const infer::Engine& engine = cache.engine(folder / "policy");
  // What is open stays so, whatever becomes of the folder.
  std::filesystem::remove_all(folder / "policy");
  EXPECT_EQ(&cache.checkpoint(folder / "policy"), &policy);
  EXPECT_EQ(&cache.engine(folder / "policy"), &engine);
  EXPECT_EQ(engine.checkpoint().policy_hash, policy.policy_hash);
  cache.drop_engines();
  EXPECT_EQ(&cache.checkpoint(folder / "policy"), &policy);
  cache.forget(folder / "policy");
  EXPECT_THROW(cache.checkpoint(folder / "policy"), Error);
}

}  // namespace
}  // namespace gyre::flywheel
