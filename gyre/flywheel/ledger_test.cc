#include "gyre/flywheel/ledger.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "gyre/core/testing.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest()
      : folder_(fs::temp_directory_path() / ("gyre_ledger_" + std::to_string(::getpid()))),
        file_(folder_ / "nested" / "ledger.db") {}
  ~LedgerTest() override { fs::remove_all(folder_); }

  static void fill(Ledger& ledger) {
    ledger.add_order("r1", "one turn");
    ledger.add_policy({.hash = "old", .folder = "assets", .parent = "", .recipe = "{}"});
    ledger.add_policy({.hash = "new", .folder = "runs", .parent = "old", .recipe = "{}"});
    ledger.add_dataset({.hash = "data",
                        .folder = "runs/data",
                        .embodiment = "toy/joint",
                        .episodes = {{.hash = "e1",
                                      .embodiment = "toy/joint",
                                      .task = "push/red_block/left",
                                      .family = "push",
                                      .outcome = "success",
                                      .seed = 18446744073709551615u,
                                      .steps = 40,
                                      .helped_steps = 12}}});
    ledger.add_evaluation({.policy = "new",
                           .suite = "frontier",
                           .seed = 1,
                           .hash = "eval",
                           .rate = wilson(8, 10),
                           .scope = {{"toy/joint", "push", wilson(8, 10)}}});
    ledger.add_promotion({.run = "r1",
                          .before = "old",
                          .after = "new",
                          .promoted = true,
                          .reason = "better",
                          .evidence = "{}"});
  }

  fs::path folder_, file_;
};

TEST_F(LedgerTest, KeepsWhatWasEntered) {
  {
    Ledger ledger(file_);
    fill(ledger);
  }
  const Ledger ledger(file_);
  const auto promotions = ledger.promotions();
  ASSERT_EQ(promotions.size(), 1u);
  EXPECT_EQ(promotions[0].after, "new");
  EXPECT_TRUE(promotions[0].promoted);
  EXPECT_EQ(promotions[0].reason, "better");
  const auto scope = ledger.scope("new");
  ASSERT_EQ(scope.size(), 1u);
  EXPECT_EQ(scope[0].rate, wilson(8, 10));
  EXPECT_TRUE(ledger.scope("old").empty());
}

TEST_F(LedgerTest, EvidenceOfOneAttemptCountsOnceAndForItsPolicyAlone) {
  Ledger ledger(file_);
  fill(ledger);
  const EvidenceEntry one{.policy = "new",
                          .verb = "push",
                          .object = "red_block",
                          .place = "left",
                          .robot = "toy/joint",
                          .speed = 1.25,
                          .success = true,
                          .attempt = "7",
                          .journal = "runs/x",
                          .author = "judge"};
  EvidenceEntry other = one;
  other.attempt = "8";
  other.success = false;
  other.real = true;
  ledger.add_evidence({one, other});
  ledger.add_evidence({one});
  const auto evidence = ledger.evidence("new");
  ASSERT_EQ(evidence.size(), 2u);
  EXPECT_TRUE(evidence[0].success);
  EXPECT_FALSE(evidence[0].real);
  EXPECT_TRUE(evidence[1].real);
  EXPECT_EQ(evidence[0].speed, 1.25);
  EXPECT_EQ(evidence[0].place, "left");
  EXPECT_FALSE(evidence[0].created.empty());
  EXPECT_TRUE(ledger.evidence("old").empty());
  EvidenceEntry stranger = one;
  stranger.policy = "stranger";
  EXPECT_THROW(ledger.add_evidence({stranger}), Error);
}

TEST_F(LedgerTest, WithdrawalsAndOverridesAreKept) {
  Ledger ledger(file_);
  fill(ledger);
  ledger.add_withdrawal({.name = "nano",
                         .canary = "new",
                         .policy = "old",
                         .canary_attempts = 9,
                         .canary_successes = 2,
                         .policy_attempts = 30,
                         .policy_successes = 29,
                         .evidence = 21.5,
                         .attempt = "left/17"});
  ASSERT_EQ(ledger.withdrawals().size(), 1u);
  EXPECT_EQ(ledger.withdrawals()[0].evidence, 21.5);
  EXPECT_EQ(ledger.withdrawals()[0].attempt, "left/17");
  ledger.add_override(
      {.policy = "new", .robot = "toy/joint", .words = "juggle", .why = "out", .author = "ann"});
  ASSERT_EQ(ledger.overrides().size(), 1u);
  EXPECT_EQ(ledger.overrides()[0].words, "juggle");
}

