#include "gyre/data/dataset_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "gyre/core/error.h"
#include "gyre/core/testing.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/testing.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

using ::testing::HasSubstr;
using testing::small_embodiment;
using testing::small_episode;
using testing::TemporaryFolder;

void write_videos(const std::filesystem::path& folder, const std::vector<int>& lengths) {
  DatasetWriter writer(folder, small_embodiment());
  for (size_t i = 0; i < lengths.size(); ++i) writer.add(small_episode(lengths[i], i + 2));
  writer.finish();
}

// Pictures that each encoder takes.
void write_coded(const std::filesystem::path& folder, const std::vector<int>& lengths,
                 const std::string& codec) {
  Embodiment contract = small_embodiment();
  for (CameraSpec& camera : contract.cameras) camera.width = camera.height = 96;
  DatasetWriter writer(folder, contract, {.video = {.codec = codec}});
  for (size_t i = 0; i < lengths.size(); ++i) {
    EpisodeRows episode = small_episode(lengths[i], i + 2);
    for (Row& row : episode.rows) {
      const int moved = static_cast<int>(row.index + 5 * static_cast<int64_t>(i));
      row.images = {testing::moving_square(96, 96, moved),
                    testing::moving_square(96, 96, 2 * moved)};
    }
    writer.add(episode);
  }
  writer.finish();
}

void load_all(const Dataset& dataset, DatasetFrames& frames) {
  const int arm = frames.add_embodiment(dataset.embodiment());
  for (const int64_t index : dataset.present()) {
    frames.add_on_disk(arm, dataset, index, dataset.read_on_disk(index));
  }
}

// The same dataset with its pictures in memory.
void fill_set(const Dataset& dataset, FrameSet& set) {
  const int arm = set.add_embodiment(dataset.embodiment());
  for (const int64_t index : dataset.present()) set.add(arm, dataset.read(index));
}

std::vector<uint8_t> bytes_of_picture(const FrameSource& source, size_t frame, int camera) {
  const FramePixels pixels = source.pixels(frame, camera);
  return {pixels.rgb.begin(), pixels.rgb.end()};
}

TEST(DatasetFrames, AreThoseOfAFrameSetInAnyOrder) {
  TemporaryFolder folder;
  for (const char* codec : {"h264", "av1"}) {
    const std::filesystem::path place = folder / codec;
    write_coded(place, {7, 5, 9}, codec);
    const Dataset dataset(place);
    FrameSet set(32, 24);
    DatasetFrames frames(32, 24, {.workers = 2});
    fill_set(dataset, set);
    load_all(dataset, frames);
    frames.check_videos();
    ASSERT_EQ(frames.size(), set.size());
    EXPECT_EQ(frames.content_hash(0), set.content_hash(0));
    EXPECT_EQ(frames.action_stats(0), set.action_stats(0));
    EXPECT_TRUE(std::ranges::equal(frames.frame(9).state, set.frame(9).state));
    const std::vector<PictureAsked> asked = {{20, 0}, {3, 1}, {4, 1}, {5, 1}, {12, 0}, {3, 1}};
    frames.ahead(asked);
    for (int again = 0; again < 2; ++again) {
      constexpr size_t kBytes = size_t{32} * 24 * 3;
      std::vector<uint8_t> batch(asked.size() * kBytes);
      frames.load(asked, batch).wait();
      for (size_t i = 0; i < asked.size(); ++i) {
        const std::vector<uint8_t> wanted = bytes_of_picture(set, asked[i].frame, asked[i].camera);
        EXPECT_TRUE(std::ranges::equal(std::span(batch).subspan(i * kBytes, kBytes), wanted)) << i;
      }
    }
    for (size_t i = 0; i < 2 * set.size(); ++i) {
      const size_t frame = i * 8 % set.size();
      for (int camera = 0; camera < 2; ++camera) {
        EXPECT_EQ(bytes_of_picture(frames, frame, camera), bytes_of_picture(set, frame, camera))
            << codec << " " << frame << " " << camera;
      }
    }
  }
}

