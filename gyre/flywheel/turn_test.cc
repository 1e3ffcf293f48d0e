#include "gyre/flywheel/turn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "gyre/core/hash.h"
#include "gyre/core/testing.h"
#include "gyre/data/dataset.h"
#include "gyre/data/journal.h"
#include "gyre/data/journal_reader.h"
#include "gyre/data/labels.h"
#include "gyre/data/labels_frames.h"
#include "gyre/flywheel/collect.h"
#include "gyre/flywheel/critic_label.h"
#include "gyre/flywheel/ledger.h"
#include "gyre/flywheel/testing.h"
#include "gyre/io/file.h"
#include "gyre/run/journal_sink.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

constexpr std::array<float, 2> kRaiseFirst = {testing::kToyGoal, 0};
constexpr std::array<float, 2> kRaiseSecond = {0, testing::kToyGoal};
constexpr std::array<float, 2> kRaiseBoth = {testing::kToyGoal, testing::kToyGoal};

// A bench that is real to a turn, in simulated time.
class ToyRealArena : public testing::ToyArena {
 public:
  bool real() const override { return true; }
};

// A policy that raises the first joint is to learn to raise the second.
class TurnTest : public ::testing::Test {
 protected:
  TurnTest() {
    testing::write_toy_policy(folder_ / "policy", kRaiseFirst, {"toy/joint", "twin/joint"});
    config_ = small_turn("runs");
  }

  TurnConfig small_turn(const std::string& runs) const {
    TurnConfig config;
    config.policy = (folder_ / "policy").string();
    config.runs = (folder_ / runs).string();
    config.embodiments = {"toy/joint"};
    config.trained_suite = "known";
    config.frontier_suite = "new";
    config.trained_episodes = 6;
    config.frontier_episodes = 6;
    config.collect_episodes = 3;
    config.replay_episodes = 4;
    config.gate = testing::toy_gate();
    return config;
  }

  // Learning ends with a policy that commands these positions.
  void teach(const std::array<float, 2>& positions) {
    learner_ = std::make_shared<testing::ToyLearner>(positions);
    options_.recipes = {{"corrections", corrections_labeler(), learner_},
                        {"cloning everything", everything_labeler(), learner_}};
  }

  Report run() { return run_turn(arena_, config_, "the command", options_); }

  fs::path run_folder(const Report& report) const { return fs::path(config_.runs) / report.run; }

  // The only run there.
  fs::path unfinished_run() const {
    for (const auto& entry : fs::directory_iterator(config_.runs)) {
      if (entry.is_directory()) return entry.path();
    }
    return {};
  }

  // What a turn found out: everything but times, and the folder it lies in.
  json findings(const Report& report) const {
    json all = report_json(report);
    all.erase("stages");
    const std::string text = all.dump();
    const std::string folder = run_folder(report).string();
    std::string same;
    for (size_t at = 0; at < text.size();) {
      const size_t found = text.find(folder, at);
      same += text.substr(at, found - at) + (found == std::string::npos ? "" : "RUN");
      at = found == std::string::npos ? text.size() : found + folder.size();
    }
    json result = json::parse(same);
    result.erase("run");
    return result;
  }

  testing::TemporaryFolder folder_;
  testing::ToyArena arena_;
  std::shared_ptr<testing::ToyLearner> learner_;
  TurnConfig config_;
  TurnOptions options_;
};

TEST_F(TurnTest, PromotesAPolicyThatLearntAndForgotNothing) {
  teach(kRaiseBoth);
  const Report report = run();
  EXPECT_TRUE(report.decision.promoted) << report.decision.reason;
  EXPECT_EQ(report.frontier.before, wilson(0, 6));
  EXPECT_EQ(report.frontier.after, wilson(6, 6));
  EXPECT_EQ(report.trained.after, wilson(6, 6));
  const Checkpoint promoted = Checkpoint::open(run_folder(report) / "policy");
  const Checkpoint candidate = Checkpoint::open(run_folder(report) / "candidates/corrections");
  EXPECT_EQ(promoted.policy_hash, candidate.policy_hash);
  EXPECT_EQ(promoted.about.at("parent"), Checkpoint::open(config_.policy).policy_hash);
  EXPECT_EQ(promoted.about.at("turn").at("reason"), report.decision.reason);
  EXPECT_EQ(promoted.about.at("turn").at("evaluation").at("frontier").at("successes"), 6);
  EXPECT_FALSE(fs::exists(run_folder(report) / "policy.partial"));

  const auto read = json::parse(io::read_text(run_folder(report) / "report.json"));
  EXPECT_EQ(read, report_json(report));
  const std::string page = io::read_text(run_folder(report) / "report.html");
  EXPECT_THAT(page, HasSubstr("data:video/mp4;base64,"));
}

