#include "gyre/data/record_query.h"

#include <gmock/gmock.h>

#include "gyre/core/testing.h"
#include "gyre/data/journal_dataset.h"
#include "gyre/data/journal_testing.h"

namespace gyre::data {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::small_span;
using testing::SpanOptions;
using testing::TemporaryFolder;
using testing::write_span;

class RecordQueryTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path journal_ = folder_ / "j", dataset_ = folder_ / "d";
  RecordQuery query_;

  void record(const SpanOptions& span) const {
    JournalFolder journal(journal_, JournalFolder::Mode::kContinue);
    write_span(journal, small_span(span));
  }
  void record_three() const {
    record({.number = 0, .seed = 5, .steps = 10});
    record({.number = 1, .seed = 6, .steps = 6, .outcome = event::Outcome::kFailure});
    record({.number = 2, .seed = 7, .steps = 4, .ended = false});
  }
  std::vector<int64_t> numbers(const std::string& sql) const {
    return query_.ask(sql).columns.at(0).ints;
  }
  std::vector<std::string> texts(const std::string& sql) const {
    return query_.ask(sql).columns.at(0).strings;
  }
  std::string refusal(const std::string& sql) const {
    return message_of([&] { query_.ask(sql); });
  }
};

TEST_F(RecordQueryTest, EpisodesOfAJournalAreRows) {
  record_three();
  query_.add_journal(journal_);
  query_.close();
  EXPECT_THAT(numbers("SELECT seed FROM episodes ORDER BY number"), ElementsAre(5, 6, 7));
  EXPECT_THAT(numbers("SELECT steps FROM episodes ORDER BY number"), ElementsAre(10, 6, 4));
  EXPECT_THAT(numbers("SELECT number FROM episodes WHERE NOT success"), ElementsAre(1));
  EXPECT_THAT(numbers("SELECT number FROM episodes WHERE NOT ended"), ElementsAre(2));
  EXPECT_THAT(texts("SELECT task FROM episodes WHERE number = 0"), ElementsAre("move the cup"));
  EXPECT_THAT(texts("SELECT CAST(min(time) AS VARCHAR) FROM steps"),
              ElementsAre("1970-01-01 00:00:05"));
}

TEST_F(RecordQueryTest, StepsEventsAndRequestsGoWithTheirEpisode) {
  record_three();
  query_.add_journal(journal_);
  query_.close();
  EXPECT_THAT(numbers("SELECT count(*) FROM steps GROUP BY episode ORDER BY episode"),
              ElementsAre(10, 6, 4));
  EXPECT_THAT(numbers("SELECT count(*) FROM requests WHERE answered GROUP BY episode ORDER BY 1"),
              ElementsAre(1, 2, 2));
  EXPECT_THAT(texts("SELECT value FROM events WHERE kind = 'verdict' ORDER BY episode"),
              ElementsAre("success", "failure"));
  EXPECT_THAT(texts("SELECT words FROM events WHERE kind = 'verdict' LIMIT 1"),
              ElementsAre("the judge saw it"));
  const io::Table state =
      query_.ask("SELECT state[1] FROM steps JOIN episodes USING (episode) WHERE seed = 6 LIMIT 1");
  EXPECT_THAT(state.columns[0].floats, ElementsAre(6.0F));
}

TEST_F(RecordQueryTest, AnAttemptInJournalAndDatasetIsOneEpisode) {
  record_three();
  convert_journal(journal_, dataset_);
  query_.add_journal(journal_);
  query_.add_dataset(dataset_);
  query_.close();
  EXPECT_THAT(numbers("SELECT count(*) FROM episodes"), ElementsAre(3));
  EXPECT_THAT(numbers("SELECT d.seed FROM episodes JOIN dataset_episodes d USING (episode) "
                      "ORDER BY d.episode_index"),
              ElementsAre(5, 6));
  EXPECT_THAT(numbers("SELECT count(*) FROM frames GROUP BY episode_index ORDER BY episode_index"),
              ElementsAre(10, 6));
}

