// What is on disk, field by field, as LeRobotDataset v3.0 says it must be; looked at with DuckDB's
// SQL and with ffprobe, not with our own reader.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gyre/data/dataset_writer.h"
#include "gyre/data/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/parquet.h"

namespace gyre::data {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using testing::small_embodiment;
using testing::small_episode;

constexpr int kFrames[] = {9, 4, 12};

class DatasetFormat : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing::TemporaryFolder;
    parquet_ = new std::shared_ptr(io::Parquet::open());
    DatasetWriter writer(*folder_ / "d", small_embodiment());
    writer.add(small_episode(kFrames[0], 2));
    writer.add(small_episode(kFrames[1], 3, "turn the arm"));
    writer.add(small_episode(kFrames[2], 4));
    writer.finish();
  }
  static void TearDownTestSuite() {
    delete folder_;
    delete parquet_;
  }

  static std::filesystem::path at(const std::string& name) { return *folder_ / ("d/" + name); }
  static json read(const std::string& name) { return json::parse(io::read_text(at(name))); }
  // SQL in which {name} stands for a file of the dataset.
  static io::Table sql(std::string query) {
    for (size_t open; (open = query.find('{')) != std::string::npos;) {
      const size_t close = query.find('}', open);
      const std::string file = at(query.substr(open + 1, close - open - 1)).string();
      query.replace(open, close - open + 1, "'" + file + "'");
    }
    return (*parquet_)->query(query, query);
  }
  static std::map<std::string, std::string> types(const std::string& file) {
    std::map<std::string, std::string> result;
    for (const auto& column : (*parquet_)->columns(at(file))) result[column.name] = column.type;
    return result;
  }
  static std::vector<std::string> ffprobe(const std::string& entries, const std::string& file) {
    const std::string command = "ffprobe -v error -select_streams v:0 -of csv=p=0 -show_entries " +
                                entries + " '" + at(file).string() + "'";
    FILE* pipe = popen(command.c_str(), "r");
    std::string text;
    std::array<char, 4096> buffer{};
    while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
      text.append(buffer.data(), n);
    }
    EXPECT_EQ(pclose(pipe), 0) << command;
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  static testing::TemporaryFolder* folder_;
  static std::shared_ptr<const io::Parquet>* parquet_;
};
testing::TemporaryFolder* DatasetFormat::folder_ = nullptr;
std::shared_ptr<const io::Parquet>* DatasetFormat::parquet_ = nullptr;

const std::string kData = "data/chunk-000/file-000.parquet";
const std::string kEpisodes = "meta/episodes/chunk-000/file-000.parquet";
const std::string kFront = "videos/observation.images.front/chunk-000/file-000.mp4";

TEST_F(DatasetFormat, Info) {
  const json info = read("meta/info.json");
  EXPECT_EQ(info.at("codebase_version"), "v3.0");
  EXPECT_EQ(info.at("fps"), 10);
  EXPECT_EQ(info.at("robot_type"), "arm/joint");
  EXPECT_EQ(info.at("total_episodes"), 3);
  EXPECT_EQ(info.at("total_frames"), 25);
  EXPECT_EQ(info.at("total_tasks"), 2);
  EXPECT_EQ(info.at("chunks_size"), 1000);
  EXPECT_EQ(info.at("data_files_size_in_mb"), 100);
  EXPECT_EQ(info.at("video_files_size_in_mb"), 200);
  EXPECT_EQ(info.at("data_path"), "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet");
  EXPECT_EQ(info.at("video_path"),
            "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4");
  EXPECT_EQ(info.at("splits"), json({{"train", "0:3"}}));

  const json& features = info.at("features");
  EXPECT_EQ(
      features.at("observation.state"),
      json({{"dtype", "float32"}, {"shape", {3}}, {"names", {"shoulder", "elbow", "gripper"}}}));
  EXPECT_EQ(features.at("action").at("shape"), json({2}));
  const std::map<std::string, std::string> scalars = {
      {"timestamp", "float32"},       {"frame_index", "int64"},
      {"episode_index", "int64"},     {"index", "int64"},
      {"task_index", "int64"},        {"next.success", "bool"},
      {"next.done", "bool"},          {"intervention", "bool"},
      {"source", "string"},           {"language_persistent", "language"},
      {"language_events", "language"}};
  for (const auto& [name, dtype] : scalars) {
    EXPECT_EQ(features.at(name), json({{"dtype", dtype}, {"shape", {1}}, {"names", nullptr}}));
  }
  const json& front = features.at("observation.images.front");
  EXPECT_EQ(front.at("dtype"), "video");
  EXPECT_EQ(front.at("shape"), json({48, 64, 3}));
  EXPECT_EQ(front.at("names"), json({"height", "width", "channels"}));
  const json& video = front.at("info");
  EXPECT_EQ(video.at("video.height"), 48);
  EXPECT_EQ(video.at("video.width"), 64);
  EXPECT_EQ(video.at("video.codec"), "h264");
  EXPECT_EQ(video.at("video.pix_fmt"), "yuv420p");
  EXPECT_EQ(video.at("video.fps"), 10);
  EXPECT_EQ(video.at("video.channels"), 3);
  EXPECT_EQ(video.at("video.is_depth_map"), false);
  EXPECT_EQ(video.at("has_audio"), false);
  EXPECT_EQ(video.at("video.g"), 3);
  for (const auto& [name, feature] : features.items()) EXPECT_EQ(name.find('/'), name.npos);
}