// What a crash may leave: a half-made folder, one that was moved aside, or the whole policy before
// the run knew of it.
TEST_F(TurnTest, ACrashWhilePromotingLeavesNoPolicyOrAWholeOne) {
  teach(kRaiseBoth);
  const testing::StopRequest stop;
  options_.began = [&](const std::string& stage) {
    if (stage == "promote") stop.send();
  };
  EXPECT_THROW(run(), Interrupted);
  const fs::path folder = unfinished_run();
  EXPECT_FALSE(fs::exists(folder / "policy"));
  fs::create_directories(folder / "policy.partial");
  std::ofstream(folder / "policy.partial/model.safetensors") << "half";
  fs::create_directories(folder / "policy.replaced");
  fs::copy(config_.policy, folder / "policy", fs::copy_options::recursive);
  clear_stop_signal();
  options_.began = nullptr;
  const Report report = run();
  EXPECT_EQ(run_folder(report), folder);
  EXPECT_EQ(Checkpoint::open(folder / "policy").policy_hash,
            Checkpoint::open(folder / "candidates/corrections").policy_hash);
  EXPECT_FALSE(fs::exists(folder / "policy.partial"));
  EXPECT_FALSE(fs::exists(folder / "policy.replaced"));
}

TEST_F(TurnTest, WhatWasCollectedIsStoredLabelledAndTiedToTheDecision) {
  teach(kRaiseBoth);
  const Report report = run();
  EXPECT_EQ(report.episodes_collected, 3);
  std::map<std::string, std::string> hashes;
  for (const HashRow& row : report.hashes) hashes[row.what] = row.hash;
  EXPECT_GT(report.steps_by_helper, 0);
  EXPECT_GT(report.steps_by_policy, 0);
  const fs::path folder = run_folder(report);
  EXPECT_EQ(data::journal_files(folder / "journal").size(), 3U);
  const data::Dataset dataset(folder / "data" / "toy_joint");
  ASSERT_EQ(dataset.episodes().size(), 3U);
  const std::vector<std::vector<float>> targets = data::frame_labels(dataset, "corrections");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(targets.at(i), corrections_labeler()->label(dataset.read(i)).target);
  }
  EXPECT_EQ(hashes["journal"], journal_hash(folder / "journal"));
  EXPECT_EQ(hashes["collected, toy/joint"], dataset.hash());
  EXPECT_EQ(hashes["policy before"], Checkpoint::open(config_.policy).policy_hash);
  EXPECT_EQ(hashes["policy after"], Checkpoint::open(folder / "policy").policy_hash);
  const Ledger ledger(fs::path(config_.runs) / "ledger.db");
  EXPECT_EQ(ledger.count("episodes"), 3);
  EXPECT_EQ(ledger.count("evaluations"), 4);
  EXPECT_EQ(ledger.count("policies"), 2);
  ASSERT_EQ(ledger.promotions().size(), 1U);
  EXPECT_EQ(ledger.promotions()[0].reason, report.decision.reason);
}

