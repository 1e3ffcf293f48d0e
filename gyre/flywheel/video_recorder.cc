#include "gyre/flywheel/video_recorder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "gyre/core/error.h"

namespace gyre::flywheel {
namespace {

// Pictures of one height in a row.
Image side_by_side(const std::vector<Image>& images) {
  int width = 0;
  for (const Image& image : images) width += image.width;
  Image whole = Image::black(width, images.front().height);
  ptrdiff_t left = 0;  // bytes
  for (const Image& image : images) {
    const ptrdiff_t row_bytes = ptrdiff_t{3} * image.width;
    for (int row = 0; row < image.height; ++row) {
      std::copy_n(image.rgb.begin() + row * row_bytes, row_bytes,
                  whole.rgb.begin() + row * ptrdiff_t{3} * whole.width + left);
    }
    left += row_bytes;
  }
  return whole;
}

}  // namespace

class VideoRecorder::Filming : public run::Monitor {
 public:
  Filming(VideoRecorder& recorder, run::Bench& bench) : recorder_(recorder), bench_(bench) {}
  void after(const Step& step, run::EventSink&) override {
    if (step.action_start) recorder_.add(bench_);
  }

 private:
  VideoRecorder& recorder_;
  run::Bench& bench_;
};

std::unique_ptr<run::Monitor> VideoRecorder::watch(run::Bench& bench) {
  return std::make_unique<Filming>(*this, bench);
}

void VideoRecorder::add(run::Bench& bench) {
  const std::vector<Image> images = bench.portrait(size_ / 2 * 2);  // yuv420p needs even numbers
  if (images.empty()) throw Error(file_.string(), "the robot has no camera to film with");
  const Image picture = side_by_side(images);
  if (!writer_) {
    writer_ = std::make_unique<io::VideoWriter>(file_, picture.width, picture.height,
                                                1 / bench.robot().embodiment().action_period_s,
                                                io::VideoOptions{.group = 30});
  }
  writer_->add(picture);
}

void VideoRecorder::finish() {
  if (!writer_) throw Error(file_.string(), "nothing was filmed");
  writer_->finish();
  writer_.reset();
}

}  // namespace gyre::flywheel
