#include "gyre/flywheel/scope_measure.h"

#include <gtest/gtest.h>

#include <set>

#include "gyre/flywheel/policy_use.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

class ScopeMeasure : public ::testing::Test {
 protected:
  ScopeMeasure() {
    testing::write_toy_policy(folder_ / "policy", {0, 0});
    engine_ = infer::open_engine((folder_ / "policy").string());
    hash_ = enter_policy(folder_ / "runs", folder_ / "policy");
  }
  std::filesystem::path ledger() const { return folder_ / "runs" / kLedgerFile; }
  std::vector<ScopeAttempt> attempts(int count) const {
    return scope_attempts(
        arena_, {scope_cell("raise/first", "toy/joint"), scope_cell("raise/second", "toy/joint")},
        count, 7);
  }
  bool measure(int count) {
    Ledger entered(ledger());
    return measure_scope(arena_, *engine_, attempts(count), {.workers = 1}, entered);
  }
  size_t evidence() const { return Ledger(ledger()).evidence(hash_).size(); }

  testing::TemporaryFolder folder_;
  testing::ToyArena arena_;
  std::unique_ptr<infer::Engine> engine_;
  std::string hash_;
};

TEST_F(ScopeMeasure, RobotsAndPoliciesMeetTheSameScenesEvenly) {
  const std::vector<ScopeAttempt> all = attempts(3);
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].cell.object, "first");
  EXPECT_EQ(all[1].cell.object, "second") << "one in each cell before the second in any";
  std::set<uint64_t> seeds;
  std::set<std::string> names;
  for (const ScopeAttempt& each : all) {
    seeds.insert(each.attempt.seed);
    names.insert(each.name);
  }
  EXPECT_EQ(seeds.size(), 6U);
  EXPECT_EQ(names.size(), 6U);
  EXPECT_EQ(attempts(5)[0].attempt.seed, all[0].attempt.seed) << "more attempts go on";
}

TEST_F(ScopeMeasure, MakesOnlyWhatTheLedgerLacks) {
  EXPECT_TRUE(measure(2));
  EXPECT_EQ(evidence(), 4U);
  EXPECT_TRUE(measure(2));
  EXPECT_EQ(evidence(), 4U);
  EXPECT_TRUE(measure(3));
  EXPECT_EQ(evidence(), 6U);
}

TEST_F(ScopeMeasure, AnInterruptedOneKeepsWhatItHasAndGoesOn) {
  {
    const testing::StopRequest stop;
    arena_.opening = [&](int number) {
      if (number == 3) stop.send();
    };
    EXPECT_FALSE(measure(4));
  }
  EXPECT_GT(evidence(), 0U);
  EXPECT_LT(evidence(), 8U);
  arena_.opening = {};
  EXPECT_TRUE(measure(4));
  EXPECT_EQ(evidence(), 8U);
}

TEST(EvidenceOf, LeavesOutWhatIsNoCell) {
  Evaluation evaluation;
  evaluation.episodes = {{.seed = 1, .task = "lift/cup", .embodiment = "arm", .success = true},
                         {.seed = 2, .task = "a/b/c/d", .embodiment = "arm"}};
  const auto entries = evidence_of(evaluation, "hash", 1);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_TRUE(entries[0].success);
  EXPECT_EQ(entries[0].object, "cup");
  EXPECT_TRUE(evidence_of(evaluation, "hash", 1.1).empty());
}

}  // namespace
}  // namespace gyre::flywheel