TEST_F(TurnTest, ItsAttemptsAreEvidenceByWhichItChoosesWhatToCollect) {
  teach(kRaiseBoth);
  config_.collect_by = "scope";
  const Report report = run();
  EXPECT_EQ(report.episodes_collected, 3);
  const Ledger ledger(fs::path(config_.runs) / "ledger.db");
  const Checkpoint before = Checkpoint::open(config_.policy);
  const Checkpoint after = Checkpoint::open(run_folder(report) / "policy");
  const auto successes = [&](const std::string& policy) {
    return std::ranges::count_if(ledger.evidence(policy), &EvidenceEntry::success);
  };
  EXPECT_GE(ledger.evidence(before.policy_hash).size(), 12U) << "evaluations and gate";
  EXPECT_GT(successes(after.policy_hash), successes(before.policy_hash));
  config_.collect_by = "luck";
  EXPECT_THROW(run(), Error);
}

TEST_F(TurnTest, KeepsThePolicyWhenTheCandidateForgot) {
  teach(kRaiseSecond);
  const Report report = run();
  EXPECT_EQ(report.frontier.after, wilson(6, 6));
  EXPECT_EQ(report.trained.after, wilson(0, 6));
  EXPECT_FALSE(report.decision.promoted);
  EXPECT_THAT(report.decision.reason, HasSubstr("trained changed by -100.0 points"));
  EXPECT_FALSE(fs::exists(run_folder(report) / "policy"));
}

TEST_F(TurnTest, KeepsThePolicyWhenTheCandidateLearntNothing) {
  teach(kRaiseFirst);
  const Report report = run();
  EXPECT_FALSE(report.decision.promoted);
  EXPECT_THAT(report.decision.reason, HasSubstr("no gain outside the noise"));
}

// A turn on a real bench, with demonstrations of an earlier turn as old data.
class BenchTurnTest : public TurnTest {
 protected:
  BenchTurnTest() {
    teach(kRaiseBoth);
    const Report demonstrated = run();
    fs::copy(run_folder(demonstrated) / "data" / "toy_joint", folder_ / "replay",
             fs::copy_options::recursive);
    config_ = small_turn("bench");
    config_.replay = (folder_ / "replay").string();
    config_.trained_suite = config_.frontier_suite = "new";
    config_.attempts = 4;
    options_.began = [this](const std::string& stage) { stages_.push_back(stage); };
    options_.note = [this](const std::string& line) { notes_ += line + "\n"; };
  }
  Report run_bench() { return run_turn(bench_, config_, "the command", options_); }

  ToyRealArena bench_;
  std::vector<std::string> stages_;
  std::string notes_;
};

TEST_F(BenchTurnTest, BlocksOfTwoDecide) {
  const Report report = run_bench();
  EXPECT_EQ(stages_, (std::vector<std::string>{"collect with help", "store and label",
                                               "learn by corrections", "gate", "promote"}));
  EXPECT_TRUE(report.decision.promoted) << report.decision.reason;
  EXPECT_THAT(report.decision.reason, HasSubstr("on a real bench 4 of 4"));
  EXPECT_EQ(report.frontier.before, wilson(0, 4));
  EXPECT_EQ(report.frontier.after, wilson(4, 4));
  ASSERT_TRUE(report.gate);
  EXPECT_TRUE(report.gate->bench);
  EXPECT_THAT(notes_, HasSubstr("4 attempts of each policy"));
  EXPECT_EQ(bench_.opened, 3 + 8);
  EXPECT_EQ(data::journal_files(run_folder(report) / "gate/journal").size(), 8U);
  EXPECT_TRUE(fs::exists(run_folder(report) / "policy"));

  EXPECT_EQ(report.bench, "toy/joint");
  EXPECT_EQ(report_json(report).at("bench"), "toy/joint");
  EXPECT_THAT(report_table(report), HasSubstr("on a real bench"));
  EXPECT_THAT(io::read_text(run_folder(report) / "report.html"), HasSubstr("On the real bench"));
  const Ledger ledger(fs::path(config_.runs) / "ledger.db");
  ASSERT_EQ(ledger.promotions().size(), 1U);
  EXPECT_EQ(json::parse(ledger.promotions()[0].evidence).at("bench"), "toy/joint");
  const std::vector<EvidenceEntry> evidence =
      ledger.evidence(Checkpoint::open(run_folder(report) / "policy").policy_hash);
  EXPECT_EQ(evidence.size(), 4U);
  for (const EvidenceEntry& entry : evidence) {
    EXPECT_TRUE(entry.real);
    EXPECT_EQ(entry.author, "person");
  }
}

