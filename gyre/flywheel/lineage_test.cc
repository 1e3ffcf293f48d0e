#include "gyre/flywheel/lineage.h"

#include <gmock/gmock.h>

#include <array>
#include <fstream>

#include "gyre/core/testing.h"
#include "gyre/data/dataset_edit.h"
#include "gyre/data/dataset_edit_plan.h"
#include "gyre/data/record_query.h"
#include "gyre/flywheel/answer.h"
#include "gyre/flywheel/ledger_tables.h"
#include "gyre/flywheel/made.h"
#include "gyre/flywheel/rebuild.h"
#include "gyre/flywheel/testing.h"
#include "gyre/flywheel/turn.h"
#include "gyre/io/file.h"
#include "tests/source_dir.h"

namespace gyre::flywheel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

// A small turn, made once: its journal, dataset, promoted policy and ledger.
class LineageTest : public ::testing::Test {
 protected:
  struct Turn {
    testing::TemporaryFolder folder;
    testing::ToyArena arena;
    fs::path run;
  };
  static void SetUpTestSuite() {
    turn_ = new Turn;
    testing::write_toy_policy(turn_->folder / "policy", {testing::kToyGoal, 0});
    TurnConfig config;
    config.policy = (turn_->folder / "policy").string();
    config.runs = (turn_->folder / "runs").string();
    config.embodiments = {"toy/joint"};
    config.trained_suite = "known";
    config.frontier_suite = "new";
    config.trained_episodes = config.frontier_episodes = 6;
    config.collect_episodes = 3;
    config.replay_episodes = 4;
    config.gate = testing::toy_gate();
    TurnOptions options;
    options.recipes = {{"corrections", corrections_labeler(),
                        std::make_shared<testing::ToyLearner>(
                            std::array<float, 2>{testing::kToyGoal, testing::kToyGoal})}};
    const Report report = run_turn(turn_->arena, config, "the command", options);
    turn_->run = fs::path(config.runs) / report.run;
  }
  static void TearDownTestSuite() {
    delete turn_;
    turn_ = nullptr;
  }

  static fs::path policy() { return turn_->run / "policy"; }
  static fs::path dataset() { return turn_->run / "data/toy_joint"; }
  static json data() { return Checkpoint::open(policy()).about.at("data"); }
  std::vector<Rebuilt> again(const json& origins, std::vector<fs::path> journals,
                             const std::string& out = "again") const {
    return rebuild(origins, turn_->arena,
                   {.journals = std::move(journals), .out = folder_ / out, .workers = 1});
  }

  testing::TemporaryFolder folder_;
  static Turn* turn_;
};
LineageTest::Turn* LineageTest::turn_ = nullptr;

TEST_F(LineageTest, APolicyComesFromItsParentDemonstrationsAndRecordedEpisodes) {
  const Lineage lineage = lineage_of_policy(policy(), "");
  EXPECT_TRUE(lineage.changes.empty()) << lineage.changes.front();
  const json& inputs = lineage.tree.at("inputs");
  ASSERT_EQ(inputs.size(), 3U);
  EXPECT_EQ(inputs[0].at("hash"), Checkpoint::open(turn_->folder / "policy").policy_hash);
  EXPECT_EQ(inputs[0].at("end"), "its folder is not known");
  EXPECT_EQ(inputs[1].at("kind"), "demonstrations");
  EXPECT_EQ(inputs[1].at("made").at("suite"), "known");
  EXPECT_EQ(inputs[2].at("hash"), data::Dataset(dataset()).hash());
  EXPECT_EQ(inputs[2].at("recorded").size(), 3U);
  EXPECT_EQ(inputs[2].at("labels").at(0).at("name"), "corrections");
  EXPECT_EQ(inputs[2].at("inputs").at(0).at("kind"), "journal");
  EXPECT_EQ(inputs[2].at("inputs").at(0).at("files").size(), 3U);
  EXPECT_THAT(lineage_text(lineage),
              AllOf(HasSubstr("recorded"), HasSubstr("by convert journal"), HasSubstr("3 files")));
}

TEST_F(LineageTest, ALedgerKnowsWhereTheParentLies) {
  EXPECT_EQ(ledger_beside(policy()), fs::weakly_canonical(turn_->folder / "runs/ledger.db"));
  const Lineage lineage = lineage_of_policy(policy(), ledger_beside(policy()));
  EXPECT_EQ(lineage.tree.at("inputs").at(0).at("name"), (turn_->folder / "policy").string());
  EXPECT_FALSE(lineage.tree.at("inputs").at(0).at("end") == "its folder is not known");
}

TEST_F(LineageTest, ADatasetThatWasEditedIsNamedWithBothHashes) {
  const fs::path copy = folder_ / "runs";
  fs::copy(turn_->folder / "runs", copy, fs::copy_options::recursive);
  const std::string before = data::Dataset(dataset()).hash();
  json card = json::parse(io::read_text(policy() / "gyre.json"));
  // The card names the copy.
  const fs::path edited = copy / turn_->run.filename() / "data/toy_joint";
  card["about"]["data"][1]["name"] = edited.string();
  const fs::path changed = copy / turn_->run.filename() / "policy";
  io::write_atomically(changed / "gyre.json", card.dump());
  EXPECT_TRUE(lineage_of_policy(changed, "").changes.empty());
  data::edit_dataset(data::delete_plan(edited, "0"),
                     {.out = {}, .provenance = {"data delete", {}}});
  const std::string after = data::Dataset(edited).hash();
  const Lineage lineage = lineage_of_policy(changed, "");
  ASSERT_EQ(lineage.changes.size(), 1U);
  EXPECT_THAT(lineage.changes[0],
              AllOf(HasSubstr(edited.string()), HasSubstr(before), HasSubstr(after)));
}

