#include "gyre/flywheel/video_recorder.h"

#include <gtest/gtest.h>

#include "gyre/core/error.h"
#include "gyre/flywheel/testing.h"
#include "gyre/run/attempt.h"

namespace gyre::flywheel {
namespace {

TEST(VideoRecorder, FilmsOnePictureOfEachActionPeriod) {
  const testing::TemporaryFolder folder;
  const testing::ToyArena arena;
  VideoRecorder recorder(folder / "film.mp4", 64);
  run::AttemptOptions options{.driver = run::Driver::kExpert};
  options.bench.image_size = testing::kToyPixels;
  options.watch = [&](run::Bench& bench, int64_t) {
    run::Watchers watchers;
    watchers.monitors.push_back(recorder.watch(bench));
    return watchers;
  };
  const auto result =
      run::make_attempt(arena, nullptr, arena.attempt("raise/first", "toy/joint", 1), options);
  recorder.finish();
  const io::VideoInfo film = io::probe_video(folder / "film.mp4");
  EXPECT_EQ(film.height, 64);
  EXPECT_NEAR(film.fps, 10, 1e-6);
  EXPECT_EQ(film.frames, (result.episode.steps + 1) / 2);
}

TEST(VideoRecorder, WithoutAPictureThereIsNoFilm) {
  const testing::TemporaryFolder folder;
  VideoRecorder recorder(folder / "film.mp4");
  EXPECT_THROW(recorder.finish(), Error);
}

}  // namespace
}  // namespace gyre::flywheel