TEST_F(BenchTurnTest, EndsWhereNothingCouldPromoteAnyMore) {
  teach(kRaiseFirst);
  const Report report = run_bench();
  EXPECT_FALSE(report.decision.promoted);
  EXPECT_EQ(report.gate->attempts, 2);
  EXPECT_FALSE(fs::exists(run_folder(report) / "policy"));
}

TEST_F(BenchTurnTest, JudgedAttemptsAreNotMadeAgain) {
  config_.workers = 1;                   // a person has two hands
  for (const int at : {2, 3 - 1 + 4}) {  // while collecting, then while comparing
    const testing::StopRequest stop;
    bench_.opened = 0;
    bench_.opening = [&](int number) {
      if (number == at) stop.send();
    };
    EXPECT_THROW(run_bench(), Interrupted);
  }
  bench_.opening = nullptr;
  bench_.opened = 0;
  const Report report = run_bench();
  EXPECT_TRUE(report.decision.promoted);
  EXPECT_EQ(bench_.opened, 8 - 3);
  EXPECT_EQ(stages_.back(), "promote");
}

TEST_F(BenchTurnTest, RefusesAnOrderBeforeAnythingIsDone) {
  config_.attempts = 2;
  EXPECT_THAT(message_of([&] { run_bench(); }), HasSubstr("it needs at least 3"));
  config_.attempts = 4;
  config_.replay.clear();
  EXPECT_THAT(message_of([&] { run_bench(); }), HasSubstr("--replay"));
  EXPECT_FALSE(fs::exists(config_.runs));
  EXPECT_EQ(bench_.opened, 0);
}

// The policy of the first turn is the second one's ancestor.
TEST_F(TurnTest, TheGateComparesWithTheRootOfTheLine) {
  teach(kRaiseBoth);
  const Report first = run();
  ASSERT_TRUE(first.gate);
  EXPECT_THAT(first.decision.reason, HasSubstr("quick gate"));
  for (const GateRow& row : first.gate->rows) EXPECT_EQ(row.against, "predecessor");
  EXPECT_TRUE(fs::exists(run_folder(first) / "gate/frontier_predecessor_0.json"));
  config_.policy = (run_folder(first) / "policy").string();
  const Report second = run();
  ASSERT_TRUE(second.gate);
  EXPECT_FALSE(second.decision.promoted) << "it is as good as its predecessor";
  EXPECT_EQ(second.gate->rows.at(0).against, "predecessor");
  EXPECT_EQ(second.gate->rows.at(1).against, "ancestor");
  EXPECT_EQ(second.gate->rows.at(1).paired.gained, second.gate->rows.at(1).paired.pairs);

  config_.ancestor = Checkpoint::open(config_.policy).policy_hash;
  EXPECT_EQ(run().gate->rows.at(1).against, "predecessor") << "it is its own ancestor by order";
  config_.ancestor = "00000000";
  EXPECT_THAT(message_of([&] { run(); }), HasSubstr("is not in the ledger"));
  config_.ancestor = "";
  fs::rename(folder_ / "policy", folder_ / "moved");
  EXPECT_THAT(message_of([&] { run(); }), HasSubstr("is the root of this policy's line"));
}

TEST_F(TurnTest, AGateThatCouldNotPromoteIsRefusedBeforeAnythingIsDone) {
  teach(kRaiseBoth);
  config_.gate.frontier_pairs = 2;
  EXPECT_THAT(message_of([&] { run(); }), HasSubstr("it needs at least"));
  EXPECT_FALSE(fs::exists(config_.runs));
  EXPECT_EQ(arena_.opened, 0);
}