TEST_F(DatasetFormat, DataColumnsHaveTheFeaturesTypes) {
  const std::map<std::string, std::string> duckdb_types = {
      {"float32", "FLOAT"}, {"int64", "BIGINT"}, {"bool", "BOOLEAN"}, {"string", "VARCHAR"}};
  const json features = read("meta/info.json").at("features");
  auto columns = types(kData);
  const io::Table footer =
      sql("SELECT value FROM parquet_kv_metadata({" + kData + "}) WHERE key = 'huggingface'");
  ASSERT_EQ(footer.rows(), 1u);
  const json huggingface = json::parse(footer.columns[0].strings[0]).at("info").at("features");
  for (const auto& [name, feature] : features.items()) {
    const std::string dtype = feature.at("dtype");
    if (dtype == "video") {
      EXPECT_EQ(columns.count(name), 0u) << name;
      EXPECT_FALSE(huggingface.contains(name));
      continue;
    }
    if (dtype == "language") {
      const bool persistent = name == "language_persistent";
      EXPECT_EQ(columns.at(name), std::string("STRUCT(\"role\" VARCHAR, \"content\" VARCHAR, "
                                              "style VARCHAR, ") +
                                      (persistent ? "\"timestamp\" FLOAT, " : "") +
                                      "camera VARCHAR, tool_calls VARCHAR[])[]");
      EXPECT_EQ(huggingface.at(name).at("feature").contains("timestamp"), persistent);
    } else if (feature.at("names").is_null()) {
      EXPECT_EQ(columns.at(name), duckdb_types.at(dtype)) << name;
      EXPECT_EQ(huggingface.at(name), json({{"dtype", dtype}, {"_type", "Value"}}));
    } else {
      EXPECT_EQ(columns.at(name), duckdb_types.at(dtype) + "[]") << name;
      EXPECT_EQ(huggingface.at(name).at("length"), feature.at("shape").at(0));
    }
    columns.erase(name);
  }
  EXPECT_TRUE(columns.empty()) << columns.begin()->first;
}

