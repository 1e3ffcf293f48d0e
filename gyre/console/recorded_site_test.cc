#include "gyre/console/recorded_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "gyre/console/recorded_page.h"
#include "gyre/core/error.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/journal_testing.h"
#include "gyre/data/testing.h"
#include "gyre/io/image_file.h"
#include "gyre/serve/client.h"

namespace gyre::console {
namespace {

using data::testing::small_embodiment;
using data::testing::small_episode;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A dataset of three episodes and a journal of one, as a console shows them.
class RecordedSiteTest : public ::testing::Test {
 protected:
  RecordedSiteTest() {
    data::DatasetWriter writer(folder_ / "dataset", small_embodiment(), {});
    writer.add(small_episode(9, 2));
    writer.add(small_episode(4, 3, "turn it"));
    writer.add(small_episode(20, 4));
    writer.finish();
    data::JournalFolder journal(folder_ / "journal", data::JournalFolder::Mode::kCreate);
    data::testing::SpanOptions span{.steps = 12, .outcome = event::Outcome::kFailure};
    std::vector<Record> tape = data::testing::small_span(span);
    const auto step = std::ranges::find(tape, RecordKind::kStep, &Record::kind);
    tape.insert(step,
                data::testing::event_record(0, 5'000'000'000, event::Alarm{"grasp", "slips"}));
    data::testing::write_span(journal, tape);
    site_ = std::make_unique<RecordedSite>(folders());
  }

  // The answer to a GET, as the listener's thread that may wait gives it.
  serve::HttpAnswer get(const std::string& target, serve::Role role = serve::Role::kHelp) {
    return ask("GET", target, "", role);
  }
  serve::HttpAnswer ask(const std::string& method, const std::string& target,
                        const std::string& body, serve::Role role) {
    serve::HttpRequest request{.role = role, .body = body};
    request.head.method = method;
    request.head.target = target;
    EXPECT_TRUE(site_->owns(request)) << target;
    const serve::SiteAnswer answer = site_->answer(request);
    return answer.later ? answer.later() : answer.http;
  }
  json get_json(const std::string& target) {
    const serve::HttpAnswer answer = get(target);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body);
  }
  std::vector<std::filesystem::path> folders() {
    return {folder_ / "dataset", folder_ / "journal"};
  }

  data::testing::TemporaryFolder folder_;
  std::unique_ptr<RecordedSite> site_;
};

TEST_F(RecordedSiteTest, ListsEpisodesOfDatasetsAndJournals) {
  const json list = get_json("/recorded/list.json");
  EXPECT_EQ(list["folders"][0]["kind"], "dataset");
  EXPECT_EQ(list["folders"][1]["kind"], "journal");
  EXPECT_EQ(list["folder"], json({0, 0, 0, 1}));
  EXPECT_EQ(list["index"], json({0, 1, 2, 0}));
  EXPECT_EQ(list["tasks"][list["task"][1].get<size_t>()], "turn it");
  EXPECT_NEAR(list["seconds"][2].get<double>(), 2.0, 1e-9);
  EXPECT_NEAR(list["seconds"][3].get<double>(), 1.2, 1e-9);
  EXPECT_EQ(list["outcome"][3], 2) << "the journal's verdict";
  EXPECT_EQ(list["alarms"], json({-1, -1, -1, 1}));
}

TEST_F(RecordedSiteTest, TellsAnEpisodeOfADataset) {
  const json episode = get_json("/recorded/0/2.json");
  const data::EpisodeRows rows = small_episode(20, 4);
  ASSERT_EQ(episode["sent"].size(), 20U);
  EXPECT_EQ(episode["sent"][7], json(rows.rows[7].action));
  EXPECT_EQ(episode["state"][7], json(rows.rows[7].state));
  EXPECT_EQ(episode["cameras"], json({"front", "wrist"}));
  int64_t covered = 0;
  for (const json& band : episode["sources"]) {
    covered += band["to"].get<int64_t>() - band["from"].get<int64_t>();
    for (auto row = band["from"].get<size_t>(); row < band["to"].get<size_t>(); ++row) {
      EXPECT_EQ(band["text"], source_name(rows.rows[row].source)) << row;
    }
  }
  EXPECT_EQ(covered, 20);
}

TEST_F(RecordedSiteTest, TellsWhatHappenedInAJournal) {
  const json episode = get_json("/recorded/1/0.json");
  EXPECT_EQ(episode["sent"].size(), 12U);
  EXPECT_EQ(episode["outcome"], "failure");
  std::vector<std::string> kinds;
  for (const json& mark : episode["marks"]) kinds.push_back(mark["kind"]);
  EXPECT_THAT(kinds, ::testing::Contains("alarm"));
  EXPECT_EQ(episode["subtasks"][0]["text"], "reach");
  EXPECT_EQ(episode["subtasks"][1]["text"], "lift");
}

// The pictures of an answer.
std::vector<Image> pictures_of(const std::string& bytes) {
  uint32_t count = 0;
  std::memcpy(&count, bytes.data(), 4);
  std::vector<Image> images;
  size_t at = 4 + 4 * size_t{count};
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t size = 0;
    std::memcpy(&size, bytes.data() + 4 + 4 * size_t{i}, 4);
    const auto* begin = reinterpret_cast<const uint8_t*>(bytes.data()) + at;
    images.push_back(io::decode_image({begin, size}, "picture"));
    at += size;
  }
  EXPECT_EQ(at, bytes.size());
  return images;
}

TEST_F(RecordedSiteTest, GivesPicturesInBatches) {
  const data::EpisodeRows rows = small_episode(20, 4);
  const std::vector<Image> first = pictures_of(get("/recorded/0/2/pictures/0/0").body);
  const std::vector<Image> second = pictures_of(get("/recorded/0/2/pictures/0/1").body);
  ASSERT_EQ(first.size(), 16U);
  ASSERT_EQ(second.size(), 4U);
  EXPECT_LT(data::testing::mean_difference(second[2], rows.rows[18].images[0]), 6);
  EXPECT_EQ(pictures_of(get("/recorded/0/2/pictures/0/2").body).size(), 0U);
  EXPECT_EQ(get("/recorded/0/2/pictures/7/0").status, 400);
  const std::vector<Image> recorded = pictures_of(get("/recorded/1/0/pictures/0/0").body);
  ASSERT_EQ(recorded.size(), 12U);
  EXPECT_LT(data::testing::mean_difference(recorded[11], data::testing::moving_square(64, 48, 11)),
            6);
}

TEST_F(RecordedSiteTest, FindsEpisodesBySql) {
  const json found = get_json("/recorded/found.json?where=length%20%3E%205&having=");
  EXPECT_EQ(found["found"], json({0, 2}));
  EXPECT_THAT(found["note"].get<std::string>(), HasSubstr("journals"));
  EXPECT_EQ(get("/recorded/found.json?where=lenght+%3E+5").status, 400);
  EXPECT_EQ(get("/recorded/found.json?where=true", serve::Role::kWatch).status, 403);
}

TEST_F(RecordedSiteTest, AQuestionReadsAndWritesNoOtherFile) {
  const std::string secret = (folder_ / "secret.csv").string();
  std::ofstream(secret) << "word\nopen\n";
  EXPECT_EQ(get("/recorded/found.json?where=(SELECT+count(*)+FROM+'" + secret + "')+%3E+0").status,
            400);
  const std::string written = (folder_ / "written.csv").string();
  EXPECT_EQ(get("/recorded/found.json?where=true);COPY+(SELECT+1)+TO+'" + written + "';--").status,
            400);
  EXPECT_FALSE(std::filesystem::exists(written));
}

TEST_F(RecordedSiteTest, WritesJudgementsAsLabels) {
  const auto judge = [&](const json& judgement, serve::Role role = serve::Role::kHelp) {
    return ask("POST", "/recorded/judge", judgement.dump(), role);
  };
  const auto files = [&] { return data::label_files(folder_ / "dataset").size(); };
  const json failure = {{"index", 2}, {"verb", "failure"}, {"author", "ann"}};
  EXPECT_EQ(judge(failure, serve::Role::kWatch).status, 403);
  EXPECT_EQ(files(), 0U);
  const serve::HttpAnswer answer = judge(failure);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json::parse(answer.body)["labels"][0]["text"], "failure");
  EXPECT_EQ(get_json("/recorded/list.json")["outcome"][2], 2);

