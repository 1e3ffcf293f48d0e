#include "gyre/verify/data_loading.h"

#include <fmt/format.h>
#include <malloc.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/core/stop_signal.h"
#include "gyre/data/dataset_frames.h"
#include "gyre/data/dataset_writer.h"
#include "gyre/data/sample_order.h"
#include "gyre/io/video.h"
#include "gyre/train/trainer.h"
#include "gyre/verify/timing.h"

namespace gyre::verify {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kSide = 224, kFps = 30, kWindow = 8, kBatch = 16;
constexpr int kEpisodes = 20, kRows = 300;
constexpr int kManyEpisodes = 1000, kManyRows = 60, kManySide = 64, kManyFps = 10;
constexpr int kMinutes = 20;

Embodiment loading_embodiment(int side, int fps, int cameras) {
  Embodiment e{.name = "arm/joint",
               .action_period_s = 1.0 / fps,
               .state = {},
               .action = {},
               .cameras = {{"front", side, side, "fixed"}},
               .workspace = {}};
  if (cameras > 1) e.cameras.push_back({"wrist", side, side, "hand"});
  for (int i = 0; i < 6; ++i) {
    const Field field{.name = fmt::format("joint_{}", i + 1), .unit = "rad", .min = -4, .max = 4};
    e.state.push_back(field);
    e.action.push_back(field);
  }
  return e;
}

// A still scene with grain, which a camera passes by, and a square that moves on its own.
class Scene {
 public:
  explicit Scene(int side) : side_(side), width_(2 * side), grain_(width_ * width_) {
    Rng rng(1);
    for (int& value : grain_) value = static_cast<int>(rng.below(64)) - 32;
    for (size_t i = 1; i + 1 < grain_.size(); ++i) {
      grain_[i] = (grain_[i - 1] + grain_[i] + grain_[i + 1]) / 3;
    }
  }

  Image picture(int64_t number) const {
    Image image = Image::black(side_, side_);
    const int left = static_cast<int>(number % side_), top = static_cast<int>(number / 3 % side_);
    const int square = static_cast<int>(number * 2 % (side_ - side_ / 8));
    for (int y = 0; y < side_; ++y) {
      for (int x = 0; x < side_; ++x) {
        const int grain = grain_[static_cast<size_t>(y + top) * width_ + x + left];
        const bool inside =
            x >= square && x < square + side_ / 8 && y >= square / 2 && y < square / 2 + side_ / 8;
        uint8_t* pixel = &image.rgb[(static_cast<size_t>(y) * side_ + x) * 3];
        pixel[0] = static_cast<uint8_t>(inside ? 230 : 70 + 90 * x / side_ + grain);
        pixel[1] = static_cast<uint8_t>(inside ? 60 : 60 + 90 * y / side_ + grain);
        pixel[2] = static_cast<uint8_t>(inside ? 50 : 100 + grain);
      }
    }
    return image;
  }

 private:
  int side_, width_;
  std::vector<int> grain_;  // [2 side, 2 side]
};

data::EpisodeRows loading_episode(const Embodiment& contract, const Scene& scene, int64_t number,
                                  int rows) {
  data::EpisodeRows episode{.embodiment = contract.name,
                            .task_name = fmt::format("task/{}", number % 20),
                            .family = "task",
                            .instruction = fmt::format("put the cup on shelf {}", number % 20),
                            .seed = static_cast<uint64_t>(number),
                            .success = true,
                            .rows = {}};
  Rng rng = Rng::stream(1, fmt::format("episode {}", number));
  for (int i = 0; i < rows; ++i) {
    data::Row row;
    row.index = i;
    row.time_ns = static_cast<int64_t>(i * contract.action_period_s * 1e9);
    row.task = episode.instruction;
    for (size_t c = 0; c < contract.cameras.size(); ++c) {
      row.images.push_back(scene.picture(number * rows + i + static_cast<int64_t>(c) * 77));
    }
    for (size_t j = 0; j < contract.state.size(); ++j) {
      row.state.push_back(static_cast<float>(rng.uniform(-1, 1)));
      row.action.push_back(static_cast<float>(rng.uniform(-1, 1)));
    }
    episode.rows.push_back(std::move(row));
  }
  return episode;
}

// Bytes of this process that are in memory now.
double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void load(const data::Dataset& dataset, int64_t most, data::DatasetFrames& frames) {
  const int contract = frames.add_embodiment(dataset.embodiment());
  for (const int64_t index : dataset.present()) {
    if (index >= most) break;
    frames.add_on_disk(contract, dataset, index, dataset.read_on_disk(index));
  }
}

// The calling thread, and those that it starts meanwhile, on so many of the cores it may use.
class OnCores {
 public:
  explicit OnCores(int cores) {
    CPU_ZERO(&before_);
    ::sched_getaffinity(0, sizeof(before_), &before_);
    cpu_set_t some;
    CPU_ZERO(&some);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&some) < cores; ++cpu) {
      if (CPU_ISSET(cpu, &before_)) CPU_SET(cpu, &some);
    }
    ::sched_setaffinity(0, sizeof(some), &some);
  }
  ~OnCores() { ::sched_setaffinity(0, sizeof(before_), &before_); }
  OnCores(const OnCores&) = delete;
  OnCores& operator=(const OnCores&) = delete;

 private:
  cpu_set_t before_;
};