// Every stage, by name, in order.
TEST_F(TurnTest, AnInterruptedTurnGoesOnAndEndsAsAnUninterruptedOne) {
  teach(kRaiseBoth);
  std::vector<std::string> stages;
  options_.began = [&](const std::string& stage) { stages.push_back(stage); };
  const json whole = findings(run());
  const std::vector<std::string> expected = {"first look",
                                             "evaluate before: trained",
                                             "evaluate before: frontier",
                                             "collect with help",
                                             "store and label",
                                             "learn by corrections",
                                             "evaluate after: trained",
                                             "evaluate after: frontier",
                                             "gate",
                                             "film",
                                             "promote"};
  ASSERT_EQ(stages, expected);

  config_ = small_turn("interrupted");
  for (size_t i = 0; i < expected.size(); ++i) {
    const testing::StopRequest stop;
    stages.clear();
    options_.began = [&](const std::string& stage) {
      stages.push_back(stage);
      if (stage == expected[i]) stop.send();
    };
    EXPECT_THAT(message_of([&] { run(); }), HasSubstr("interrupted")) << expected[i];
    // The one that was interrupted, then the next: what was done before is not done again.
    const auto next = expected.begin() + static_cast<ptrdiff_t>(i);
    EXPECT_EQ(stages, std::vector(i == 0 ? next : next - 1, next + 1));
  }
  options_.began = nullptr;
  EXPECT_EQ(findings(run()), whole);
}

// In the middle of attempts and of learning, where there is something half done.
TEST_F(TurnTest, AStopWithinAStageKeepsWhatItHasDone) {
  teach(kRaiseBoth);
  config_.workers = 1;
  const json whole = findings(run());
  config_ = small_turn("interrupted");
  config_.workers = 1;
  std::string stage;
  options_.began = [&](const std::string& name) { stage = name; };
  struct Stop {
    int opened;  // benches that this call opens; 0: while the learner learns
    std::string stage;
  };
  const std::vector<Stop> stops = {{1, "first look"},
                                   {1 + 3, "evaluate before: trained"},
                                   {6 + 3, "evaluate before: frontier"},
                                   {6 + 2, "collect with help"},
                                   {2 + 2, "learn by corrections"},  // 1 of 3 was collected
                                   {0, "learn by corrections"},
                                   {4 + 3, "evaluate after: trained"},
                                   {6 + 6, "evaluate after: frontier"},
                                   {6 + 3, "gate"},  // its first two attempts are kept
                                   {24 - 2 + 2, "film"}};
  for (const Stop& at : stops) {
    const testing::StopRequest stop;
    arena_.opened = 0;
    arena_.opening = [&](int number) {
      if (number == at.opened) stop.send();
    };
    learner_->during = [&] {
      if (at.opened == 0) stop.send();
    };
    EXPECT_THROW(run(), Interrupted) << at.stage;
    EXPECT_EQ(stage, at.stage);
  }
  arena_.opening = nullptr;
  learner_->during = nullptr;
  EXPECT_EQ(findings(run()), whole);
}

TEST_F(TurnTest, TheSameOrderAgainIsANewTurnThatMeetsTheSameScenes) {
  teach(kRaiseBoth);
  const Report first = run();
  config_.workers = 1;
  const Report second = run();
  EXPECT_NE(second.run, first.run);
  EXPECT_EQ(findings(second), findings(first));
}

TEST_F(TurnTest, AnotherNumberOfWorkersGoesOnWithTheSameTurn) {
  teach(kRaiseBoth);
  {
    const testing::StopRequest stop;
    options_.began = [&](const std::string& stage) {
      if (stage == "store and label") stop.send();
    };
    EXPECT_THROW(run(), Interrupted);
  }
  options_.began = nullptr;
  config_.workers = 1;
  run();
  EXPECT_EQ(std::distance(fs::directory_iterator(config_.runs), {}), 2) << "one run, one ledger";
}

// Old data that have changed make learning and what follows run again, and nothing before.
TEST_F(TurnTest, ChangedInputsRunTheirStagesAgain) {
  teach(kRaiseBoth);
  const Report demonstrated = run();
  const fs::path replay = folder_ / "replay";
  fs::copy(run_folder(demonstrated) / "data" / "toy_joint", replay, fs::copy_options::recursive);
  config_ = small_turn("changed");
  config_.replay = replay.string();
  std::vector<std::string> stages;
  const testing::StopRequest stop;
  options_.began = [&](const std::string& stage) {
    stages.push_back(stage);
    if (stage == "film") stop.send();
  };
  EXPECT_THROW(run(), Interrupted);
  clear_stop_signal();
  stages.clear();
  std::ofstream(replay / "meta" / "info.json", std::ios::app) << "\n";
  EXPECT_THROW(run(), Interrupted);
  EXPECT_EQ(stages, (std::vector<std::string>{"learn by corrections", "film"}))
      << "the same policy was learnt: its evaluation is taken over";
}