TEST_F(LedgerTest, EnteringTwiceIsEnteringOnce) {
  Ledger ledger(file_);
  fill(ledger);
  fill(ledger);
  for (const char* table : {"orders", "episodes", "datasets", "dataset_episodes", "evaluations",
                            "scope", "promotions"}) {
    EXPECT_EQ(ledger.count(table), 1) << table;
  }
  EXPECT_EQ(ledger.count("policies"), 2);
}

TEST_F(LedgerTest, RefusesADecisionOnAnUnknownPolicy) {
  Ledger ledger(file_);
  ledger.add_order("r1", "one turn");
  const std::string message = message_of([&] {
    ledger.add_promotion({.run = "r1",
                          .before = "nobody",
                          .after = "nothing",
                          .promoted = true,
                          .reason = "",
                          .evidence = "{}"});
  });
  EXPECT_NE(message.find("FOREIGN KEY"), std::string::npos) << message;
  EXPECT_TRUE(ledger.promotions().empty());
}

TEST_F(LedgerTest, TheNewestUseIsThePolicyInUse) {
  Ledger ledger(file_);
  fill(ledger);
  EXPECT_TRUE(ledger.uses().empty());
  const UseEntry first = ledger.add_use(
      {.after = "old", .folder = "assets", .author = "ann", .reason = "to begin with"});
  EXPECT_EQ(first.kind, "promotion");
  EXPECT_EQ(first.before, "");
  EXPECT_FALSE(first.created.empty());
  EXPECT_EQ(
      ledger.add_use({.before = "old", .after = "new", .folder = "runs", .author = "ann"}).kind,
      "promotion");
  EXPECT_EQ(
      ledger.add_use({.before = "new", .after = "old", .folder = "assets", .author = "bob"}).kind,
      "roll-back");
  const auto uses = Ledger(file_).uses();
  ASSERT_EQ(uses.size(), 3u);
  EXPECT_EQ(uses[0].reason, "to begin with");
  EXPECT_EQ(uses[2].after, "old");
  EXPECT_EQ(uses[2].author, "bob");
}

TEST_F(LedgerTest, RefusesAUseThatWasDecidedOnAnOldState) {
  Ledger ledger(file_);
  fill(ledger);
  ledger.add_use({.after = "old", .folder = "assets", .author = "ann"});
  const std::string message = message_of(
      [&] { ledger.add_use({.before = "", .after = "new", .folder = "runs", .author = "bob"}); });
  EXPECT_NE(message.find("in use meanwhile (old)"), std::string::npos) << message;
  EXPECT_EQ(ledger.uses().size(), 1u);
  EXPECT_NE(message_of([&] {
              ledger.add_use({.before = "old", .after = "nobody", .folder = "x", .author = "bob"});
            }).find("FOREIGN KEY"),
            std::string::npos);
}

TEST_F(LedgerTest, NeitherChangesNorForgets) {
  {
    Ledger ledger(file_);
    fill(ledger);
    ledger.add_use({.after = "old", .folder = "assets", .author = "ann"});
  }
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(file_.c_str(), &db), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(db, "UPDATE promotions SET promoted = 0", nullptr, nullptr, nullptr),
            SQLITE_OK);
  EXPECT_NE(sqlite3_exec(db, "DELETE FROM episodes", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(db, "DELETE FROM uses", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  EXPECT_TRUE(Ledger(file_).promotions().at(0).promoted);
}

TEST_F(LedgerTest, NamesAFileThatIsNoLedger) {
  fs::create_directories(file_.parent_path());
  std::ofstream(file_) << std::string(4096, 'x');
  const std::string message = message_of([&] { Ledger ledger(file_); });
  EXPECT_NE(message.find(file_.string()), std::string::npos) << message;
  EXPECT_NE(message.find("no ledger"), std::string::npos) << message;
}

TEST_F(LedgerTest, NamesAFolderThatItCannotWrite) {
  const std::string message = message_of([&] { Ledger ledger("/proc/none/ledger.db"); });
  EXPECT_NE(message.find("cannot open"), std::string::npos) << message;
}

TEST_F(LedgerTest, AFullDiskLosesNothingThatWasEntered) {
  Ledger ledger(file_);
  fill(ledger);
  // A limit on file size stands in for a full disk: write() fails alike.
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 64 * 1024, .rlim_max = old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string message = message_of([&] {
    for (int i = 0; i < 1000; ++i) {
      ledger.add_policy({.hash = "p" + std::to_string(i),
                         .folder = std::string(4096, 'f'),
                         .parent = "",
                         .recipe = "{}"});
    }
  });
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_NE(message.find("free disk space"), std::string::npos) << message;
  EXPECT_EQ(ledger.promotions().size(), 1u);
}

}  // namespace
}  // namespace gyre::flywheel