TEST_F(DatasetFormat, DataRows) {
  const io::Table groups =
      sql("SELECT DISTINCT row_group_id, row_group_num_rows, compression FROM parquet_metadata({" +
          kData + "}) ORDER BY 1");
  EXPECT_THAT(groups.columns[1].ints, ElementsAre(9, 4, 12));
  EXPECT_THAT(groups.columns[2].strings, ElementsAre("SNAPPY", "SNAPPY", "SNAPPY"));
  // Each of these counts rows that break a rule.
  for (const char* rule :
       {"index <> row_number",
        "timestamp <> (frame_index / 10.0)::FLOAT",
        "frame_index <> index - CASE episode_index WHEN 0 THEN 0 WHEN 1 THEN 9 ELSE 13 END",
        "len(\"observation.state\") <> 3",
        "len(action) <> 2",
        "\"next.done\" <> (index IN (8, 12, 24))",
        "\"next.success\" <> (index IN (8, 24))",
        "task_index <> (episode_index = 1)::INT",
        "intervention <> (frame_index % 3 = 2)",
        "source <> CASE WHEN intervention THEN 'expert' ELSE 'policy' END",
        "len(language_persistent) <> 2",
        "language_persistent[1].style <> 'subtask'",
        "language_persistent[1].role <> 'assistant'",
        "language_persistent[1].camera IS NOT NULL",
        "language_persistent[1].content <> 'reach, \"then\" [turn]'",
        "language_persistent[2].content <> 'let go'",
        "len(language_events) <> CASE frame_index WHEN 1 THEN 2 ELSE 0 END",
        "language_events[1].content <> 'slower'",
        "language_events[2].content <> 'to the left'",
        "language_events[1].style <> 'interjection'",
        "language_events[1].role <> 'user'",
        "abs(\"complementary_info.picture_age_s\"[1] - frame_index / 100.0) > 1e-6",
        ("abs(language_persistent[2].timestamp - CASE episode_index WHEN 0 THEN 0.4 "
         "WHEN 1 THEN 0.2 ELSE 0.6 END) > 1e-6")}) {
    const io::Table broken =
        sql("SELECT count(*) FROM (SELECT *, row_number() OVER () - 1 AS row_number FROM {" +
            kData + "}) WHERE " + rule);
    EXPECT_EQ(broken.columns[0].ints[0], 0) << rule;
  }
}

TEST_F(DatasetFormat, Tasks) {
  const io::Table tasks = sql("SELECT task_index, task FROM {meta/tasks.parquet}");
  EXPECT_THAT(tasks.columns[0].ints, ElementsAre(0, 1));
  EXPECT_THAT(tasks.columns[1].strings, ElementsAre("move the arm", "turn the arm"));
  const io::Table footer =
      sql("SELECT value FROM parquet_kv_metadata({meta/tasks.parquet}) WHERE key = 'pandas'");
  EXPECT_EQ(json::parse(footer.columns[0].strings[0]).at("index_columns"), json({"task"}));
}

TEST_F(DatasetFormat, EpisodesSayWhereEachIs) {
  const auto columns = types(kEpisodes);
  EXPECT_EQ(columns.at("tasks"), "VARCHAR[]");
  const io::Table t = sql(
      "SELECT episode_index, length, dataset_from_index, dataset_to_index, \"data/chunk_index\", "
      "\"data/file_index\", \"meta/episodes/chunk_index\", \"meta/episodes/file_index\", "
      "\"videos/observation.images.wrist/file_index\", tasks[1] AS task FROM {" +
      kEpisodes + "}");
  EXPECT_THAT(t.columns[0].ints, ElementsAre(0, 1, 2));
  EXPECT_THAT(t.columns[1].ints, ElementsAre(9, 4, 12));
  EXPECT_THAT(t.columns[2].ints, ElementsAre(0, 9, 13));
  EXPECT_THAT(t.columns[3].ints, ElementsAre(9, 13, 25));
  for (size_t c : {4, 5, 6, 7, 8}) EXPECT_THAT(t.columns[c].ints, ElementsAre(0, 0, 0));
  EXPECT_THAT(t.columns[9].strings, ElementsAre("move the arm", "turn the arm", "move the arm"));
  const io::Table v =
      sql("SELECT \"videos/observation.images.front/from_timestamp\", "
          "\"videos/observation.images.front/to_timestamp\" FROM {" +
          kEpisodes + "}");
  const auto near = [](double x) { return ::testing::DoubleNear(x, 1e-9); };
  EXPECT_THAT(v.columns[0].doubles, ElementsAre(near(0), near(0.9), near(1.3)));
  EXPECT_THAT(v.columns[1].doubles, ElementsAre(near(0.9), near(1.3), near(2.5)));
}

