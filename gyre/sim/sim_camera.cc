#include "gyre/sim/sim_camera.h"

#include <utility>

#include "gyre/core/error.h"
#include "gyre/sim/saved_state.h"

namespace gyre::sim {
namespace {

constexpr int kPoolSize = 16;

}  // namespace

SimCamera::SimCamera(World& world, const Clock& clock, const CameraSpec& spec)
    : world_(world), clock_(clock), spec_(spec), pool_(spec.width, spec.height, kPoolSize) {}

PictureRef SimCamera::newest() noexcept {
  const int64_t now = clock_.now_ns();
  if (latest_ && drawn_ns_ == now) return latest_;
  bool drawn = true;
  const auto draw = [&](Picture& picture) {
    try {
      world_.render(spec_.name, picture.image);
    } catch (const Error&) {
      drawn = false;
    }
    picture.time_ns = now;
    picture.id = next_id_;
  };
  PictureRef picture = pool_.make(draw);
  if (!picture) {
    Picture own{.image = Image::black(spec_.width, spec_.height)};
    draw(own);
    picture = PictureRef(std::move(own));
  }
  if (!drawn) return {};
  ++next_id_;
  drawn_ns_ = now;
  latest_ = std::move(picture);
  return latest_;
}

// A picture that was drawn at this very moment counts as not drawn yet: after a restore it is drawn
// again, under its id.
void SimCamera::save(StateWriter& writer) const {
  const bool drawn_now = latest_ && drawn_ns_ == clock_.now_ns();
  writer.add(drawn_now ? next_id_ - 1 : next_id_);
}

void SimCamera::restore(StateReader& reader) {
  reader.read(next_id_);
  latest_ = {};
}

}  // namespace gyre::sim
