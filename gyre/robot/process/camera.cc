#include "gyre/robot/process/camera.h"

#include <algorithm>

#include "gyre/core/error.h"
#include "gyre/io/image_file.h"

namespace gyre::process {

PictureFeed::PictureFeed(const CameraConfig& config, const CameraSpec& spec)
    : config_(config),
      spec_(spec),
      shaper_(config, spec.width, spec.height),
      pool_(spec.width, spec.height, kPictures) {}

PictureRef PictureFeed::newest() noexcept {
  latest_.take();
  return latest_.value();
}

bool PictureFeed::take(const PictureBytes& picture) {
  if (picture.width != config_.width || picture.height != config_.height) return false;
  if (picture.time_ns <= last_ns_) return true;  // an old one shows nothing new
  Image whole = Image::black(picture.width, picture.height);
  if (!picture.jpeg) {
    std::ranges::copy(picture.bytes, whole.rgb.begin());
  } else {
    try {
      whole = io::decode_image(picture.bytes, spec_.name);
    } catch (const Error&) {
      return false;
    }
    if (whole.width != picture.width || whole.height != picture.height) return false;
  }
  const Image shaped = shaper_.shape(whole);
  PictureRef made = pool_.make([&](Picture& to) {
    std::ranges::copy(shaped.rgb, to.image.rgb.begin());
    to.time_ns = picture.time_ns;
    to.id = next_id_;
  });
  if (!made) return true;  // all of the pool are in use: a lost frame
  last_ns_ = picture.time_ns;
  ++next_id_;
  latest_.writable() = std::move(made);
  latest_.publish();
  return true;
}

}  // namespace gyre::process
