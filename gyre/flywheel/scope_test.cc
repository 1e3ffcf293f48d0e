#include "gyre/flywheel/scope.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "gyre/core/error.h"
#include "gyre/flywheel/ledger.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;

const std::vector<ScopeTask>& lifting() {
  static const std::vector<ScopeTask> kTasks = {
      {"lift/red_cup", "trained", {"lift the red cup"}},
      {"lift/blue_cup", "trained", {"lift the blue cup"}},
      {"throw/red_cup/bin", "frontier", {"throw the red cup into the bin"}}};
  return kTasks;
}

ScopeCell lift_red() { return scope_cell("lift/red_cup", "arm"); }

TEST(Scope, WithoutEvidenceEverythingIsOutside) {
  const Scope scope = make_scope(scope_cells(lifting(), {"arm"}, {1}), {});
  ASSERT_EQ(scope.rows.size(), 3U);
  for (const ScopeRow& row : scope.rows) EXPECT_EQ(row.verdict, ScopeVerdict::kOutside);
}

TEST(Scope, WidensAndNarrowsByEvidence) {
  const std::vector<ScopeCell> cells = scope_cells(lifting(), {"arm"}, {1});
  const auto verdict = [&](int64_t successes, int64_t attempts) {
    return make_scope(cells, {{.cell = lift_red(), .attempts = attempts, .successes = successes}})
        .find(lift_red())
        ->verdict;
  };
  EXPECT_EQ(verdict(2, 2), ScopeVerdict::kAsk);
  EXPECT_EQ(verdict(60, 60), ScopeVerdict::kInside);
  EXPECT_EQ(verdict(60, 75), ScopeVerdict::kAsk);
  EXPECT_EQ(verdict(60, 120), ScopeVerdict::kOutside);
}

TEST(Scope, AnotherPolicysEvidenceIsADiscountedPrior) {
  const auto low = [](int generations, int64_t attempts) {
    const CellEvidence evidence{.cell = lift_red(),
                                .generations = generations,
                                .attempts = attempts,
                                .successes = attempts};
    const Scope scope = make_scope({}, {evidence});
    EXPECT_EQ(scope.rows[0].attempts, generations == 0 ? attempts : 0);
    return scope.rows[0].estimate.low;
  };
  EXPECT_LT(low(1, 1000), low(0, 20)) << "a thousand of the parent are fewer than twenty own";
  EXPECT_LT(low(2, 1000), low(1, 1000)) << "and the grandparent's are fewer still";
  EXPECT_GT(low(1, 1000), low(1, 2));
}

TEST(Scope, AFewOwnFailuresOutweighTheParentsSuccesses) {
  const Scope scope =
      make_scope({}, {{.cell = lift_red(), .generations = 1, .attempts = 500, .successes = 500},
                      {.cell = lift_red(), .attempts = 30, .successes = 6}});
  EXPECT_EQ(scope.rows[0].verdict, ScopeVerdict::kOutside);
}

TEST(Scope, AnswersForWordsAndNamesBothSides) {
  Scope scope = make_scope(scope_cells(lifting(), {"arm"}, {1}),
                           {{.cell = lift_red(), .attempts = 80, .successes = 80},
                            {.cell = scope_cell("throw/red_cup/bin", "arm"), .attempts = 40}});
  scope.policy = "0123456789abcdef";
  const ScopeWords words(lifting());
  const ScopeAnswer in = ask_scope(scope, words, "please lift the red cup", "arm");
  EXPECT_EQ(in.verdict, ScopeVerdict::kInside);
  const ScopeAnswer out = ask_scope(scope, words, "throw the red cup into the bin", "arm");
  EXPECT_EQ(out.verdict, ScopeVerdict::kOutside);
  for (const char* part : {"throw the red cup", "0123456789ab", "0 of 40", "80 %"}) {
    EXPECT_NE(out.reason.find(part), std::string::npos) << part << " in " << out.reason;
  }
  const ScopeAnswer bowl = ask_scope(scope, words, "lift the red bowl", "arm");
  EXPECT_EQ(bowl.verdict, ScopeVerdict::kOutside);
  EXPECT_FALSE(bowl.row);
  EXPECT_NE(bowl.reason.find("'bowl'"), std::string::npos);
  EXPECT_EQ(ask_scope(scope, words, "lift the red cup", "another arm").verdict,
            ScopeVerdict::kOutside);
  const nlohmann::json json = bowl;
  EXPECT_TRUE(json.at("cell").is_null());
}

TEST(Scope, AnswersAreALineWhateverTheWords) {
  const Scope scope = make_scope({}, {{.cell = lift_red(), .attempts = 2, .successes = 2}});
  for (const std::string& words : {std::string("lift\nthe \xff cup"), std::string(5000, '\xe4'),
                                   std::string(130, 'x') + "\xc3\xa4", std::string()}) {
    const ScopeAnswer answer = ask_scope(scope, ScopeWords(lifting()), words, "arm");
    EXPECT_EQ(answer.verdict, ScopeVerdict::kOutside);
    EXPECT_EQ(answer.reason.find('\n'), std::string::npos);
    EXPECT_NO_THROW(nlohmann::json(answer).dump());
  }
}

class ScopeLedger : public ::testing::Test {
 protected:
  ScopeLedger() : folder_(fs::temp_directory_path() / ("gyre_scope_" + std::to_string(getpid()))) {
    Ledger ledger(file());
    ledger.add_policy({.hash = "old", .folder = "a", .parent = "", .recipe = "{}"});
    ledger.add_policy({.hash = "new", .folder = "b", .parent = "old", .recipe = "{}"});
    ledger.add_policy({.hash = "other", .folder = "c", .parent = "", .recipe = "{}"});
  }
  ~ScopeLedger() override { fs::remove_all(folder_); }
  fs::path file() const { return folder_ / "ledger.db"; }
  void add(const std::string& policy, int count, bool real = false, double speed = 1) {
    std::vector<EvidenceEntry> entries;
    for (int i = 0; i < count; ++i) {
      entries.push_back(
          {.policy = policy,
           .verb = "lift",
           .object = "red_cup",
           .robot = "arm",
           .speed = speed,
           .real = real,
           .success = i % 2 == 0,
           .attempt = std::to_string(i) + (real ? "real" : "") + std::to_string(speed),
           .author = "judge"});
    }
    Ledger(file()).add_evidence(entries);
  }

  fs::path folder_;
};

TEST_F(ScopeLedger, CountsThePolicysOwnEvidenceAndItsLine) {
  add("old", 20);
  add("new", 6);
  add("other", 50);
  add("new", 8, true);
  add("new", 4, false, 1.25);
  const Scope scope = read_scope(file(), "new", false, {});
  ASSERT_EQ(scope.rows.size(), 2U);
  const ScopeRow& row = *scope.find(lift_red());
  EXPECT_EQ(row.attempts, 6);
  EXPECT_EQ(row.successes, 3);
  EXPECT_EQ(row.earlier, 20);
  EXPECT_EQ(scope.find(scope_cell("lift/red_cup", "arm", 1.25))->attempts, 4);
  const Scope real = read_scope(file(), "new", true, {});
  ASSERT_EQ(real.rows.size(), 1U);
  EXPECT_EQ(real.rows[0].attempts, 8) << "simulated attempts say nothing of a real robot";
}

TEST_F(ScopeLedger, OnlyReads) {
  const fs::path nowhere = folder_ / "none.db";
  EXPECT_TRUE(read_scope(nowhere, "new", false, {}).rows.empty());
  EXPECT_FALSE(fs::exists(nowhere));
}

}  // namespace
}  // namespace gyre::flywheel