TEST(DatasetFrames, LoadsCanBeGivenUpAndOverlap) {
  TemporaryFolder folder;
  write_videos(folder / "d", {40});
  const Dataset dataset(folder / "d");
  FrameSet set(64, 48);
  fill_set(dataset, set);
  DatasetFrames frames(64, 48, {.memory_bytes = size_t{1400} << 10, .workers = 2});
  load_all(dataset, frames);
  std::vector<PictureAsked> asked;
  for (size_t i = 0; i < 60; ++i) asked.push_back({i * 7 % set.size(), 0});
  constexpr size_t kBytes = size_t{64} * 48 * 3;
  std::vector<uint8_t> first(asked.size() * kBytes), second(first.size());
  {
    const PictureLoad given_up = frames.load(asked, first);
    frames.load(asked, second).wait();
  }
  for (size_t i = 0; i < asked.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(std::span(second).subspan(i * kBytes, kBytes),
                                   set.pixels(asked[i].frame, 0).rgb));
  }
  EXPECT_THAT(message_of([&] { frames.load(asked, std::span(first).first(9)); }),
              HasSubstr("room for 9 bytes"));
}

TEST(DatasetFrames, HoldEpisodesThatWereMadeInMemoryToo) {
  TemporaryFolder folder;
  write_videos(folder / "d", {4});
  const Dataset dataset(folder / "d");
  DatasetFrames frames(32, 24);
  const int arm = frames.add_embodiment(small_embodiment());
  const EpisodeRows made = small_episode(3, 9);
  frames.add(arm, made);
  load_all(dataset, frames);
  frames.add(arm, made);
  const std::vector<uint8_t> first = io::resize(made.rows[1].images[0], 32, 24).rgb;
  EXPECT_EQ(bytes_of_picture(frames, 1, 0), first);
  EXPECT_EQ(bytes_of_picture(frames, 8, 0), first);
  EXPECT_EQ(bytes_of_picture(frames, 4, 0),
            io::resize(dataset.read(0).rows[1].images[0], 32, 24).rgb);
}

