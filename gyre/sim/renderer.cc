#include "gyre/sim/renderer.h"

#include <GL/osmesa.h>

#include <algorithm>
#include <array>

#include "gyre/core/error.h"

namespace gyre::sim {
namespace {

// One OSMesa context for each thread; its own buffer is never drawn to (MuJoCo draws into a
// framebuffer object), but OSMesa wants one.
class GlContext {
 public:
  GlContext() : context_(OSMesaCreateContextExt(GL_RGBA, 24, 8, 0, nullptr)) {
    if (context_ == nullptr ||
        OSMesaMakeCurrent(context_, buffer_.data(), GL_UNSIGNED_BYTE, kSide, kSide) == GL_FALSE) {
      throw Error("rendering", "OSMesa gives no OpenGL context", "install libosmesa6");
    }
  }
  ~GlContext() { OSMesaDestroyContext(context_); }
  GlContext(const GlContext&) = delete;
  GlContext& operator=(const GlContext&) = delete;

 private:
  static constexpr int kSide = 16;
  std::array<unsigned char, size_t{kSide} * kSide * 4> buffer_{};
  OSMesaContext context_;
};

}  // namespace

Renderer::Renderer(const mjModel* model) {
  thread_local GlContext gl;
  mjv_defaultScene(&scene_);
  mjr_defaultContext(&context_);
  mjv_defaultOption(&option_);
  mjv_makeScene(model, &scene_, 400);
  mjr_makeContext(model, &context_, mjFONTSCALE_50);
  mjr_setBuffer(mjFB_OFFSCREEN, &context_);
  for (mjtRndFlag flag : {mjRND_SHADOW, mjRND_REFLECTION, mjRND_SKYBOX, mjRND_HAZE}) {
    scene_.flags[flag] = 0;
  }
}

Renderer::~Renderer() {
  mjr_freeContext(&context_);
  mjv_freeScene(&scene_);
}

void Renderer::render(const mjModel* model, mjData* data, int camera, Image& image) {
  mjvCamera view;
  mjv_defaultCamera(&view);
  view.type = mjCAMERA_FIXED;
  view.fixedcamid = camera;
  mjv_updateScene(model, data, &option_, nullptr, &view, mjCAT_ALL, &scene_);
  const mjrRect viewport = {0, 0, image.width, image.height};
  mjr_render(viewport, &scene_, &context_);
  upside_down_.resize(image.rgb.size());
  mjr_readPixels(upside_down_.data(), nullptr, viewport, &context_);
  const size_t row = static_cast<size_t>(image.width) * 3;
  const auto height = static_cast<size_t>(image.height);
  for (size_t y = 0; y < height; ++y) {  // OpenGL's rows begin at the bottom
    std::copy_n(upside_down_.begin() + static_cast<ptrdiff_t>((height - 1 - y) * row), row,
                image.rgb.begin() + static_cast<ptrdiff_t>(y * row));
  }
}

}  // namespace gyre::sim