  // The same person's next judgement of that kind takes the file's place.
  EXPECT_EQ(judge({{"index", 0}, {"verb", "success"}, {"author", "ann"}}).status, 200);
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(data::Labels(folder_ / "dataset").streams().at(0).labels, 2);
  EXPECT_EQ(judge({{"index", 2}, {"verb", "success"}, {"author", "bob"}}).status, 200);
  EXPECT_EQ(get_json("/recorded/list.json")["need"][2], 8) << "they differ";

  const json part = {{"index", 2},      {"verb", "subtask"}, {"author", "ann"},
                     {"text", "reach"}, {"from", 3},         {"to", 7}};
  EXPECT_EQ(judge(part).status, 200);
  const json labels = get_json("/recorded/0/2/labels.json")["labels"];
  const auto subtask =
      std::ranges::find_if(labels, [](const json& label) { return label["type"] == "subtask"; });
  ASSERT_NE(subtask, labels.end());
  EXPECT_EQ((*subtask)["from"], 3);
  EXPECT_EQ((*subtask)["to"], 7);

  // Each undo takes one judgement back: the span, then the success of episode 0.
  const json undo = {{"index", 2}, {"verb", "undo"}, {"author", "ann"}};
  EXPECT_EQ(judge(undo).status, 200);
  EXPECT_EQ(files(), 2U);
  EXPECT_EQ(judge(undo).status, 200);
  EXPECT_EQ(get_json("/recorded/0/0/labels.json")["labels"].size(), 0U);
  EXPECT_EQ(judge(undo).status, 200);
  EXPECT_EQ(files(), 1U) << "bob's";
  EXPECT_EQ(judge(undo).status, 400);

