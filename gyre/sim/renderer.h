#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <vector>

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

  // Draws into `image`, which has the picture's size: at most the model's offwidth x offheight.
  void render(const mjModel* model, mjData* data, int camera, Image& image);

 private:
  mjvScene scene_;
  mjrContext context_;
  mjvOption option_;
  std::vector<uint8_t> upside_down_;
};

}  // namespace gyre::sim