TEST_F(TurnTest, DamagedResultsAreMadeAgain) {
  teach(kRaiseBoth);
  std::vector<std::string> stages;
  const testing::StopRequest stop;
  options_.began = [&](const std::string& stage) {
    stages.push_back(stage);
    if (stage == "film") stop.send();
  };
  EXPECT_THROW(run(), Interrupted);
  const fs::path folder = unfinished_run();
  std::ofstream(folder / "evaluations/before/trained.json") << "{}";
  const fs::path weights = folder / "candidates/corrections/model.safetensors";
  fs::resize_file(weights, fs::file_size(weights) / 2);
  clear_stop_signal();
  stages.clear();
  EXPECT_THROW(run(), Interrupted);
  EXPECT_EQ(stages,
            (std::vector<std::string>{"evaluate before: trained", "learn by corrections", "film"}));

  const fs::path journal = data::journal_files(folder / "journal").back();
  fs::resize_file(journal, fs::file_size(journal) / 2);
  std::ofstream(folder / "data/toy_joint/meta/info.json") << "{";
  clear_stop_signal();
  stages.clear();
  EXPECT_THROW(run(), Interrupted);
  EXPECT_EQ(stages, (std::vector<std::string>{"collect with help", "store and label", "film"}))
      << "they came out the same: what was learnt of them is taken over";
}

// Learning from journals that were recorded elsewhere, of both robots.
TEST_F(TurnTest, ARecordingStandsInPlaceOfCollecting) {
  teach(kRaiseBoth);
  config_.embodiments = {"toy/joint", "twin/joint"};
  const auto engine = infer::open_engine(config_.policy);
  for (const std::string robot : {"toy", "twin"}) {
    collect(arena_, *engine, arena_.deal("new", {robot + "/joint"}, 2, 77), {}, {}, 1,
            folder_ / robot);
    config_.record.push_back((folder_ / robot).string());
  }
  std::vector<std::string> stages;
  options_.began = [&](const std::string& stage) { stages.push_back(stage); };
  const Report report = run();
  EXPECT_TRUE(report.decision.promoted) << report.decision.reason;
  EXPECT_EQ(report.episodes_collected, 4);
  EXPECT_THAT(stages, ::testing::Not(::testing::Contains("collect with help")));
  EXPECT_TRUE(fs::exists(run_folder(report) / "data" / "toy_joint"));
  EXPECT_TRUE(fs::exists(run_folder(report) / "data" / "twin_joint"));
}

TEST_F(TurnTest, ARecordingOfOneRobotIsEnough) {
  teach(kRaiseBoth);
  config_.embodiments = {"toy/joint", "twin/joint"};
  const auto engine = infer::open_engine(config_.policy);
  collect(arena_, *engine, arena_.deal("new", {"twin/joint"}, 2, 77), {}, {}, 1, folder_ / "twin");
  config_.record = {(folder_ / "twin").string()};
  const Report report = run();
  EXPECT_EQ(report.episodes_collected, 2);
  EXPECT_FALSE(fs::exists(run_folder(report) / "data" / "toy_joint"));
}