TEST_F(RecordQueryTest, ADatasetAloneHasEpisodes) {
  record_three();
  convert_journal(journal_, dataset_);
  query_.add_dataset(dataset_);
  query_.close();
  EXPECT_THAT(numbers("SELECT seed FROM episodes WHERE source = 'dataset' ORDER BY number"),
              ElementsAre(5, 6));
}

TEST_F(RecordQueryTest, WithoutRecordingsEveryViewIsEmpty) {
  query_.close();
  for (const std::string& view : query_.views()) {
    EXPECT_THAT(numbers("SELECT count(*) FROM " + view), ElementsAre(0)) << view;
  }
}

TEST_F(RecordQueryTest, OtherTablesCanBeAdded) {
  query_.add_table("policies", {{io::string_column("hash", {"a", "b"})}});
  query_.close();
  EXPECT_THAT(texts("SELECT hash FROM policies"), ElementsAre("a", "b"));
}

TEST_F(RecordQueryTest, OnlyReadingIsAllowed) {
  record_three();
  query_.add_journal(journal_);
  query_.close();
  const std::string file = (folder_ / "x.csv").string();
  for (const std::string& sql :
       {std::string("DROP VIEW steps"), std::string("CREATE TABLE t AS SELECT 1"),
        "COPY (SELECT 1) TO '" + file + "'", "ATTACH '" + file + "'",
        "EXPORT DATABASE '" + file + "'", std::string("INSTALL httpfs"), std::string("LOAD httpfs"),
        std::string("SET threads = 1"), std::string("PRAGMA database_list"),
        std::string("DELETE FROM steps"), std::string("CALL pragma_version()")}) {
    EXPECT_NE(refusal(sql), "") << sql;
    EXPECT_THAT(refusal(sql), Not(HasSubstr("\n"))) << sql;
  }
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_THAT(refusal("DROP VIEW steps"), HasSubstr("does not only read"));
  EXPECT_THAT(refusal("SELECT 1; DROP VIEW steps"), HasSubstr("is 2 statements"));
  EXPECT_THAT(refusal("SELECT * FROM read_csv('/etc/passwd')"), HasSubstr("/etc/passwd"));
  EXPECT_THAT(refusal("SELECT * FROM read_text('/etc/hostname')"), HasSubstr("/etc/hostname"));
  EXPECT_NE(refusal("SELECT * FROM '/etc/passwd'"), "");
  EXPECT_NE(refusal("SELECT * FROM glob('/etc/*')"), "");
  EXPECT_NE(refusal(""), "");
  EXPECT_THAT(numbers("SELECT count(*) FROM episodes;"), ElementsAre(3)) << "nothing has changed";
}

TEST_F(RecordQueryTest, AnUnknownNameIsOneLineWithTheViews) {
  query_.close();
  EXPECT_THAT(refusal("SELECT * FROM step"), AllOf(HasSubstr("step"), HasSubstr("the views are"),
                                                   HasSubstr("episodes"), Not(HasSubstr("\n"))));
  EXPECT_THAT(refusal("SELECT stat FROM steps"), AllOf(HasSubstr("stat"), Not(HasSubstr("\n"))));
}

TEST_F(RecordQueryTest, TimesAndWideNumbersComeBack) {
  query_.close();
  const io::Table table = query_.ask(
      "SELECT date_trunc('hour', make_timestamp(0)) AS h, sum(x) AS s, NULL AS n, "
      "INTERVAL 1 HOUR AS i FROM (VALUES (1), (2)) t(x) -- a remark\n ;");
  ASSERT_EQ(table.columns.size(), 4U);
  EXPECT_THAT(table.columns[0].strings, ElementsAre("1970-01-01 00:00:00"));
  EXPECT_THAT(table.columns[1].doubles, ElementsAre(3.0));
  EXPECT_TRUE(table.columns[2].is_null(0));
  EXPECT_THAT(table.columns[3].strings, ElementsAre("01:00:00"));
}

}  // namespace
}  // namespace gyre::data
