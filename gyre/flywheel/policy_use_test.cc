#include "gyre/flywheel/policy_use.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/flywheel/overview.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A ledger with an old policy and one that was learnt from it.
class PolicyUseTest : public ::testing::Test {
 protected:
  PolicyUseTest() {
    testing::write_toy_policy(folder_ / "old", {0.1F, 0});
    testing::write_toy_policy(runs_ / "r1/candidates/corrections", {0.2F, 0});
    old_ = enter_policy(runs_, folder_ / "old");
    new_ = Checkpoint::open(runs_ / "r1/candidates/corrections").policy_hash;
    Ledger ledger(runs_ / kLedgerFile);
    ledger.add_policy({.hash = new_,
                       .folder = (runs_ / "r1/candidates/corrections").string(),
                       .parent = old_,
                       .recipe = "{}"});
  }

  void decide(bool promoted) {
    Ledger ledger(runs_ / kLedgerFile);
    ledger.add_order("r1", "gyre turn");
    ledger.add_promotion({.run = "r1",
                          .before = old_,
                          .after = new_,
                          .promoted = promoted,
                          .reason = promoted ? "better" : "kept: it forgot",
                          .evidence = "{}"});
  }
  UseEntry use(const std::string& policy, const std::string& reason = "") {
    return use_policy(runs_, {.policy = policy, .author = "ann", .reason = reason});
  }
  std::string current() const { return Checkpoint::open(runs_ / kCurrent).policy_hash; }

  testing::TemporaryFolder folder_;
  fs::path runs_ = folder_ / "runs";
  std::string old_, new_;
};

TEST_F(PolicyUseTest, TheLinkFollowsTheLedger) {
  EXPECT_FALSE(policy_in_use(runs_));
  EXPECT_EQ(use((folder_ / "old").string()).kind, "promotion");
  EXPECT_EQ(current(), old_);
  const UseEntry promoted = use(new_.substr(0, 8), "it is better");
  EXPECT_EQ(promoted.before, old_);
  EXPECT_EQ(current(), new_);
  EXPECT_EQ(fs::read_symlink(runs_ / kCurrent), "r1/candidates/corrections")
      << "runs can be moved as a whole";
  EXPECT_EQ(use(old_).kind, "roll-back");
  EXPECT_EQ(current(), old_);
  EXPECT_EQ(Ledger(runs_ / kLedgerFile).uses().size(), 3U);
  EXPECT_EQ(use(old_).kind, "roll-back");
  EXPECT_EQ(Ledger(runs_ / kLedgerFile).uses().size(), 3U) << "in use already";
  EXPECT_EQ(policy_in_use(runs_)->author, "ann");
}

TEST_F(PolicyUseTest, ThePromotedFolderIsTakenWhereThereIsOne) {
  decide(true);
  testing::write_toy_policy(runs_ / "r1/policy", {0.2F, 0});
  use(new_);
  EXPECT_EQ(policy_in_use(runs_)->folder, "r1/policy");
}

TEST_F(PolicyUseTest, RefusesWhatTheLedgerDoesNotKnow) {
  EXPECT_THAT(message_of([&] { use("0123456789ab"); }), HasSubstr("is not in the ledger"));
  EXPECT_THAT(message_of([&] { use("no such thing"); }), HasSubstr("neither a folder nor a hash"));
  testing::write_toy_policy(folder_ / "stranger", {0.3F, 0});
  EXPECT_THAT(message_of([&] { use((folder_ / "stranger").string()); }),
              HasSubstr("gyre policy add"));
  EXPECT_THAT(message_of([&] { use_policy(folder_ / "none", {.policy = old_}); }),
              HasSubstr("has no ledger.db"));
  EXPECT_FALSE(policy_in_use(runs_));
}

