#include "gyre/flywheel/video_recorder.h"

#include <algorithm>
#include <vector>

#include "gyre/io/video.h"

namespace gyre::flywheel {
namespace {

Image side_by_side(const std::vector<Image>& images, int size) {
  Image whole = Image::black(size * static_cast<int>(images.size()), size);
  for (size_t i = 0; i < images.size(); ++i) {
    for (int row = 0; row < size; ++row) {
      std::copy_n(images[i].rgb.begin() + static_cast<ptrdiff_t>(row) * size * 3, size * 3,
                  whole.rgb.begin() + static_cast<ptrdiff_t>(row) * whole.width * 3 +
                      static_cast<ptrdiff_t>(i) * size * 3);
    }
  }
  return whole;
}

class VideoRecorder : public run::StepObserver {
 public:
  VideoRecorder(sim::SimRobot& robot, const std::filesystem::path& file, int size)
      : robot_(robot),
        size_(size),
        writer_(file, size * static_cast<int>(robot.embodiment().cameras.size()), size,
                1 / robot.embodiment().action_period_s, {.group = 30}) {}

  void on_step(const data::Row&) override {
    std::vector<Image> images;
    for (const CameraSpec& camera : robot_.embodiment().cameras) {
      images.push_back(robot_.world().render(camera.name, size_, size_));
    }
    writer_.add(side_by_side(images, size_));
  }
  void on_end() override { writer_.finish(); }

 private:
  sim::SimRobot& robot_;
  int size_;
  io::VideoWriter writer_;
};

}  // namespace

MakeObserver record_video(const std::filesystem::path& file, int size) {
  return [file, even = size / 2 * 2](sim::SimRobot& robot) {
    return std::make_unique<VideoRecorder>(robot, file, even);
  };
}

}  // namespace gyre::flywheel
