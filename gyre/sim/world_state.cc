// A World's state as bytes, and its shapes and poses for viewers.
#include <algorithm>
#include <span>

#include "gyre/core/error.h"
#include "gyre/sim/saved_state.h"
#include "gyre/sim/world.h"
#include "gyre/sim/world_impl.h"

namespace gyre::sim {
namespace {

std::span<double> numbers(mjtNum* first, int count) { return {first, static_cast<size_t>(count)}; }

Scene::Shape::Kind kind_of(int geom_type) {
  using Kind = Scene::Shape::Kind;
  switch (geom_type) {
    case mjGEOM_SPHERE:
      return Kind::kSphere;
    case mjGEOM_CYLINDER:
      return Kind::kCylinder;
    case mjGEOM_CAPSULE:
      return Kind::kCapsule;
    case mjGEOM_ELLIPSOID:
      return Kind::kEllipsoid;
    case mjGEOM_MESH:
      return Kind::kMesh;
    default:
      return Kind::kBox;
  }
}

std::string link_of(const mjModel* m, int body) {
  const char* name = mj_id2name(m, mjOBJ_BODY, body);
  return name != nullptr && *name != 0 ? name : "body" + std::to_string(body);
}

Scene::Shape shape_of(const mjModel* m, int geom) {
  Scene::Shape shape{.link = link_of(m, m->geom_bodyid[geom]), .kind = kind_of(m->geom_type[geom])};
  std::copy_n(m->geom_size + 3 * geom, 3, shape.size);
  std::copy_n(m->geom_pos + 3 * geom, 3, shape.position);
  std::copy_n(m->geom_quat + 4 * geom, 4, shape.rotation);
  std::copy_n(m->geom_rgba + 4 * geom, 4, shape.rgba);
  if (m->geom_type[geom] == mjGEOM_PLANE) {  // a thin box whose top is the plane
    constexpr double kHalf = 0.001;
    shape.size[2] = kHalf;
    shape.position[2] -= kHalf;
  }
  return shape;
}

}  // namespace

Scene World::scene(bool shapes) const {
  const mjModel* m = impl_->model.get();
  const mjData* d = impl_->data.get();
  Scene scene;
  for (int geom = 0; shapes && geom < m->ngeom; ++geom) scene.shapes.push_back(shape_of(m, geom));
  for (int body = 0; body < m->nbody; ++body) {
    Scene::Pose& pose = scene.poses.emplace_back();
    pose.link = link_of(m, body);
    std::copy_n(d->xpos + 3 * body, 3, pose.position);
    std::copy_n(d->xquat + 4 * body, 4, pose.rotation);
  }
  return scene;
}

void World::save(StateWriter& writer) const {
  const Impl& w = *impl_;
  const mjModel* m = w.model.get();
  writer.add_text(w.hash);
  for (const auto* part : {&w.before.qpos, &w.before.qvel, &w.before.warmstart, &w.before.ctrl}) {
    writer.add_all(*part);
  }
  writer.add(w.before.time);
  writer.add_all(numbers(w.data->qvel, m->nv));  // a push may have changed it since the step
  writer.add_all(numbers(w.data->ctrl, m->nu));
  writer.add(w.lamp_on);
  writer.add(w.button_down);
}

void World::restore(StateReader& reader) {
  Impl& w = *impl_;
  const mjModel* m = w.model.get();
  mjData* d = w.data.get();
  if (reader.next(w.hash.size()) != w.hash) {
    throw Error("saved state", "belongs to another scene", "open the attempt that it was saved in");
  }
  reader.read_all(numbers(d->qpos, m->nq));
  reader.read_all(numbers(d->qvel, m->nv));
  reader.read_all(numbers(d->qacc_warmstart, m->nv));
  reader.read_all(numbers(d->ctrl, m->nu));
  reader.read(d->time);
  w.note_inputs();
  w.advance();
  reader.read_all(numbers(d->qvel, m->nv));
  reader.read_all(numbers(d->ctrl, m->nu));
  reader.read(w.lamp_on);
  reader.read(w.button_down);
  w.show_lamp();
}

}  // namespace gyre::sim