// Batches of windows in the order of training, each begun before the one before is there: by
// `workers` threads and the one that waits, all on as many cores as there are workers.
json measure_windows(const LoadingCase& wanted, const std::string& codec, int workers) {
  const data::Dataset dataset(wanted.folder / codec);
  const OnCores cores(workers);
  ::malloc_trim(0);
  const double before = resident_bytes();
  data::DatasetFrames frames(
      kSide, kSide,
      {.memory_bytes = static_cast<size_t>(wanted.memory_mib) << 20, .workers = workers});
  load(dataset, kEpisodes, frames);
  std::vector<double> offsets_s;
  for (int i = 0; i < kWindow; ++i) offsets_s.push_back(static_cast<double>(i) / kFps);
  const data::Permutation order(frames.size(), 1);
  constexpr size_t kPicture = size_t{kSide} * kSide * 3;
  constexpr size_t kBytes = kBatch * kWindow * kPicture;
  std::array<std::vector<uint8_t>, 2> batches = {std::vector<uint8_t>(kBytes),
                                                 std::vector<uint8_t>(kBytes)};
  uint64_t drawn = 0;
  const auto draw = [&](std::vector<uint8_t>& batch) {
    std::vector<data::PictureAsked> pictures;
    std::array<size_t, kWindow> window{};
    std::array<uint8_t, kWindow> is_pad{};
    for (int i = 0; i < kBatch; ++i) {
      frames.window(order.at(drawn++ % frames.size()), offsets_s, window, is_pad);
      for (const size_t frame : window) pictures.push_back({frame, 0});
    }
    return frames.load(pictures, batch);
  };
  data::PictureLoad next = draw(batches[0]);
  const double began = wall_s(), cpu = cpu_s();
  double most = 0;
  int64_t pictures = 0;
  while (wall_s() - began < wanted.seconds && !(wanted.stop && wanted.stop())) {
    data::PictureLoad now = std::move(next);
    next = draw(batches[drawn / kBatch % 2]);
    now.wait();
    pictures += kBatch * kWindow;
    most = std::max(most, resident_bytes());
  }
  const double seconds = wall_s() - began;
  return {{"codec", codec},
          {"workers", workers},
          {"frames_per_s", static_cast<double>(pictures) / seconds},
          {"cores", (cpu_s() - cpu) / seconds},
          {"memory_mib", wanted.memory_mib},
          {"grown_mib", (most - before - 2.0 * kBytes) / (1 << 20)}};
}

json measure_seek(const LoadingCase& wanted) {
  io::VideoReader reader(wanted.folder / "long.mp4");
  Rng rng(2);
  std::vector<double> ms;
  std::vector<uint8_t> pixels(size_t{kSide} * kSide * 3);
  for (int i = 0; i < 300; ++i) {
    const double time_s = static_cast<double>(rng.below(int64_t{kMinutes} * 60 * kFps)) / kFps;
    const double began = wall_s();
    reader.read({&time_s, 1}, 1e-4,
                [&](size_t, const io::VideoPicture& picture) { picture.write(pixels); });
    ms.push_back(1000 * (wall_s() - began));
  }
  return {{"median", median(ms)}, {"p99", quantile(ms, 0.99)}};
}

double measure_first_batch(const LoadingCase& wanted) {
  const double began = wall_s();
  const data::Dataset dataset(wanted.folder / "many");
  data::DatasetFrames frames(kManySide, kManySide);
  load(dataset, kManyEpisodes, frames);
  const data::Permutation order(frames.size(), 1);
  std::vector<data::PictureAsked> pictures;
  for (uint64_t i = 0; i < 64; ++i) {
    for (int camera = 0; camera < 2; ++camera) pictures.push_back({order.at(i), camera});
  }
  frames.ahead(pictures);
  for (const auto& [frame, camera] : pictures) frames.pixels(frame, camera);
  return wall_s() - began;
}

json measure_resume() {
  constexpr int64_t kLongest = 10'000'000, kStarts = 100, kNext = 100'000;
  const std::array<data::SampleOrder::Group, 3> groups = {{{.weight = 3, .size = 7'000'000},
                                                           {.weight = 1, .size = 2'500'000},
                                                           {.weight = 0.1, .size = 300}}};
  const data::SampleOrder went_on(7, groups);
  Rng rng(3);
  int64_t differ = 0;
  for (int64_t i = 0; i < kStarts; ++i) {
    const data::SampleOrder resumed(7, groups);
    const int64_t first = rng.below(kLongest);
    for (int64_t k = first; k < first + kNext; ++k) {
      const auto a = went_on.at(static_cast<uint64_t>(k));
      const auto b = resumed.at(static_cast<uint64_t>(k));
      differ += a.group != b.group || a.index != b.index;
    }
  }
  return {{"starts", kStarts}, {"samples", kNext}, {"differ", differ}};
}

