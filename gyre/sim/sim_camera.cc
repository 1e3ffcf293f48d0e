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

void SimCamera::save(StateWriter& writer) const {
  writer.add(next_id_);
  writer.add(drawn_ns_);
}

void SimCamera::restore(StateReader& reader) {
  reader.read(next_id_);
  reader.read(drawn_ns_);
  latest_ = {};
  // The picture of the present moment is drawn again under its id.
  if (drawn_ns_ == clock_.now_ns()) --next_id_;
}

}  // namespace gyre::sim