TEST_F(PolicyUseTest, RefusesAFolderThatIsGoneOrHasChanged) {
  fs::remove_all(folder_ / "old");
  testing::write_toy_policy(folder_ / "old", {0.5F, 0});
  EXPECT_THAT(message_of([&] { use(old_); }), HasSubstr("has changed since it was entered"));
  EXPECT_THAT(message_of([&] { use((folder_ / "old").string()); }),
              HasSubstr("has changed since it was entered"));
  fs::remove_all(folder_ / "old");
  EXPECT_THAT(message_of([&] { use(old_); }), HasSubstr("is not here"));
  EXPECT_FALSE(policy_in_use(runs_));
  EXPECT_FALSE(fs::exists(fs::symlink_status(runs_ / kCurrent)));
}

TEST_F(PolicyUseTest, RefusesAPolicyThatCannotDriveTheRobotsOfTheOneInUse) {
  use(old_);
  testing::write_toy_policy(folder_ / "twin", {0.3F, 0}, {"twin/joint"});
  const std::string twin = enter_policy(runs_, folder_ / "twin");
  EXPECT_THAT(message_of([&] { use(twin); }), HasSubstr("toy/joint"));
  EXPECT_EQ(policy_in_use(runs_)->after, old_);
}

TEST_F(PolicyUseTest, APolicyThatAGateKeptOutNeedsAReason) {
  decide(false);
  use(old_);
  EXPECT_THAT(message_of([&] { use(new_); }), HasSubstr("kept: it forgot"));
  EXPECT_EQ(use(new_, "the task is all that counts").reason, "the task is all that counts");
}

TEST_F(PolicyUseTest, ALinkThatDisagreesWithTheLedgerIsNotDrivenBy) {
  use(old_);
  EXPECT_NO_THROW(require_current(runs_ / kCurrent));
  EXPECT_NO_THROW(require_current(folder_ / "old"));
  fs::remove(runs_ / kCurrent);
  fs::create_directory_symlink(runs_ / "r1/candidates/corrections", runs_ / kCurrent);
  EXPECT_THAT(message_of([&] { require_current(runs_ / kCurrent); }), HasSubstr("sets it right"));
  refresh_current(runs_);
  EXPECT_NO_THROW(require_current(runs_ / kCurrent));
  EXPECT_EQ(current(), old_);
  fs::remove(runs_ / kCurrent);
  fs::create_directory(runs_ / kCurrent);
  EXPECT_THAT(message_of([&] { refresh_current(runs_); }), HasSubstr("move it away"));
}

TEST_F(PolicyUseTest, TheListShowsParentsRatesAndWhatIsInUse) {
  decide(true);
  Ledger(runs_ / kLedgerFile)
      .add_evaluation({.policy = new_,
                       .suite = "new",
                       .seed = 1,
                       .hash = "first",
                       .rate = wilson(1, 10),
                       .scope = {}});
  Ledger(runs_ / kLedgerFile)
      .add_evaluation({.policy = new_,
                       .suite = "new",
                       .seed = 1,
                       .hash = "second",
                       .rate = wilson(8, 10),
                       .scope = {}});
  use(new_);
  const Overview overview = read_overview(runs_);
  ASSERT_EQ(overview.policies.size(), 2U);
  const KnownPolicy& learnt = overview.policies[1];
  EXPECT_EQ(learnt.parent, old_);
  EXPECT_EQ(learnt.run, "r1");
  EXPECT_EQ(learnt.verdict, "promoted");
  EXPECT_TRUE(learnt.in_use);
  EXPECT_FALSE(overview.policies[0].in_use);
  ASSERT_EQ(learnt.rates.size(), 1U);
  EXPECT_EQ(learnt.rates[0].rate, wilson(8, 10)) << "the newest of the suite";
  const std::string text = policies_text(overview);
  EXPECT_THAT(text, HasSubstr("\n  " + new_.substr(0, 12) + "  IN USE")) << "below its parent";
  EXPECT_THAT(text, HasSubstr("new 8/10 80 %"));
  EXPECT_TRUE(read_overview(folder_ / "none").policies.empty());
}

}  // namespace
}  // namespace gyre::flywheel
