// From a played camera's capture to the policy's input:
//   build/tests/fake_devices/picture_delay [SECONDS]
//
// Pictures are decoded and brought to the policy's size as on a robot. Asks for the newest one at
// random moments, as requests of a policy come, and prints JSON: the age of each one's capture (ms)
// beside the bound of one frame and 5 ms, and how long new pictures took to be there.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "gyre/core/clock.h"
#include "gyre/core/rng.h"
#include "gyre/io/scratch_folder.h"
#include "gyre/robot/v4l2/camera.h"

namespace gyre::v4l2 {
namespace {

constexpr int kFps = 30;
constexpr double kFrameMs = 1000.0 / kFps, kBoundMs = kFrameMs + 5;
constexpr double kLookMs = 0.2;     // between two looks for a new picture
constexpr double kLongestMs = 120;  // between two requests

nlohmann::json spread(std::vector<double> values) {
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
  };
  return {{"p50", at(0.5)}, {"p99", at(0.99)}, {"most", values.back()}, {"count", values.size()}};
}

void measure(double seconds) {
  const io::ScratchFolder folder;
  std::ofstream(folder.path() / "video0")
      << "name Played camera\nmode mjpg 640 480 " << kFps << "\n";
  ::setenv("GYRE_FAKE_DEVICES", folder.path().c_str(), 1);
  V4l2Camera camera({.device = "/dev/video0", .fps = kFps}, {"front", 64, 64, "fixed"});
  const SteadyClock clock;
  const auto age_ms = [&](const PictureRef& picture) {
    return static_cast<double>(clock.now_ns() - picture->time_ns) * 1e-6;
  };
  std::vector<double> arrived_ms, asked_ms;
  Rng rng(1);
  int64_t known = -1;
  double next_ms = 1000, since_ms = 0;  // the first pictures are the camera's start
  for (const int64_t begin = clock.now_ns(); since_ms < seconds * 1000;) {
    since_ms = static_cast<double>(clock.now_ns() - begin) * 1e-6;
    const PictureRef picture = camera.newest();
    if (picture && picture->id != known && since_ms > 1000) arrived_ms.push_back(age_ms(picture));
    if (picture) known = picture->id;
    if (picture && since_ms >= next_ms) {
      asked_ms.push_back(age_ms(picture));
      next_ms = since_ms + rng.uniform() * kLongestMs;
    }
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(kLookMs));
  }
  if (asked_ms.empty() || arrived_ms.empty()) throw std::runtime_error("no picture came");
  const auto late = std::ranges::count_if(asked_ms, [](double age) { return age > kBoundMs; });
  std::cout << nlohmann::json{{"frame_ms", kFrameMs},
                              {"bound_ms", kBoundMs},
                              {"age_when_asked_ms", spread(asked_ms)},
                              {"asked_beyond_the_bound", late},
                              {"capture_to_there_ms", spread(arrived_ms)}}
                   .dump(2)
            << "\n";
}

}  // namespace
}  // namespace gyre::v4l2

int main(int argc, char** argv) {
  try {
    const double seconds = argc > 1 ? std::stod(argv[1]) : 20;
    if (!(seconds > 1)) throw std::invalid_argument("SECONDS is more than 1");
    gyre::v4l2::measure(seconds);
  } catch (const std::exception& error) {
    std::cerr << "picture_delay: " << error.what() << "\n";
    return 2;
  }
}
