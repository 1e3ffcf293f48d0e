#include "gyre/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/testing.h"
#include "gyre/io/file.h"
#include "gyre/io/parquet.h"

namespace gyre::data {
namespace {

using ::testing::HasSubstr;
using testing::mean_difference;
using testing::small_embodiment;
using testing::small_episode;
using testing::TemporaryFolder;

// All but the pictures, which video changes a little.
void expect_alike(const EpisodeRows& read, const EpisodeRows& written) {
  EXPECT_EQ(read.embodiment, written.embodiment);
  EXPECT_EQ(read.task_name, written.task_name);
  EXPECT_EQ(read.family, written.family);
  EXPECT_EQ(read.instruction, written.instruction);
  EXPECT_EQ(read.seed, written.seed);
  EXPECT_EQ(read.success, written.success);
  EXPECT_EQ(read.hash(), written.hash());
  ASSERT_EQ(read.rows.size(), written.rows.size());
  for (size_t i = 0; i < read.rows.size(); ++i) {
    const Row &a = read.rows[i], &b = written.rows[i];
    EXPECT_EQ(a.index, b.index);
    EXPECT_EQ(a.time_ns, b.time_ns);
    EXPECT_EQ(a.task, b.task);
    EXPECT_EQ(a.subtask, b.subtask);
    EXPECT_EQ(a.policy_action, b.policy_action);
    EXPECT_EQ(a.source, b.source);
    EXPECT_EQ(a.intervention, b.intervention);
    EXPECT_EQ(a.clamped, b.clamped);
    EXPECT_EQ(a.clamp_reason, b.clamp_reason);
    EXPECT_EQ(a.chunk_id, b.chunk_id);
    EXPECT_EQ(a.chunk_index, b.chunk_index);
    EXPECT_EQ(a.inference_ms, b.inference_ms);
    EXPECT_EQ(a.grounding, b.grounding);
    EXPECT_EQ(a.tracking_residual, b.tracking_residual);
    ASSERT_EQ(a.images.size(), b.images.size());
    for (size_t c = 0; c < b.images.size(); ++c) {
      EXPECT_LT(mean_difference(a.images[c], b.images[c]), 4) << i;
    }
  }
}

void write_dataset(const std::filesystem::path& folder, const std::vector<EpisodeRows>& episodes,
                   const DatasetOptions& options = {}) {
  DatasetWriter writer(folder, small_embodiment(), options);
  for (const EpisodeRows& episode : episodes) writer.add(episode);
  writer.finish();
}

TEST(Dataset, ReadsBackWhatWasWritten) {
  TemporaryFolder folder;
  std::vector<EpisodeRows> episodes = {small_episode(9, 2), small_episode(4, 3, "turn it"),
                                       small_episode(12, 4)};
  episodes[1].success.reset();
  write_dataset(folder / "d", episodes);
  const Dataset dataset(folder / "d");
  EXPECT_EQ(dataset.version(), "v3.0");
  EXPECT_TRUE(dataset.has_contract());
  EXPECT_EQ(dataset.embodiment(), small_embodiment());
  EXPECT_EQ(dataset.total_frames(), 25);
  EXPECT_EQ(dataset.present(), (std::vector<int64_t>{0, 1, 2}));
  for (int64_t i : {2, 0, 1}) expect_alike(dataset.read(i), episodes[static_cast<size_t>(i)]);
  EXPECT_FALSE(std::filesystem::exists(folder / "d" / ".partial"));
}

TEST(Dataset, AppendsToItsOwnContractAlone) {
  TemporaryFolder folder;
  const std::vector<EpisodeRows> episodes = {small_episode(5, 2), small_episode(6, 3, "turn it"),
                                             small_episode(7, 5, "turn it")};
  write_dataset(folder / "d", {episodes[0], episodes[1]});
  const std::string before = Dataset(folder / "d").hash();
  write_dataset(folder / "d", {episodes[2]});
  const Dataset dataset(folder / "d");
  EXPECT_NE(dataset.hash(), before);
  EXPECT_EQ(dataset.total_frames(), 18);
  for (int64_t i : {0, 1, 2}) expect_alike(dataset.read(i), episodes[static_cast<size_t>(i)]);
  EXPECT_EQ(dataset.stats("action")->count, 18);

  Embodiment other = small_embodiment();
  other.action_period_s = 0.05;
  const std::string message = message_of([&] { DatasetWriter(folder / "d", other); });
  EXPECT_THAT(message, HasSubstr((folder / "d").string()));
  EXPECT_THAT(message, HasSubstr("period 0.1 s against 0.05 s"));
  io::write_atomically(folder / "note.txt", "mine");
  EXPECT_THAT(message_of([&] { DatasetWriter((folder / "d").parent_path(), other); }),
              HasSubstr("neither empty nor a dataset"));
}

// An append leaves the folder as one writer does that has all episodes.
TEST(Dataset, IsTheSameHoweverItsEpisodesAreGrouped) {
  TemporaryFolder folder;
  std::vector<EpisodeRows> episodes;
  for (uint64_t seed = 0; seed < 6; ++seed) episodes.push_back(small_episode(40, seed));
  episodes[1].losses = {{"wrist", 3, 5, 2, "damaged"}};
  episodes[4].losses = {{"front", 0, 0, 1, "damaged"}};
  const auto files_of = [&](const std::string& name) {
    std::map<std::string, std::vector<uint8_t>> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / name)) {
      if (!entry.is_regular_file()) continue;
      files[std::filesystem::relative(entry.path(), folder / name)] = io::read_bytes(entry);
    }
    return files;
  };
  write_dataset(folder / "a", episodes);
  write_dataset(folder / "b", episodes);
  const auto whole = files_of("a");
  EXPECT_TRUE(files_of("b") == whole) << "the same episodes and options give the same bytes";
  for (const EpisodeRows& episode : episodes) write_dataset(folder / "c", {episode});
  const auto grown = files_of("c");
  ASSERT_EQ(grown.size(), whole.size());
  for (const auto& [name, bytes] : whole) {
    ASSERT_TRUE(grown.contains(name)) << name;
    // Row groups of episodes differ.
    if (name.starts_with("meta/episodes/")) continue;
    EXPECT_TRUE(grown.at(name) == bytes) << name;
  }
  for (int64_t i = 0; i < 6; ++i) {
    expect_alike(Dataset(folder / "c").read(i), episodes[static_cast<size_t>(i)]);
  }
  const auto parquet = io::Parquet::open();
  const io::Table losses = parquet->query(
      "SELECT * FROM '" + (folder / "c/meta/gyre_losses.parquet").string() + "'", "losses");
  EXPECT_EQ(losses.find("episode")->ints, (std::vector<int64_t>{1, 4}));
  EXPECT_EQ(losses.find("camera")->strings, (std::vector<std::string>{"wrist", "front"}));
  EXPECT_EQ(losses.find("from")->ints, (std::vector<int64_t>{3, 0}));
  EXPECT_EQ(losses.find("to")->ints, (std::vector<int64_t>{5, 0}));
  EXPECT_EQ(losses.find("count")->ints, (std::vector<int64_t>{2, 1}));
}