TEST_F(LineageTest, APolicyFolderThatChangedIsNamedWithBothHashes) {
  const fs::path copy = folder_ / "policy";
  fs::copy(policy(), copy, fs::copy_options::recursive);
  Checkpoint other = Checkpoint::open(copy);
  const std::string before = other.policy_hash;
  other.config.flow_steps += 1;
  other.write(copy);
  const Lineage lineage = lineage_of_policy(copy, "");
  ASSERT_EQ(lineage.changes.size(), 1U);
  EXPECT_THAT(lineage.changes[0], AllOf(HasSubstr(before), HasSubstr("has changed")));
}

TEST_F(LineageTest, TheTrainingSetOfATurnIsMadeAgainToTheSameHashes) {
  const std::vector<Rebuilt> all = again(data(), {turn_->run});
  ASSERT_EQ(all.size(), 2U);
  for (const Rebuilt& part : all) {
    EXPECT_TRUE(part.equal()) << part.name << ": " << ::testing::PrintToString(part.missing);
  }
  EXPECT_EQ(all[1].labels.size(), 2U) << "targets, and known subtasks";
}

TEST_F(LineageTest, RenamedJournalsAreFoundByTheirContent) {
  const fs::path journals = folder_ / "elsewhere";
  fs::create_directories(journals);
  int number = 9;
  for (const auto& entry : fs::directory_iterator(turn_->run / "journal")) {
    if (entry.path().extension() != ".mcap") continue;
    fs::copy(entry.path(), journals / (std::to_string(number--) + ".mcap"));
  }
  EXPECT_TRUE(again(json::array({data()[1]}), {journals})[0].equal());
}

TEST_F(LineageTest, MissingJournalsAreNamed) {
  const std::vector<Rebuilt> all = again(json::array({data()[1]}), {});
  EXPECT_FALSE(all[0].equal());
  ASSERT_EQ(all[0].missing.size(), 3U);
  EXPECT_THAT(all[0].missing[0], HasSubstr("journal file 000000.mcap"));
}

TEST_F(LineageTest, EditsAreCarriedOutAgain) {
  const fs::path cut = folder_ / "cut", both = folder_ / "both";
  data::edit_dataset(data::trim_plan(dataset(), {"all=2:-2"}),
                     {.out = cut, .provenance = {"data trim", {"--keep", "all=2:-2"}}});
  data::edit_dataset(data::merge_plan({cut, dataset()}),
                     {.out = both, .provenance = {"data merge", {"cut", "cups"}}});
  const data::Dataset made(both);
  const json origin = {
      {"name", both.string()}, {"hash", made.hash()}, {"made", made_of(made, {"corrections"})}};
  const std::vector<Rebuilt> all = again(json::array({origin}), {turn_->run});
  EXPECT_TRUE(all[0].equal()) << ::testing::PrintToString(all[0].missing);
  EXPECT_EQ(lineage_of_dataset(both, "").tree.at("inputs").size(), 2U);
}

TEST_F(LineageTest, ADatasetOfOthersEndsAtItsHash) {
  const json origin = {{"name", "theirs"},
                       {"hash", "0123456789abcdef"},
                       {"made", {{"history", json::array()}, {"labels", json::array()}}}};
  EXPECT_THAT(again(json::array({origin}), {})[0].missing.at(0),
              HasSubstr("dataset 0123456789abcdef"));
}

// Every question of docs/record.md answers with rows.
TEST_F(LineageTest, TheWorkedQuestionsAnswer) {
  data::RecordQuery query;
  query.add_journal(turn_->run / "journal");
  query.add_dataset(dataset());
  add_ledger(turn_->folder / "runs/ledger.db", query);
  query.close();
  const std::string page = io::read_text(source_dir() / "docs/record.md");
  int questions = 0;
  for (size_t at = 0; (at = page.find("```sql\n", at)) != std::string::npos;) {
    at += 7;
    const std::string sql = page.substr(at, page.find("```", at) - at);
    EXPECT_GT(query.ask(sql).rows(), 0U) << sql;
    ++questions;
  }
  EXPECT_EQ(questions, 10);
}

TEST(Answer, IsTextCsvJsonAndAPlot) {
  const io::Table table{
      {io::string_column("task", {"pick, place", "fold"}), io::double_column("rate", {0.5, 2})}};
  EXPECT_EQ(answer_text(table),
            "task         rate\npick, place   0.5\nfold            2\n2 rows\n");
  EXPECT_EQ(answer_csv(table), "task,rate\r\n\"pick, place\",0.5\r\nfold,2\r\n");
  EXPECT_EQ(answer_json(table).at("rows").at(0).at("rate"), 0.5);
  EXPECT_THAT(answer_plot(table), AllOf(HasSubstr("<svg"), HasSubstr("pick, place")));
  EXPECT_THAT(message_of([] { answer_plot({{io::string_column("task", {"a"})}}); }),
              HasSubstr("--plot"));
}

TEST(LedgerTables, AFileThatIsNoLedgerIsOneLine) {
  testing::TemporaryFolder folder;
  std::ofstream(folder / "x.db") << "this is not a database, but a text of some length";
  data::RecordQuery query;
  EXPECT_THAT(message_of([&] { add_ledger(folder / "x.db", query); }), HasSubstr("is no ledger"));
  EXPECT_THAT(message_of([&] { add_ledger(folder / "none.db", query); }),
              HasSubstr("no such file"));
}

}  // namespace
}  // namespace gyre::flywheel
