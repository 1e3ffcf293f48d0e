#pragma once

#include <memory>

#include "gyre/core/latest.h"
#include "gyre/core/picture.h"
#include "gyre/robot/camera.h"
#include "gyre/robot/picture_shaper.h"
#include "gyre/robot/process/protocol.h"

namespace gyre::process {

// Pictures of one camera on their way from the link's thread to the one that reads them.
class PictureFeed {
 public:
  // `config` has the size that the driver gives.
  PictureFeed(const CameraConfig& config, const CameraSpec& spec);
  const CameraSpec& spec() const noexcept { return spec_; }
  PictureRef newest() noexcept;

  // The link's thread. False for a picture that is none of this camera's: another size, or broken.
  bool take(const PictureBytes& picture);

 private:
  static constexpr int kPictures = 64;  // in use at once: the journal, pages and policies keep some

  CameraConfig config_;
  CameraSpec spec_;
  PictureShaper shaper_;
  PicturePool pool_;
  Latest<PictureRef> latest_;
  int64_t next_id_ = 0;
  int64_t last_ns_ = 0;
};

// A camera whose pictures come through a driver.
class ProcessCamera : public Camera {
 public:
  explicit ProcessCamera(std::shared_ptr<PictureFeed> feed) : feed_(std::move(feed)) {}
  const CameraSpec& spec() const noexcept override { return feed_->spec(); }
  PictureRef newest() noexcept override { return feed_->newest(); }

 private:
  std::shared_ptr<PictureFeed> feed_;
};

}  // namespace gyre::process