// New files are begun before one grows beyond its limit; each is found again.
TEST(Dataset, SpreadsOverSeveralFiles) {
  TemporaryFolder folder;
  std::vector<EpisodeRows> episodes;
  for (uint64_t seed = 0; seed < 5; ++seed) episodes.push_back(small_episode(6, seed));
  write_dataset(folder / "d", episodes,
                {.video = {},
                 .complete = false,
                 .data_file_bytes = 5000,
                 .video_file_bytes = 9000,
                 .pending_episodes = 2});
  EXPECT_TRUE(std::filesystem::exists(folder / "d/data/chunk-000/file-001.parquet"));
  EXPECT_TRUE(std::filesystem::exists(folder / "d/meta/episodes/chunk-000/file-002.parquet"));
  EXPECT_TRUE(
      std::filesystem::exists(folder / "d/videos/observation.images.front/chunk-000/file-001.mp4"));
  const Dataset dataset(folder / "d");
  for (const EpisodeRows& episode : episodes) {
    const EpisodeRows read = dataset.read(static_cast<int64_t>(episode.seed));
    EXPECT_EQ(read.hash(), episode.hash());
    EXPECT_LT(mean_difference(read.rows[3].images[0], episode.rows[3].images[0]), 4);
  }
  EXPECT_EQ(dataset.read(1).rows[2].chunk_id, -1);
}

TEST(Dataset, ReadsWhatIsAskedFor) {
  TemporaryFolder folder;
  write_dataset(folder / "d", {small_episode(5, 2)});
  const Dataset dataset(folder / "d");
  EXPECT_TRUE(dataset.read(0, {.images = false}).rows[0].images.empty());
  const EpisodeRows wrist =
      dataset.read(0, {.image_width = 16, .image_height = 8, .cameras = {"wrist"}});
  ASSERT_EQ(wrist.rows[4].images.size(), 1u);
  EXPECT_EQ(wrist.rows[4].images[0].width, 16);
  EXPECT_EQ(wrist.rows[4].images[0].height, 8);
  EXPECT_THAT(message_of([&] { dataset.read(0, {.cameras = {"wirst"}}); }),
              HasSubstr("did you mean 'wrist'"));
  EXPECT_THAT(message_of([&] { dataset.read(7); }), HasSubstr("episode 7: no such episode"));
}