TEST_F(DatasetFormat, EpisodesHoldStatisticsOfEveryNumericFeature) {
  const auto columns = types(kEpisodes);
  const json info = read("meta/info.json");
  for (const auto& [name, feature] : info.at("features").items()) {
    const std::string dtype = feature.at("dtype");
    const bool counted = dtype != "string" && dtype != "language";
    for (const char* part : {"min", "max", "mean", "std", "q01", "q10", "q50", "q90", "q99"}) {
      const auto found = columns.find("stats/" + name + "/" + part);
      ASSERT_EQ(found != columns.end(), counted) << name;
      if (counted) {
        EXPECT_EQ(found->second, dtype == "video" ? "DOUBLE[][][]" : "DOUBLE[]");
      }
    }
    if (counted) {
      EXPECT_EQ(columns.at("stats/" + name + "/count"), "BIGINT[]");
    }
  }
  // As DuckDB itself computes them from the data.
  const io::Table off =
      sql("WITH x AS (SELECT episode_index, min(action[2]) AS low, max(action[2]) AS high, "
          "avg(action[2]) AS mean, stddev_pop(action[2]) AS deviation, count(*) AS n, "
          "quantile_disc(action[2], 0.5) AS median FROM {" +
          kData +
          "} GROUP BY 1) "
          "SELECT count(*) FROM x JOIN {" +
          kEpisodes +
          "} e USING (episode_index) WHERE "
          "abs(low - e.\"stats/action/min\"[2]) < 1e-6 AND abs(high - e.\"stats/action/max\"[2]) < "
          "1e-6 "
          "AND abs(mean - e.\"stats/action/mean\"[2]) < 1e-6 "
          "AND abs(deviation - e.\"stats/action/std\"[2]) < 1e-6 "
          "AND abs(median - e.\"stats/action/q50\"[2]) < 1e-6 AND n = e.\"stats/action/count\"[1]");
  EXPECT_EQ(off.columns[0].ints[0], 3);
}

TEST_F(DatasetFormat, StatisticsOfTheWhole) {
  const json stats = read("meta/stats.json");
  EXPECT_FALSE(stats.contains("source"));
  EXPECT_FALSE(stats.contains("language_persistent"));
  const json& action = stats.at("action");
  const io::Table wanted =
      sql("SELECT min(action[1])::DOUBLE, max(action[1])::DOUBLE, "
          "avg(action[1]), stddev_pop(action[1]) FROM {" +
          kData + "}");
  const std::array parts = {"min", "max", "mean", "std"};
  for (size_t i = 0; i < parts.size(); ++i) {
    EXPECT_NEAR(action.at(parts[i]).at(0).get<double>(), wanted.columns[i].doubles[0], 1e-6);
  }
  EXPECT_EQ(action.at("count"), json({25}));
  // Over all rows, not an envelope of the episodes'.
  const io::Table quantiles =
      sql("SELECT quantile_disc(action[1], 0.01)::DOUBLE, quantile_disc(action[1], 0.5)::DOUBLE, "
          "quantile_disc(action[1], 0.99)::DOUBLE FROM {" +
          kData + "}");
  EXPECT_EQ(action.at("q01").at(0), quantiles.columns[0].doubles[0]);
  EXPECT_EQ(action.at("q50").at(0), quantiles.columns[1].doubles[0]);
  EXPECT_EQ(action.at("q99").at(0), quantiles.columns[2].doubles[0]);
  const json& front = stats.at("observation.images.front");
  for (const char* part : {"min", "max", "mean", "std", "q01", "q10", "q50", "q90", "q99"}) {
    ASSERT_EQ(front.at(part).size(), 3u);
    EXPECT_EQ(front.at(part).at(0).size(), 1u);
    EXPECT_EQ(front.at(part).at(0).at(0).size(), 1u);
    EXPECT_LE(front.at(part).at(2).at(0).at(0).get<double>(), 1);
  }
  EXPECT_EQ(front.at("count"), json({25}));
  EXPECT_NEAR(front.at("q50").at(2).at(0).at(0).get<double>(), 90 / 255.0, 1e-9);
}

TEST_F(DatasetFormat, Videos) {
  EXPECT_THAT(ffprobe("stream=codec_name,width,height,pix_fmt,avg_frame_rate,nb_frames", kFront),
              ElementsAre("h264,64,48,yuv420p,10/1,25"));
  const std::vector<std::string> frames = ffprobe("packet=pts_time,flags", kFront);
  ASSERT_EQ(frames.size(), 25u);
  for (size_t i = 0; i < frames.size(); ++i) {
    EXPECT_NEAR(std::stod(frames[i]), static_cast<double>(i) / 10, 1e-6);
    // A key frame every third frame, counted anew in each episode.
    const size_t first = i < 9 ? 0 : i < 13 ? 9 : 13;
    EXPECT_EQ(frames[i].find(",K") != std::string::npos, (i - first) % 3 == 0) << frames[i];
  }
}

}  // namespace
}  // namespace gyre::data
