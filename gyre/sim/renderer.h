#pragma once

#include <mujoco/mujoco.h>

#include "gyre/core/image.h"

namespace gyre::sim {

// Draws one model off screen with OSMesa, in software, without a display. It belongs to the thread
// that made it: each thread has a GL context of its own.
class Renderer {
 public:
  // Throws Error when OSMesa gives no context.
  explicit Renderer(const mjModel* model);
  ~Renderer();
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  // At most the model's offwidth x offheight pixels.
  Image render(const mjModel* model, mjData* data, int camera, int width, int height);

 private:
  mjvScene scene_;
  mjrContext context_;
  mjvOption option_;
};

}  // namespace gyre::sim
