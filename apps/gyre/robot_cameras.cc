// gyre robot find-cameras.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gyre/core/error.h"
#include "gyre/io/file.h"
#include "gyre/io/image_file.h"
#include "gyre/robot/v4l2/device.h"
#include "gyre/robot/v4l2/modes.h"
#include "gyre/robot/v4l2/pixels.h"
#include "options.h"
#include "robot.h"

namespace gyre::apps {
namespace {

namespace fs = std::filesystem;

struct FindCameras {
  std::string pictures, json;
};

// The mode with the most pixels up to 640 x 480, which every page and policy can use.
CameraConfig snapshot_config(const v4l2::FoundCamera& camera) {
  CameraConfig config{.device = camera.path, .width = 0, .height = 0, .fps = 1};
  for (const v4l2::Mode& mode : camera.modes) {
    const bool known = mode.format == "mjpg" || mode.format == "yuyv";
    const bool fits = mode.width <= 640 && mode.height <= 480;
    if (!known || !fits || mode.width * mode.height <= config.width * config.height) continue;
    config.width = mode.width;
    config.height = mode.height;
    config.format = mode.format;
    config.fps = std::max(1.0, mode.fps);
  }
  return config;
}

Image snapshot(const v4l2::FoundCamera& camera) {
  const CameraConfig config = snapshot_config(camera);
  if (config.width == 0) throw Error(camera.path, "gives no mjpg or yuyv up to 640x480");
  v4l2::Device device(camera.path, config);
  constexpr int kTries = 60;  // the first pictures may be dark, broken or late
  constexpr int kSettled = 5;
  Image image;
  for (int i = 0, good = 0; i < kTries && good < kSettled; ++i) {
    v4l2::Device::Frame frame;
    if (device.read(100, frame) != v4l2::Device::Read::kFrame) continue;
    good += device.mode().format == "mjpg"
                ? v4l2::decode_mjpg(frame.bytes, config.width, config.height, image)
                : v4l2::decode_yuyv(frame.bytes, config.width, config.height, image);
  }
  if (image.width == 0) throw Error(camera.path, "gave no whole picture in six seconds");
  return image;
}

std::string picture_of(const v4l2::FoundCamera& camera, const fs::path& folder, size_t number) {
  const fs::path file = folder / fmt::format("camera{}.png", number);
  io::write_image(file, snapshot(camera));
  return file.string();
}

void find_cameras(const FindCameras& options) {
  if (!options.pictures.empty()) fs::create_directories(options.pictures);
  const std::vector<v4l2::FoundCamera> found = v4l2::find_cameras();
  nlohmann::json rows = nlohmann::json::array();
  std::string text;
  for (size_t i = 0; i < found.size(); ++i) {
    const v4l2::FoundCamera& camera = found[i];
    nlohmann::json row = {{"path", camera.path},
                          {"name", camera.name},
                          {"problem", camera.problem},
                          {"modes", nlohmann::json::array()}};
    for (const v4l2::Mode& mode : camera.modes) {
      row["modes"].push_back({{"format", mode.format},
                              {"width", mode.width},
                              {"height", mode.height},
                              {"fps", mode.fps}});
    }
    text += fmt::format("{}\n  {}\n", camera.path,
                        camera.problem.empty() ? camera.name + ": " + v4l2::modes_text(camera.modes)
                                               : "! " + camera.problem);
    if (!options.pictures.empty() && camera.problem.empty()) {
      try {
        row["picture"] = picture_of(camera, options.pictures, i);
        text += fmt::format("  {}\n", row["picture"].get<std::string>());
      } catch (const Error& error) {
        row["problem"] = error.what();
        text += fmt::format("  ! {}\n", error.what());
      }
    }
    rows.push_back(std::move(row));
  }
  if (found.empty()) text = "no camera is there; plug one in\n";
  print_result(text, {{"cameras", rows}}, options.json);
}

}  // namespace

void add_robot_cameras(CLI::App& app) {
  const auto options = std::make_shared<FindCameras>();
  CLI::App* verb = app.add_subcommand("find-cameras", "cameras of this machine and their modes");
  verb->add_option("--pictures", options->pictures, "also write a picture of each there")
      ->type_name("DIR");
  add_json_option(*verb, options->json);
  verb->callback([options] { find_cameras(*options); });
}

}  // namespace gyre::apps