  EXPECT_EQ(judge({{"index", 2}, {"verb", "partial"}, {"author", "ann"}}).status, 400);
  EXPECT_EQ(judge({{"index", 2}, {"verb", "success"}, {"author", ""}}).status, 400);
  EXPECT_EQ(judge({{"index", 2},
                   {"verb", "subtask"},
                   {"author", "ann"},
                   {"text", "on"},
                   {"from", 3},
                   {"to", 70}})
                .status,
            400);
  EXPECT_EQ(files(), 1U);
}

TEST_F(RecordedSiteTest, JudgesAnEpisodeOfAJournal) {
  const json judgement = {
      {"folder", 1}, {"index", 0}, {"verb", "partial"}, {"author", "ann"}, {"text", "it slipped"}};
  EXPECT_EQ(ask("POST", "/recorded/judge", judgement.dump(), serve::Role::kHelp).status, 200);
  const data::Labels labels(folder_ / "journal");
  ASSERT_EQ(labels.streams().size(), 2U);
  EXPECT_EQ(labels.read(labels.streams()[0])[0].text, "failure");
  EXPECT_EQ(labels.read(labels.streams()[1])[0].text, "it slipped");
}

TEST_F(RecordedSiteTest, ATokensNameIsTheAuthor) {
  const json judgement = {{"folder", 1}, {"index", 0}, {"verb", "success"}, {"author", "bob"}};
  const std::string body = judgement.dump();
  serve::HttpRequest request{.role = serve::Role::kHelp, .body = body, .name = "ann"};
  request.head.method = "POST";
  request.head.target = "/recorded/judge";
  EXPECT_EQ(site_->answer(request).later().status, 200);
  EXPECT_EQ(data::Labels(folder_ / "journal").streams().at(0).head.author, "ann");
}

TEST_F(RecordedSiteTest, RefusesWhatIsNotThere) {
  EXPECT_EQ(get("/recorded/7/0.json").status, 400);
  EXPECT_EQ(get("/recorded/0/17.json").status, 400);
  EXPECT_EQ(get("/recorded/1/17.json").status, 400);
  EXPECT_EQ(get("/recorded/secret").status, 404);
  EXPECT_EQ(get("/recorded/0/../../etc").status, 404);
  EXPECT_THROW(recorded_folders(folder_ / "nothing"), Error);
  EXPECT_THAT(recorded_folders(folder_ / "."),
              ElementsAre(folder_ / "./dataset", folder_ / "./journal"));
}

TEST_F(RecordedSiteTest, WritesAPageThatNeedsNoServer) {
  Recordings recordings(folders());
  const WrittenPage page =
      write_recorded_page(folder_ / "page.html", recordings, {.where = "length > 5"});
  EXPECT_EQ(page.episodes, 2);
  std::ifstream in(folder_ / "page.html");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(page.bytes, std::ssize(text));
  EXPECT_THAT(text, HasSubstr("data-path=\"/recorded/0/2.json\""));
  EXPECT_THAT(text, HasSubstr("data-path=\"/recorded/0/2/pictures/1/1\""));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("data-path=\"/recorded/0/1.json\"")));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("src=\"/")));
  EXPECT_THROW(write_recorded_page(folder_ / "no.html", recordings, {.where = "length > 500"}),
               Error);
}

}  // namespace
}  // namespace gyre::console
