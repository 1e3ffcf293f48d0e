#pragma once

#include "gyre/core/embodiment.h"
#include "gyre/core/picture.h"

namespace gyre {

// One camera at its own rate.
class Camera {
 public:
  virtual ~Camera() = default;
  virtual const CameraSpec& spec() const noexcept = 0;
  // The newest picture, with its capture time and id; the same one again until there is a newer; an
  // empty reference before the first. Allocates nothing and never waits for the camera. A simulated
  // camera draws at the moment it is asked.
  virtual PictureRef newest() noexcept = 0;
};

}  // namespace gyre
