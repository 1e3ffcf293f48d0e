#include "gyre/console/flywheel_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/flywheel/policy_use.h"
#include "gyre/flywheel/run_progress.h"
#include "gyre/flywheel/testing.h"
#include "gyre/io/file.h"

namespace gyre::console {
namespace {

namespace fs = std::filesystem;
using flywheel::testing::write_toy_policy;
using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

// A folder of runs with two policies, one of them promoted by a run.
class FlywheelSiteTest : public ::testing::Test {
 protected:
  FlywheelSiteTest() {
    write_toy_policy(folder_ / "old", {0.1F, 0});
    write_toy_policy(run_ / "policy", {0.2F, 0});
    old_ = flywheel::enter_policy(runs_, folder_ / "old");
    new_ = flywheel::enter_policy(runs_, run_ / "policy");
    flywheel::Ledger ledger(runs_ / flywheel::kLedgerFile);
    ledger.add_order("r1", "gyre turn");
    const json evidence = {{"frontier",
                            {{"before", flywheel::wilson(0, 10)},
                             {"after", flywheel::wilson(9, 10)},
                             {"paired", flywheel::paired_difference(9, 0, 10)}}}};
    ledger.add_promotion({.run = "r1",
                          .before = old_,
                          .after = new_,
                          .promoted = true,
                          .reason = "better",
                          .evidence = evidence.dump()});
    fs::create_directories(run_ / "clips");
    std::ofstream(run_ / "clips/arm_before.mp4") << "a video";
    std::ofstream(run_ / "clips/other.mp4") << "nobody's";
    std::ofstream(run_ / "report.html") << "<p>report</p>";
    std::ofstream(run_ / "state.json") << json{
        {"results",
         {{"film",
           {{"result",
             {{{"title", "Before"}, {"caption", "failed"}, {"file", "clips/arm_before.mp4"}},
              {{"title", "Worse"}, {"caption", ""}, {"file", "../../old/config.json"}}}}}}}}};
    fs::create_directories(run_ / "candidates/corrections");
    std::ofstream(run_ / "candidates/corrections/metrics.jsonl")
        << "{\"step\": 1, \"flow\": 0.5}\n{\"step\": 2, \"flow\": 0.25}\n";
    flywheel::TurnConfig preset = flywheel::TurnConfig::demo();
    preset.embodiments = {"toy/joint"};
    preset.trained_suite = "known";
    site_ = std::make_unique<FlywheelSite>(
        flywheel::TurnDesk::Options{.runs = runs_,
                                    .program = "/bin/true",
                                    .suites = {"known", "new"},
                                    .preset = preset,
                                    .driven_robots = [this] { return driven_; }});
  }

  serve::HttpAnswer ask(const std::string& method, const std::string& target,
                        const std::string& body = "", serve::Role role = serve::Role::kAdmin) {
    serve::HttpRequest request{.role = role, .body = body};
    request.head.method = method;
    request.head.target = target;
    EXPECT_TRUE(site_->owns(request)) << target;
    const serve::SiteAnswer answer = site_->answer(request);
    return answer.later ? answer.later() : answer.http;
  }
  json state(serve::Role role = serve::Role::kAdmin) {
    const serve::HttpAnswer answer = ask("GET", "/flywheel/state.json", "", role);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }
  serve::HttpAnswer order(const char* verb, const json& changes = json::object()) {
    json command = {{"verb", verb},
                    {"policy", old_},
                    {"frontier_suite", "new"},
                    {"recipe", "corrections"},
                    {"collect_episodes", 3},
                    {"trained_episodes", 4},
                    {"frontier_episodes", 4},
                    {"minutes", 1}};
    command.update(changes);
    return ask("POST", "/flywheel/turn", command.dump());
  }