TEST(Dataset, NamesWhatIsMissingOrBroken) {
  TemporaryFolder folder;
  write_dataset(folder / "d", {small_episode(6, 2), small_episode(6, 3)},
                {.video = {}, .complete = true, .data_file_bytes = 1000});
  const auto first = folder / "d/data/chunk-000/file-000.parquet";
  const auto second = folder / "d/data/chunk-000/file-001.parquet";
  const auto video = folder / "d/videos/observation.images.wrist/chunk-000/file-000.mp4";
  std::filesystem::resize_file(first, std::filesystem::file_size(first) / 2);
  EXPECT_THAT(message_of([&] { Dataset(folder / "d").read(0); }), HasSubstr("file-000.parquet"));
  std::filesystem::remove(first);
  EXPECT_EQ(Dataset(folder / "d").missing(), std::vector<int64_t>{0});
  EXPECT_THAT(message_of([&] { Dataset(folder / "d").read(0); }), HasSubstr("file-000.parquet"));
  Dataset(folder / "d").read(1);
  std::filesystem::resize_file(video, std::filesystem::file_size(video) - 300);
  EXPECT_THAT(message_of([&] { Dataset(folder / "d").read(1); }),
              HasSubstr("wrist/chunk-000/file-000.mp4"));
  std::filesystem::resize_file(second, 0);
  EXPECT_THAT(message_of([&] { Dataset(folder / "d").read(1); }), HasSubstr("file-001.parquet"));
  io::write_atomically(folder / "d/meta/info.json", "{\"codebase_version\": \"v3.0\", ");
  EXPECT_THAT(message_of([&] { Dataset(folder / "d"); }), HasSubstr("meta/info.json"));
  io::write_atomically(folder / "d/meta/info.json", R"({"codebase_version": "v1.6"})");
  EXPECT_THAT(message_of([&] { Dataset(folder / "d"); }), HasSubstr("version v1.6"));
  EXPECT_THAT(message_of([&] { Dataset(folder / "none"); }), HasSubstr("no meta/info.json"));
}

TEST(Dataset, RefusesEpisodesThatDoNotFit) {
  TemporaryFolder folder;
  DatasetWriter writer(folder / "d", small_embodiment());
  EpisodeRows wide = small_episode(3, 1), small = wide, infinite = wide, ungrounded = wide;
  writer.add(small_episode(3, 2));
  wide.rows[2].action.push_back(0);
  small.rows[1].images[0] = Image::black(8, 8);
  infinite.rows[0].action[1] = std::nanf("");
  ungrounded.rows[1].grounding.clear();
  EXPECT_THAT(message_of([&] { writer.add(wide); }), HasSubstr("episode 1: step 2"));
  EXPECT_THAT(message_of([&] { writer.add(small); }), HasSubstr("camera 'front'"));
  EXPECT_THAT(message_of([&] { writer.add(infinite); }), HasSubstr("not finite"));
  EXPECT_THAT(message_of([&] { writer.add(ungrounded); }), HasSubstr("grounding"));
  EXPECT_THROW(writer.add(EpisodeRows{}), Error);
  writer.add(small_episode(3, 4));
  writer.finish();
  EXPECT_EQ(Dataset(folder / "d").present().size(), 2u);
}

// A full disk is one clear error and the dataset is as it was.
TEST(Dataset, SurvivesAFullDisk) {
  TemporaryFolder folder;
  write_dataset(folder / "d", {small_episode(4, 2)});
  const std::string before = Dataset(folder / "d").hash();
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{9000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const std::string message =
      message_of([&] { write_dataset(folder / "d", {small_episode(40, 3)}); });
  setrlimit(RLIMIT_FSIZE, &old);
  EXPECT_THAT(message, HasSubstr("File too large"));
  EXPECT_EQ(Dataset(folder / "d").hash(), before);
  expect_alike(Dataset(folder / "d").read(0), small_episode(4, 2));
  write_dataset(folder / "d", {small_episode(5, 3)});
  expect_alike(Dataset(folder / "d").read(1), small_episode(5, 3));
}

}  // namespace
}  // namespace gyre::data
