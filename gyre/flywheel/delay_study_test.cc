#include "gyre/flywheel/delay_study.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gyre/core/testing.h"
#include "gyre/flywheel/testing.h"

namespace gyre::flywheel {
namespace {

using testing::ToyArena;

class DelayStudyTest : public ::testing::Test {
 protected:
  DelayStudyTest() {
    testing::write_toy_policy(folder_ / "policy", {testing::kToyGoal, 0}, {"toy/joint"});
    engine_ = infer::open_engine((folder_ / "policy").string());
  }
  DelayStudy study(const DelayFlags& flags, int workers) const {
    return study_delays(arena_, *engine_, arena_.deal("known", {"toy/joint"}, 6, 9), {},
                        delay_cases(flags, engine_->checkpoint()), workers);
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<infer::Engine> engine_;
  ToyArena arena_;
};

TEST_F(DelayStudyTest, EveryMethodUnderEveryDelayWhateverTheWorkers) {
  const DelayFlags flags{
      .delays = {0, 1.5}, .random = {0.5, 4}, .loss = 0.1, .methods = {"naive", "draws"}};
  const nlohmann::json json = study(flags, 1);
  EXPECT_EQ(nlohmann::json(study(flags, 2)), json);
  ASSERT_EQ(json["rows"].size(), 6U);
  EXPECT_EQ(json["rows"][0]["hash"], json["none"]["hash"]);
  EXPECT_EQ(json["rows"][3]["hash"], json["none"]["hash"]) << "no method acts without delay";
  EXPECT_EQ(json["rows"][4]["method"], "draws");
  EXPECT_DOUBLE_EQ(json["rows"][4]["delay_s"].get<double>(), 0.15)
      << "half an action period is one control period";
  EXPECT_NE(json["rows"][1]["hash"], json["none"]["hash"]);
  EXPECT_DOUBLE_EQ(json["rows"][5]["jitter_s"].get<double>(), 0.175);
  EXPECT_EQ(json["rows"][5]["minus_none"]["pairs"], 6);
}

TEST_F(DelayStudyTest, StandingStillIsCounted) {
  const DelayStudy waits = study({.delays = {4}, .methods = {"wait"}}, 2);
  EXPECT_GT(waits.rows[0].evaluation.held(), 0.2);
  EXPECT_GT(waits.rows[0].evaluation.median_time_s(), waits.none.median_time_s());
  EXPECT_EQ(waits.none.held(), 0);
}

TEST_F(DelayStudyTest, TableAndPlotNameMethodsAndDelays) {
  const DelayStudy both = study({.delays = {0, 2}, .random = {1, 2}, .methods = {"naive"}}, 2);
  const std::string table = delay_table(both), plot = delay_plot(both);
  for (const char* words : {"naive", "200 ms", "100-200 ms", "none"}) {
    EXPECT_NE(table.find(words), std::string::npos) << words << table;
  }
  EXPECT_EQ(plot.rfind("<svg xmlns=", 0), 0U);
  EXPECT_NE(plot.find("naive"), std::string::npos);
}

TEST_F(DelayStudyTest, AllIsEveryMethodThatThePolicyIsFitFor) {
  const auto cases = delay_cases({.delays = {1}, .methods = {"all"}}, engine_->checkpoint());
  std::vector<std::string> names;
  for (const DelayCase& one : cases) names.push_back(one.method);
  EXPECT_EQ(names,
            (std::vector<std::string>{"naive", "wait", "ensemble", "aligned", "draws", "guided"}));
}

TEST_F(DelayStudyTest, RefusesWhatMakesNoSense) {
  const auto refusal = [&](const DelayFlags& flags) {
    return message_of([&] { delay_cases(flags, engine_->checkpoint()); });
  };
  EXPECT_NE(refusal({.delays = {-1}, .methods = {"naive"}}).find("--delays"), std::string::npos);
  EXPECT_NE(refusal({.random = {3, 2}, .methods = {"naive"}}).find("--jitter"), std::string::npos);
  EXPECT_NE(refusal({.delays = {1}, .loss = 0.1, .methods = {"naive"}}).find("--loss"),
            std::string::npos);
  EXPECT_NE(refusal({.delays = {1}, .methods = {"fast"}}).find("fast"), std::string::npos);
  EXPECT_NE(refusal({.delays = {1}, .methods = {"trained"}}).find("was not trained to continue"),
            std::string::npos);
}

}  // namespace
}  // namespace gyre::flywheel
