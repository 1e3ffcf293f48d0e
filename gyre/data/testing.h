#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <utility>

#include "gyre/core/embodiment.h"
#include "gyre/data/episode_rows.h"

namespace gyre::data::testing {

// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gyre_data_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// Three state and two action fields, two cameras of different sizes, 10 Hz.
inline Embodiment small_embodiment() {
  Embodiment e{.name = "arm/joint",
               .action_period_s = 0.1,
               .state = {},
               .action = {},
               .cameras = {{"front", 64, 48, "fixed"}, {"wrist", 32, 32, "hand"}},
               .workspace = {}};
  for (const char* name : {"shoulder", "elbow", "gripper"}) {
    e.state.push_back({.name = name, .unit = "rad", .min = -10, .max = 10});
  }
  for (const char* name : {"shoulder", "elbow"}) {
    e.action.push_back({.name = name, .unit = "rad", .min = -10, .max = 10});
  }
  return e;
}

// A soft picture with a bright square that moves with `index`: neighbouring frames differ.
inline Image moving_square(int width, int height, int index) {
  Image image = Image::black(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t* pixel = &image.rgb[(static_cast<size_t>(y) * width + x) * 3];
      pixel[0] = static_cast<uint8_t>(60 + 80 * x / width);
      pixel[1] = static_cast<uint8_t>(60 + 80 * y / height);
      pixel[2] = 90;
      const int left = (index * 2) % (width - 8);
      if (x >= left && x < left + 8 && y >= 8 && y < 16) pixel[0] = pixel[1] = pixel[2] = 230;
    }
  }
  return image;
}

// Of all bytes; 255 for pictures of different sizes.
inline double mean_difference(const Image& a, const Image& b) {
  if (a.rgb.size() != b.rgb.size()) return 255;
  double sum = 0;
  for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

// Every member that a Row can carry differs from its default somewhere.
inline EpisodeRows small_episode(int steps, uint64_t seed,
                                 const std::string& task = "move the arm") {
  const Embodiment e = small_embodiment();
  EpisodeRows episode{.embodiment = e.name,
                      .task_name = "move/" + std::to_string(seed),
                      .family = "move",
                      .instruction = task,
                      .seed = seed,
                      .success = seed % 2 == 0,
                      .rows = {}};
  for (int i = 0; i < steps; ++i) {
    const auto phase = static_cast<float>(i) * 0.1f + static_cast<float>(seed);
    Row step;
    step.index = i;
    step.time_ns = 1'000'000'007 + i * 100'000'000LL;
    for (const CameraSpec& camera : e.cameras) {
      step.images.push_back(
          moving_square(camera.width, camera.height, i + 3 * static_cast<int>(seed)));
    }
    step.state = {std::sin(phase), std::cos(phase), 0.5f};
    step.task = task;
    step.subtask = i < steps / 2 ? "reach, \"then\" [turn]" : "let go";
    step.action = {std::sin(phase + 0.1f), std::cos(phase + 0.1f)};
    if (i % 3 == 1) step.policy_action = {0.25f, -phase};
    step.source = i % 3 == 2 ? Source::kExpert : Source::kPolicy;
    step.intervention = i % 3 == 2;
    step.clamped = i % 5 == 0;
    step.clamp_reason = step.clamped ? "elbow" : "";
    step.chunk_id = i / 5;
    step.chunk_index = i % 5;
    step.inference_ms = 1.5f * static_cast<float>(i);
    step.grounding = {0.1f, phase / 100, 1, 0, 0, 0, -0.1f, 0.2f, 1, 0.3f, 0.4f, 1};
    step.tracking_residual = 0.001f * static_cast<float>(i);
    step.picture_age_s = {0.01f * static_cast<float>(i), 0.02f};
    if (i == 1) step.said = {"slower", "to the left"};
    episode.rows.push_back(std::move(step));
  }
  return episode;
}

}  // namespace gyre::data::testing