TEST_F(TurnTest, RefusesARecordingThatDoesNotFit) {
  teach(kRaiseBoth);
  const auto message = [&](const std::string& record) {
    config_.record = {(folder_ / record).string()};
    return message_of([&] { run(); });
  };
  const auto engine = infer::open_engine(config_.policy);
  EXPECT_THAT(message("nothing"), HasSubstr("nothing"));
  collect(arena_, *engine, arena_.deal("new", {"twin/joint"}, 1, 77), {}, {}, 1, folder_ / "twin");
  EXPECT_THAT(message("twin"), HasSubstr("holds no whole episode of toy/joint"));
  // What is evaluated is never learnt from.
  collect(arena_, *engine, arena_.deal("new", {"toy/joint"}, 1, config_.seed), {}, {}, 1,
          folder_ / "evaluated");
  arena_.opened = 0;
  EXPECT_THAT(message("evaluated"), HasSubstr("holds an attempt of the evaluation"));
  EXPECT_EQ(arena_.opened, 0) << "it is said before anything is done";
  EXPECT_FALSE(fs::exists(config_.runs));
}

// Nobody helps and nothing succeeds, so filtered cloning has nothing to imitate.
TEST_F(TurnTest, WithNothingToLearnFromThePolicyStays) {
  teach(kRaiseBoth);
  options_.recipes = {{"corrections", success_labeler(), learner_}};
  const auto engine = infer::open_engine(config_.policy);
  std::vector<run::Attempt> attempts = arena_.deal("new", {"toy/joint"}, 1, 77);
  {
    data::JournalFolder journal(folder_ / "alone", data::JournalFolder::Mode::kCreate);
    run::AttemptOptions alone;
    alone.watch = [&](run::Bench& bench, int64_t) {
      run::Watchers watchers;
      watchers.sinks.push_back(std::make_unique<run::JournalSink>(journal, bench.clock()));
      return watchers;
    };
    EXPECT_FALSE(
        run::make_attempt(arena_, engine.get(), attempts[0], alone).episode.success.value());
  }
  config_.record = {(folder_ / "alone").string()};
  const Report report = run();
  EXPECT_FALSE(report.decision.promoted);
  EXPECT_THAT(report.decision.reason, HasSubstr("nothing that was collected"));
  EXPECT_EQ(learner_->lessons, 0);
}

// The helper saves every attempt, so that none shows what fails.
TEST_F(TurnTest, ACriticThatCannotLearnEndsTheTurnBeforeAnythingIsLearnt) {
  teach(kRaiseBoth);
  options_.recipes = {{"value critic", value_labeler(), learner_}};
  config_.recipe = "value_critic";
  config_.collect_episodes = 5;
  EXPECT_NE(message_of([&] { run(); }).find("every attempt succeeded"), std::string::npos);
  EXPECT_EQ(learner_->lessons, 0);
  EXPECT_FALSE(fs::exists(unfinished_run() / "policy"));
}

TEST_F(TurnTest, RefusesARobotThatThePolicyDoesNotKnow) {
  fs::remove_all(folder_ / "policy");
  testing::write_toy_policy(folder_ / "policy", kRaiseFirst, {"twin/joint"});
  teach(kRaiseBoth);
  EXPECT_THAT(message_of([&] { run(); }), HasSubstr("toy/joint"));
  EXPECT_FALSE(fs::exists(fs::path(config_.runs) / "ledger.db"));
}

TEST_F(TurnTest, NamesASuiteThatIsUnknown) {
  teach(kRaiseBoth);
  config_.frontier_suite = "old";
  EXPECT_THAT(message_of([&] { run(); }), HasSubstr("'old'"));
  EXPECT_FALSE(fs::exists(config_.runs));
}

TEST_F(TurnTest, NamesARecipeThatIsUnknown) {
  teach(kRaiseBoth);
  config_.recipe = "correction";
  EXPECT_THAT(message_of([&] { run(); }), HasSubstr("did you mean 'corrections'?"));
}

TEST(TurnConfig, NamesTheFieldThatIsWrong) {
  TurnConfig config = TurnConfig::demo();
  EXPECT_THAT(message_of([&] { config.validate(); }), HasSubstr("embodiments"));
  config.embodiments = {"toy/joint"};
  EXPECT_THAT(message_of([&] { config.validate(); }), HasSubstr("trained_suite"));
  config.trained_suite = config.frontier_suite = "known";
  EXPECT_NO_THROW(config.validate());
  config.old_share = 1;
  EXPECT_THAT(message_of([&] { config.validate(); }), HasSubstr("old_share"));
}

}  // namespace
}  // namespace gyre::flywheel
