#pragma once

#include <cstdint>

#include "gyre/core/clock.h"
#include "gyre/core/picture.h"
#include "gyre/robot/camera.h"
#include "gyre/sim/world.h"

namespace gyre::sim {

class StateReader;
class StateWriter;

// A camera of a World. Draws at the moment it is asked, one picture a control period at most; ids
// count the pictures that were drawn. For the thread that opened the world.
class SimCamera : public Camera {
 public:
  // World and clock must outlive the camera.
  SimCamera(World& world, const Clock& clock, const CameraSpec& spec);

  const CameraSpec& spec() const noexcept override { return spec_; }
  // Empty when drawing fails: World::prepare_renderer() reports that beforehand. A picture beyond
  // those of the pool is allocated, so that what is slow elsewhere never changes a simulated
  // attempt.
  PictureRef newest() noexcept override;

  void save(StateWriter& writer) const;
  void restore(StateReader& reader);

 private:
  World& world_;
  const Clock& clock_;
  CameraSpec spec_;
  PicturePool pool_;
  PictureRef latest_;
  int64_t next_id_ = 0;
  int64_t drawn_ns_ = 0;  // time of latest_
};

}  // namespace gyre::sim
