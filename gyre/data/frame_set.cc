#include "gyre/data/frame_set.h"

#include <fmt/format.h>

#include <mutex>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/io/image_file.h"

namespace gyre::data {
namespace {

void check_images(const Row& step, const Embodiment& e) {
  const auto require_good = [&](bool good, const std::string& what) {
    if (good) return;
    throw Error(fmt::format("step {}", step.index), what,
                "record it with the robot's own contract");
  };
  require_good(
      step.images.size() == e.cameras.size(),
      fmt::format("{} images, {} has {} cameras", step.images.size(), e.name, e.cameras.size()));
  for (const Image& image : step.images) {
    require_good(!image.rgb.empty() &&
                     image.rgb.size() == static_cast<size_t>(image.width) * image.height * 3,
                 "an image is empty");
  }
}

void append_resized(const Image& image, int width, int height, std::vector<uint8_t>& to) {
  if (image.width == width && image.height == height) {
    to.insert(to.end(), image.rgb.begin(), image.rgb.end());
  } else {
    const Image small = io::resize(image, width, height);
    to.insert(to.end(), small.rgb.begin(), small.rgb.end());
  }
}

}  // namespace

FrameSet::~FrameSet() = default;

int FrameSet::add(int embodiment, const EpisodeRows& episode, NonFiniteRows non_finite) {
  const Embodiment contract = embodiments().at(embodiment);
  auto block = make_block(embodiment, episode, non_finite);
  std::vector<uint8_t> images;
  images.reserve(episode.rows.size() * contract.cameras.size() * image_width() * image_height() *
                 3);
  for (const Row& row : episode.rows) {
    check_images(row, contract);
    for (const Image& image : row.images) {
      append_resized(image, image_width(), image_height(), images);
    }
  }
  const std::unique_lock lock(mutex_);
  images_.resize(episodes());  // those whose pictures a derived class keeps have none here
  image_bytes_ += images.capacity();
  images_.push_back(std::move(images));
  return publish(std::move(block));
}

FramePixels FrameSet::pixels(size_t frame, int camera) const {
  const Place place = place_of(frame);
  const size_t size = static_cast<size_t>(image_width()) * image_height() * 3;
  const std::shared_lock lock(mutex_);
  const std::vector<uint8_t>& images = images_[place.episode];
  return {
      .rgb = {images.data() + (static_cast<size_t>(place.row) * cameras() + camera) * size, size},
      .hold = {}};
}

size_t FrameSet::memory_bytes() const {
  const size_t rows = FrameSource::memory_bytes();
  const std::shared_lock lock(mutex_);
  return rows + image_bytes_;
}

}  // namespace gyre::data