  flywheel::testing::TemporaryFolder folder_;
  fs::path runs_ = folder_ / "runs", run_ = runs_ / "r1";
  std::string old_, new_;
  std::vector<std::string> driven_;
  std::unique_ptr<FlywheelSite> site_;
};

TEST_F(FlywheelSiteTest, TellsTheScopeOfAPolicy) {
  std::vector<flywheel::EvidenceEntry> evidence;
  for (int i = 0; i < 80; ++i) {
    evidence.push_back({.policy = new_,
                        .verb = "lift",
                        .object = "red_cup",
                        .robot = "toy/joint",
                        .success = true,
                        .attempt = std::to_string(i),
                        .author = "judge"});
  }
  flywheel::Ledger(runs_ / flywheel::kLedgerFile).add_evidence(evidence);
  const json scope = json::parse(ask("GET", "/flywheel/scope.json?policy=" + new_).body);
  ASSERT_EQ(scope["cells"].size(), 1U);
  EXPECT_EQ(scope["cells"][0]["verdict"], "in");
  EXPECT_EQ(scope["cells"][0]["attempts"], 80);
  EXPECT_GE(scope["cells"][0]["low"], scope["asked_rate"]);
  const json real = json::parse(ask("GET", "/flywheel/scope.json?real=1&policy=" + new_).body);
  EXPECT_TRUE(real["cells"].empty());
}

TEST_F(FlywheelSiteTest, TellsPoliciesDecisionsAndVideos) {
  const json all = state();
  EXPECT_EQ(all["runs"], runs_.string());
  EXPECT_EQ(all["may_administer"], true);
  EXPECT_EQ(all["policies"].size(), 2U);
  EXPECT_EQ(all["policies"][1]["verdict"], "promoted");
  const json& turn = all["turns"][0];
  EXPECT_EQ(turn["reason"], "better");
  EXPECT_EQ(turn["comparisons"][0]["suite"], "frontier");
  EXPECT_EQ(turn["comparisons"][0]["rates"][1]["successes"], 9);
  EXPECT_GT(turn["comparisons"][0]["low"], 0);
  EXPECT_EQ(turn["clips"][0]["path"], "/flywheel/runs/r1/clips/arm_before.mp4");
  EXPECT_EQ(turn["report"], "/flywheel/runs/r1/report.html");
  EXPECT_EQ(all["phase"], "none");
  EXPECT_EQ(all["refusal"], "");
}

TEST_F(FlywheelSiteTest, AConsoleWithoutRunsSaysSo) {
  FlywheelSite none({});
  serve::HttpRequest request{.role = serve::Role::kAdmin};
  request.head.method = "GET";
  request.head.target = "/flywheel/state.json";
  EXPECT_EQ(json::parse(none.answer(request).later().body)["runs"], "");
  request.head.method = "POST";
  request.head.target = "/flywheel/turn";
  EXPECT_EQ(none.answer(request).later().status, 409);
}

TEST_F(FlywheelSiteTest, ServesOnlyWhatARunSaysThatItMade) {
  EXPECT_EQ(ask("GET", "/flywheel/runs/r1/clips/arm_before.mp4").body, "a video");
  const serve::HttpAnswer report = ask("GET", "/flywheel/runs/r1/report.html");
  EXPECT_EQ(report.body, "<p>report</p>");
  EXPECT_THAT(report.headers, Contains(Pair("Content-Security-Policy", HasSubstr("'none'"))));
  for (const char* path : {"clips/other.mp4", "state.json", "../ledger.db", "../../old/config.json",
                           "", "clips/", "policy/config.json", "..%2Fledger.db"}) {
    EXPECT_EQ(ask("GET", std::string("/flywheel/runs/r1/") + path).status, 404) << path;
  }
  for (const char* path : {"..", "../old/config.json", ".", "ledger.db"}) {
    EXPECT_EQ(ask("GET", std::string("/flywheel/runs/") + path).status, 404) << path;
  }
}

TEST_F(FlywheelSiteTest, TellsATrainingsCurves) {
  EXPECT_EQ(state()["training"], "r1/candidates/corrections");
  const auto answer = ask("GET", "/flywheel/curves.json?training=r1/candidates/corrections");
  const json curves = json::parse(answer.body);
  EXPECT_EQ(curves["curves"][0]["steps"], json({1, 2}));
  EXPECT_EQ(curves["curves"][0]["values"], json({0.5, 0.25}));
  EXPECT_EQ(ask("GET", "/flywheel/curves.json?training=../x").status, 404);
}

TEST_F(FlywheelSiteTest, AnAdministratorPutsAPolicyInUseAndGoesBack) {
  const auto use = [&](const std::string& hash, serve::Role role = serve::Role::kAdmin) {
    return ask("POST", "/flywheel/use", json{{"policy", hash}, {"reason", "why not"}}.dump(), role);
  };
  for (const serve::Role role : {serve::Role::kWatch, serve::Role::kHelp, serve::Role::kDrive}) {
    EXPECT_EQ(use(old_, role).status, 403);
  }
  EXPECT_FALSE(flywheel::policy_in_use(runs_));
  EXPECT_EQ(use(old_).status, 200);
  EXPECT_EQ(json::parse(use(new_).body)["uses"][1]["kind"], "promotion");
  EXPECT_EQ(json::parse(use(old_).body)["uses"][2]["kind"], "roll-back");
  EXPECT_EQ(flywheel::policy_in_use(runs_)->reason, "why not");
  EXPECT_EQ(use((folder_ / "old").string()).status, 409) << "pages name no folders";
  EXPECT_THAT(use("0123456789").body, HasSubstr("is not in the ledger"));
  EXPECT_EQ(ask("POST", "/flywheel/use", "{").status, 409);
}

TEST_F(FlywheelSiteTest, ACostIsToldBeforeATurn) {
  const json cost = json::parse(order("cost").body);
  EXPECT_GT(cost["seconds"], 60);
  EXPECT_EQ(cost["bytes"], 0) << "no turn was finished here";
  EXPECT_GT(cost["free_bytes"], 0);
  EXPECT_NE(cost["basis"], "");
  EXPECT_EQ(state()["phase"], "none") << "asking starts nothing";
  EXPECT_THAT(order("cost", {{"frontier_suite", "x"}}).body, HasSubstr("is unknown"));
}

TEST_F(FlywheelSiteTest, RefusesTurnsInOneLine) {
  driven_ = {"arm-one"};
  const serve::HttpAnswer refused = order("start");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.body,
            "robot arm-one is driven on this machine: no turn while a real arm moves\n");
  EXPECT_THAT(state()["refusal"], HasSubstr("arm-one"));
  driven_.clear();
  EXPECT_EQ(order("dance").status, 400);
  EXPECT_THAT(order("stop").body, HasSubstr("no turn is running"));
  EXPECT_THAT(order("go on").body, HasSubstr("no turn waits"));
  EXPECT_EQ(order("start", {{"minutes", "x"}}).status, 409);
  EXPECT_EQ(ask("POST", "/flywheel/turn", "{}", serve::Role::kWatch).status, 403);
  EXPECT_EQ(state(serve::Role::kWatch)["may_administer"], false);
}

}  // namespace
}  // namespace gyre::console