double samples_per_s(const LoadingCase& wanted, const data::FrameSource& frames,
                     const std::string& name) {
  Checkpoint start;
  start.config = ModelConfig::nano();
  start.tokenizer = Tokenizer::open(wanted.vocabulary);
  start.config.vocab_size = start.tokenizer->vocab_size();
  start.config.cameras = frames.cameras();
  const fs::path out = wanted.folder / ("policy_" + name);
  const auto result = train::train({.steps = wanted.train_steps, .validation = {.fraction = 0}},
                                   std::move(start), {{.frames = &frames}}, out);
  fs::remove_all(out);
  return result.samples_per_s;
}

// The same episodes both ways: from videos with no picture seen before, and once more with the
// pictures that loading has kept.
json measure_training(const LoadingCase& wanted) {
  constexpr int64_t kLearnt = 100;  // episodes
  const data::Dataset dataset(wanted.folder / "many");
  data::FrameSet in_memory(kManySide, kManySide);
  const int contract = in_memory.add_embodiment(dataset.embodiment());
  for (int64_t i = 0; i < kLearnt; ++i) in_memory.add(contract, dataset.read(i));
  std::vector<double> memory, video, again;
  for (int turn = 0; turn < 3 && !(wanted.stop && wanted.stop()); ++turn) {
    memory.push_back(samples_per_s(wanted, in_memory, "memory"));
    data::DatasetFrames from_video(kManySide, kManySide);
    load(dataset, kLearnt, from_video);
    video.push_back(samples_per_s(wanted, from_video, "video"));
    again.push_back(samples_per_s(wanted, from_video, "video"));
  }
  return {{"steps", wanted.train_steps},
          {"memory_samples_per_s", median(memory)},
          {"video_samples_per_s", median(video)},
          {"again_samples_per_s", median(again)},
          {"ratio", median(video) / median(memory)},
          {"again_ratio", median(again) / median(memory)}};
}

}  // namespace

void write_loading_data(const fs::path& folder,
                        const std::function<void(int64_t, int64_t)>& progress,
                        const std::function<bool()>& stop) {
  constexpr int64_t kLongPart = 600;  // frames, joined until the file is long enough
  const int64_t parts = int64_t{kMinutes} * 60 * kFps / kLongPart;
  const int64_t total = 2 * kEpisodes + kManyEpisodes + 1;
  int64_t done = 0;
  const auto tick = [&] {
    if (stop && stop()) throw Interrupted("bench data", "was interrupted", "start it again");
    if (progress) progress(++done, total);
  };
  const auto write = [&](const std::string& name, const Embodiment& contract, int episodes,
                         int rows, const data::DatasetOptions& options) {
    const Scene scene(contract.cameras[0].width);
    data::DatasetWriter writer(folder / name, contract, options);
    for (int i = 0; i < episodes; ++i) {
      writer.add(loading_episode(contract, scene, i, rows));
      tick();
    }
    writer.finish();
  };
  fs::create_directories(folder);
  const Embodiment wide = loading_embodiment(kSide, kFps, 1);
  write("h264", wide, kEpisodes, kRows, {});
  write("av1", wide, kEpisodes, kRows, {.video = {.codec = "av1"}});
  write("many", loading_embodiment(kManySide, kManyFps, 2), kManyEpisodes, kManyRows, {});
  const fs::path part = folder / "part.mp4";
  const Scene scene(kSide);
  io::VideoWriter writer(part, kSide, kSide, kFps);
  for (int64_t i = 0; i < kLongPart; ++i) writer.add(scene.picture(i));
  writer.finish();
  io::VideoJoiner joiner(folder / "long.mp4");
  for (int64_t i = 0; i < parts; ++i) joiner.add(part);
  joiner.finish();
  fs::remove(part);
  tick();
}

json measure_loading(const LoadingCase& wanted) {
  json windows = json::array();
  const int cores = static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN)));
  for (const char* codec : {"h264", "av1"}) {
    windows.push_back(measure_windows(wanted, codec, 1));
    if (cores > 1) windows.push_back(measure_windows(wanted, codec, cores));
  }
  json result = {{"windows", windows},
                 {"seek_ms", measure_seek(wanted)},
                 {"first_batch_s", measure_first_batch(wanted)},
                 {"resume", measure_resume()}};
  if (wanted.train_steps > 0) result["training"] = measure_training(wanted);
  return result;
}

}  // namespace gyre::verify