TEST(DatasetFrames, FewSlotsServeManyThreads) {
  TemporaryFolder folder;
  write_videos(folder / "d", {60});
  const Dataset dataset(folder / "d");
  FrameSet set(64, 48);
  fill_set(dataset, set);
  DatasetFrames frames(64, 48, {.memory_bytes = size_t{1400} << 10, .workers = 2});
  load_all(dataset, frames);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      std::vector<FramePixels> held;
      for (size_t i = 0; i < 120; ++i) {
        const size_t frame = (i * 7 + static_cast<size_t>(t) * 13) % set.size();
        const std::vector<PictureAsked> next = {{(frame + 7) % set.size(), 0}};
        frames.ahead(next);
        held.push_back(frames.pixels(frame, 0));
        wrong += !std::ranges::equal(held.back().rgb, set.pixels(frame, 0).rgb);
        if (held.size() > 50) held.clear();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(DatasetFrames, KeepTheirMemory) {
  TemporaryFolder folder;
  write_videos(folder / "d", {8});
  const Dataset dataset(folder / "d");
  DatasetFrames tight(64, 48, {.memory_bytes = size_t{300} << 10});
  load_all(dataset, tight);
  EXPECT_THAT(message_of([&] { tight.pixels(0, 0); }), HasSubstr("give at least 2"));
  DatasetFrames none(64, 48, {.memory_bytes = 100});
  EXPECT_THAT(message_of([&] { load_all(dataset, none); }), HasSubstr("raise --memory-mib"));
}

TEST(DatasetFrames, RefuseAVideoThatIsShorterThanItsRows) {
  TemporaryFolder folder;
  write_videos(folder / "d", {6, 6});
  write_videos(folder / "short", {6, 5});
  const std::string video = "videos/observation.images.wrist/chunk-000/file-000.mp4";
  std::filesystem::copy_file(folder / "short" / video, folder / "d" / video,
                             std::filesystem::copy_options::overwrite_existing);
  const Dataset dataset(folder / "d");
  DatasetFrames frames(32, 24);
  load_all(dataset, frames);
  EXPECT_THAT(message_of([&] { frames.check_videos(); }),
              HasSubstr("wrist/chunk-000/file-000.mp4: ends at 1.100 s, the rows of " +
                        (folder / "d").string() + ": episode 1 have one at 1.100 s"));
  EXPECT_THROW(frames.pixels(11, 1), Error);
  EXPECT_NO_THROW(frames.pixels(11, 0));
}

TEST(DatasetFrames, RefuseAVideoThatChanged) {
  TemporaryFolder folder;
  write_videos(folder / "d", {6});
  const Dataset dataset(folder / "d");
  DatasetFrames frames(32, 24);
  load_all(dataset, frames);
  std::ofstream(folder / "d" / "videos/observation.images.front/chunk-000/file-000.mp4",
                std::ios::app)
      << "x";
  EXPECT_THAT(message_of([&] { frames.pixels(0, 0); }), HasSubstr("was changed while it was read"));
}

TEST(PictureStore, FirstPicturesStayAndTheOthersTakeTurns) {
  PictureStore store(2, 1224);  // 200 stay, 1,024 turn
  const auto fill = [&](uint64_t key) {
    auto room = store.claim(key, false).room;
    ASSERT_TRUE(room.has_value()) << key;
    room->rgb()[0] = static_cast<uint8_t>(key);
    room->rgb()[1] = static_cast<uint8_t>(key >> 8);
    room->filled();
  };
  const auto holds = [&](uint64_t key) {
    const auto found = store.find(key);
    return found && found->rgb[0] == (key & 255) && found->rgb[1] == key >> 8;
  };
  for (uint64_t key = 0; key < 1300; ++key) fill(key);
  for (uint64_t key = 0; key < 200; ++key) EXPECT_TRUE(holds(key));
  for (uint64_t key = 200; key < 276; ++key) EXPECT_FALSE(holds(key));
  for (uint64_t key = 276; key < 1300; ++key) EXPECT_TRUE(holds(key));
  const std::optional<FramePixels> held = store.find(277);
  for (uint64_t key = 1300; key < 2400; ++key) fill(key);
  EXPECT_EQ(held->rgb[1], 1);
  EXPECT_TRUE(holds(277));
  EXPECT_FALSE(holds(278));
  {
    const auto given_up = store.claim(9999, false).room;
    EXPECT_TRUE(given_up.has_value());
  }
  EXPECT_FALSE(store.find(9999).has_value());
  EXPECT_FALSE(store.claim(0, true).room.has_value());
  EXPECT_TRUE(store.claim(0, true).present);
}

TEST(PictureStore, WhatWasMadeAheadStaysUntilItIsAskedFor) {
  PictureStore store(2, 16);
  const auto fill = [&](uint64_t key, bool early) {
    auto room = store.claim(key, early).room;
    if (room) room->filled();
    return room.has_value();
  };
  for (uint64_t key = 0; key < 16; ++key) EXPECT_TRUE(fill(key, true));
  EXPECT_FALSE(fill(16, true));
  EXPECT_TRUE(store.expect(3));
  EXPECT_FALSE(store.expect(16));
  for (uint64_t key = 0; key < 4; ++key) EXPECT_TRUE(store.find(key).has_value());
  EXPECT_TRUE(store.wait_for_room());
  EXPECT_TRUE(fill(16, true));
  for (uint64_t key = 4; key < 17; ++key) EXPECT_TRUE(store.expect(key)) << key;
  for (uint64_t key = 20; key < 30; ++key) EXPECT_TRUE(fill(key, false)) << "asked for now";
  store.close();
  EXPECT_FALSE(store.wait_for_room());
}

TEST(DecodeQueue, WhoeverNeedsAPictureTakesItsJobOut) {
  DecodeQueue queue;
  const auto job = [](std::initializer_list<uint64_t> keys) {
    DecodeQueue::Job job;
    for (const uint64_t key : keys) job.push_back({.key = key});
    return job;
  };
  const auto keys = [](const std::optional<DecodeQueue::Job>& taken) {
    std::vector<uint64_t> keys;
    for (const auto& wanted : taken.value_or(DecodeQueue::Job{})) keys.push_back(wanted.key);
    return keys;
  };
  queue.add({job({1, 2, 3}), job({4, 5}), job({2, 6})}, 100);
  EXPECT_EQ(keys(queue.take(5)), (std::vector<uint64_t>{4, 5}));
  EXPECT_FALSE(queue.take(4).has_value());
  EXPECT_EQ(keys(queue.next()), (std::vector<uint64_t>{1, 2, 3}));
  queue.put_back(job({3}));
  EXPECT_TRUE(queue.holds(3));
  EXPECT_EQ(keys(queue.next()), std::vector<uint64_t>{3});
  EXPECT_EQ(keys(queue.next()), std::vector<uint64_t>{6});
  queue.add({job({7, 8}), job({9})}, 2);
  EXPECT_FALSE(queue.holds(7)) << "the oldest go";
  EXPECT_TRUE(queue.holds(9));
  queue.close();
  EXPECT_FALSE(queue.next().has_value());
}

}  // namespace
}  // namespace gyre::data
