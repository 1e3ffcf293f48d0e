#include "gyre/sim/world.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "gyre/core/error.h"
#include "gyre/core/hash.h"
#include "gyre/robot/kinematics_model.h"
#include "gyre/sim/kitchen.h"
#include "gyre/sim/world_impl.h"

namespace gyre::sim {
namespace {

constexpr char kSceneFile[] = "gyre_scene.xml";

int id_of(const mjModel* model, mjtObj type, const std::string& name) {
  const int id = mj_name2id(model, type, name.c_str());
  if (id < 0) throw Error("kitchen scene", "has no '" + name + "'");
  return id;
}

// The robot's own cameras are in robot.xml, the others in the kitchen.
void require_cameras(const mjModel* model, const RobotFolder& robot) {
  std::vector<std::string> there;
  for (int id = 0; id < model->ncam; ++id) {
    const char* name = mj_id2name(model, mjOBJ_CAMERA, id);
    there.emplace_back(name == nullptr ? "" : name);
  }
  for (const std::string& camera : robot.cameras) {
    if (std::ranges::find(there, camera) != there.end()) continue;
    const std::string nearest = nearest_name(camera, there);
    throw Error((robot.folder / "robot.toml").string() + ": cameras",
                "neither robot.xml nor the kitchen has a camera '" + camera + "'",
                nearest.empty() ? "" : "did you mean '" + nearest + "'?");
  }
}

Vec3 vec3(const mjtNum* v) { return {v[0], v[1], v[2]}; }

struct Place {
  std::string_view name;
  Rectangle rectangle;
  double floor;  // height that things are put down on
};
constexpr Place kPlaces[] = {
    {"sink", kSink, 0.0}, {"rack", kRack, 0.0}, {"bin", kBin, 0.0}, {"plate", kPlate, 0.0}};

const Place* find_place(std::string_view name) {
  for (const Place& place : kPlaces) {
    if (place.name == name) return &place;
  }
  return nullptr;
}

}  // namespace

ModelPtr compile_scene(const std::string& mjcf, const RobotFolder& robot) {
  handle_mujoco_errors();
  auto vfs = std::make_unique<mjVFS>();
  mj_defaultVFS(vfs.get());
  mj_makeEmptyFileVFS(vfs.get(), kSceneFile, static_cast<int>(mjcf.size()));
  std::copy(mjcf.begin(), mjcf.end(), static_cast<char*>(vfs->filedata[0]));
  char message[500] = "";
  ModelPtr model(mj_loadXML((robot.folder / kSceneFile).string().c_str(), vfs.get(), message,
                            sizeof(message)));
  mj_deleteVFS(vfs.get());
  if (!model) throw Error("scene with " + (robot.folder / "robot.xml").string(), one_line(message));
  return model;
}

World::World(std::shared_ptr<const RobotFolder> robot, const SceneLayout& layout, uint64_t seed)
    : impl_(std::make_unique<Impl>()) {
  Rng rng = Rng::stream(seed, "kitchen");
  Impl& w = *impl_;
  w.robot = std::move(robot);
  const RobotFolder& arm = *w.robot;
  w.layout = layout;
  const std::string mjcf = kitchen_mjcf(arm, layout, rng);
  w.hash = sha256_hex(arm.name + mjcf, 16);
  w.model = compile_scene(mjcf, arm);
  w.data.reset(mj_makeData(w.model.get()));
  mjModel* m = w.model.get();
  require_cameras(m, arm);
  w.grasp_site = id_of(m, mjOBJ_SITE, arm.tool.site);
  w.lamp_geom = id_of(m, mjOBJ_GEOM, "lamp");
  w.drawer_qpos = m->jnt_qposadr[id_of(m, mjOBJ_JOINT, "drawer")];
  w.button_qpos = m->jnt_qposadr[id_of(m, mjOBJ_JOINT, "button")];
  for (const ArmJoint& joint : arm.joints) {
    const int id = id_of(m, mjOBJ_JOINT, joint.name);
    w.joint_qpos.push_back(m->jnt_qposadr[id]);
    w.joint_dof.push_back(m->jnt_dofadr[id]);
    w.joint_ctrl.push_back(id_of(m, mjOBJ_ACTUATOR, arm.model->find_joint(joint.name)->actuator));
    w.data->qpos[w.joint_qpos.back()] = joint.home;
  }
  w.arm_dofs = w.joint_dof;
  for (const std::string& name : arm.gripper.joints) {
    const int id = id_of(m, mjOBJ_JOINT, name);
    w.arm_dofs.push_back(m->jnt_dofadr[id]);
    w.data->qpos[m->jnt_qposadr[id]] = arm.gripper.open;
    w.gripper_qpos = m->jnt_qposadr[id];
  }
  w.gripper_ctrl = id_of(m, mjOBJ_ACTUATOR, arm.gripper.actuator);
  for (const std::string& name : arm.gripper.fingers) {
    w.finger_bodies.push_back(id_of(m, mjOBJ_BODY, name));
  }
  for (const ObjectSpec& spec : layout.objects) {
    w.bodies[spec.name()] = id_of(m, mjOBJ_BODY, spec.name());
  }
  w.data->qpos[w.drawer_qpos] = layout.drawer_opening;
  w.lamp_on = layout.lamp_on;
  w.show_lamp();
  mj_forward(m, w.data.get());
  w.note_inputs();
}

World::~World() = default;
World::World(World&&) noexcept = default;
World::Impl& World::impl() { return *impl_; }
const World::Impl& World::impl() const { return *impl_; }

void World::Impl::show_lamp() {
  const float lit[3] = {1.0f, 0.95f, 0.35f}, dark[3] = {0.22f, 0.22f, 0.2f};
  std::copy_n(lamp_on ? lit : dark, 3, model->geom_rgba + 4 * lamp_geom);
}

void World::Impl::step() {
  note_inputs();
  advance();
  toggle_lamp();
}

void World::Impl::note_inputs() {
  before.qpos.assign(data->qpos, data->qpos + model->nq);
  before.qvel.assign(data->qvel, data->qvel + model->nv);
  before.warmstart.assign(data->qacc_warmstart, data->qacc_warmstart + model->nv);
  before.ctrl.assign(data->ctrl, data->ctrl + model->nu);
  before.time = data->time;
}

void World::Impl::advance() {
  mj_step1(model.get(), data.get());
  for (int dof : arm_dofs) data->qfrc_applied[dof] = data->qfrc_bias[dof];
  mj_step2(model.get(), data.get());
  for (mjtWarning warning :
       {mjWARN_BADQPOS, mjWARN_BADQVEL, mjWARN_BADQACC, mjWARN_CONTACTFULL, mjWARN_CNSTRFULL}) {
    if (data->warning[warning].number > 0) {
      throw Error("simulation", mju_warningText(warning, data->warning[warning].lastinfo));
    }
  }
}

// The button toggles the lamp each time it goes down.
void World::Impl::toggle_lamp() {
  const double depth = -data->qpos[button_qpos] / robot->scene_scale;
  if (!button_down && depth > 0.007) {
    button_down = true;
    lamp_on = !lamp_on;
    show_lamp();
  } else if (button_down && depth < 0.003) {
    button_down = false;
  }
}

const RobotFolder& World::robot() const { return *impl_->robot; }
std::shared_ptr<const RobotFolder> World::shared_robot() const { return impl_->robot; }
const SceneLayout& World::layout() const { return impl_->layout; }
double World::scale() const { return impl_->robot->scene_scale; }
double World::time_s() const { return impl_->data->time; }

bool World::has(std::string_view thing) const {
  if (thing == "plate") return impl_->layout.has_plate;
  return impl_->bodies.contains(thing) || find_place(thing) != nullptr || thing == "drawer" ||
         thing == "button" || thing == "lamp";
}

std::vector<std::string> World::objects() const {
  std::vector<std::string> names;
  for (const ObjectSpec& spec : impl_->layout.objects) names.push_back(spec.name());
  return names;
}

Pose World::pose(std::string_view thing) const {
  const double s = scale();
  if (const auto found = impl_->bodies.find(thing); found != impl_->bodies.end()) {
    const mjtNum* q = impl_->data->xquat + 4 * found->second;
    return {vec3(impl_->data->xpos + 3 * found->second), {q[0], q[1], q[2], q[3]}};
  }
  if (const Place* place = find_place(thing); place != nullptr && has(thing)) {
    return {{place->rectangle.x * s, place->rectangle.y * s, place->floor * s}, {1, 0, 0, 0}};
  }
  if (thing == "drawer") {
    return {{kDrawerHandle[0] * s - drawer_opening(), kDrawerHandle[1] * s, kDrawerHandle[2] * s},
            {1, 0, 0, 0}};
  }
  if (thing == "button") {
    return {{kButton.x * s, kButton.y * s, 0.036 * s + impl_->data->qpos[impl_->button_qpos]},
            {1, 0, 0, 0}};
  }
  if (thing == "lamp") return {vec3(impl_->data->geom_xpos + 3 * impl_->lamp_geom), {1, 0, 0, 0}};
  throw Error("scene", "has no '" + std::string(thing) + "'");
}

int World::Impl::body_of(std::string_view object) const {
  const auto found = bodies.find(object);
  if (found == bodies.end()) throw Error("scene", "has no object '" + std::string(object) + "'");
  return found->second;
}

Vec3 World::velocity(std::string_view object) const {
  const int body = impl_->body_of(object);
  const int dof = impl_->model->body_dofadr[body];
  return vec3(impl_->data->qvel + dof);
}

Vec3 World::half_size(std::string_view thing) const {
  for (const ObjectSpec& spec : impl_->layout.objects) {
    if (spec.name() == thing) return shape_half_size(spec.shape, scale());
  }
  const double s = scale();
  if (const Place* place = find_place(thing)) {
    return {place->rectangle.half_x * s, place->rectangle.half_y * s, 0};
  }
  throw Error("scene", "has no '" + std::string(thing) + "'");
}

bool World::inside(std::string_view object, std::string_view place) const {
  const Vec3 at = pose(object).position, centre = pose(place).position, half = half_size(place);
  return std::abs(at[0] - centre[0]) < half[0] && std::abs(at[1] - centre[1]) < half[1] &&
         at[2] < centre[2] + 0.06 * scale();
}

bool World::resting(std::string_view object) const {
  const Vec3 v = velocity(object);
  return std::hypot(v[0], v[1], v[2]) < 0.03 * scale() && !touched(object);
}

bool World::touched(std::string_view object) const {
  const int body = impl_->body_of(object);
  for (int finger : impl_->finger_bodies) {
    if (impl_->touching(finger, body)) return true;
  }
  return false;
}

bool World::Impl::touching(int body_a, int body_b) const {
  for (int i = 0; i < data->ncon; ++i) {
    const int a = model->geom_bodyid[data->contact[i].geom1];
    const int b = model->geom_bodyid[data->contact[i].geom2];
    if ((a == body_a && b == body_b) || (a == body_b && b == body_a)) return true;
  }
  return false;
}

bool World::grasped(std::string_view object) const {
  const int body = impl_->body_of(object);
  return std::all_of(impl_->finger_bodies.begin(), impl_->finger_bodies.end(),
                     [&](int finger) { return impl_->touching(finger, body); });
}

double World::drawer_opening() const { return impl_->data->qpos[impl_->drawer_qpos]; }
double World::drawer_travel() const { return kDrawerTravel * scale(); }
bool World::lamp_on() const { return impl_->lamp_on; }

Pose World::gripper_pose() const {
  const mjtNum* matrix = impl_->data->site_xmat + 9 * impl_->grasp_site;
  mjtNum q[4];
  mju_mat2Quat(q, matrix);
  return {vec3(impl_->data->site_xpos + 3 * impl_->grasp_site), {q[0], q[1], q[2], q[3]}};
}

double World::gripper_opening() const {
  const RobotFolder::Gripper& gripper = impl_->robot->gripper;
  const double opening =
      (impl_->data->qpos[impl_->gripper_qpos] - gripper.closed) / (gripper.open - gripper.closed);
  return std::clamp(opening, 0., 1.);
}

void World::push(std::string_view object, const Vec3& velocity_change) {
  const int dof = impl_->model->body_dofadr[impl_->body_of(object)];
  for (int axis = 0; axis < 3; ++axis) impl_->data->qvel[dof + axis] += velocity_change[axis];
}

void World::place(std::string_view object, const Pose& pose) {
  const mjModel* m = impl_->model.get();
  const int body = impl_->body_of(object);
  mjtNum* qpos = impl_->data->qpos + m->jnt_qposadr[m->body_jntadr[body]];
  std::copy_n(pose.position.begin(), 3, qpos);
  std::copy_n(pose.rotation.begin(), 4, qpos + 3);
  std::fill_n(impl_->data->qvel + m->body_dofadr[body], 6, 0);
}

bool World::project(std::string_view camera, const Vec3& point, double& x, double& y) const {
  const int id = id_of(impl_->model.get(), mjOBJ_CAMERA, std::string(camera));
  const mjtNum* matrix = impl_->data->cam_xmat + 9 * id;
  mjtNum offset[3], local[3];
  mju_sub3(offset, point.data(), impl_->data->cam_xpos + 3 * id);
  mju_rotVecMatT(local, offset, matrix);
  if (local[2] >= -1e-6) return false;  // cameras look along their -z
  const double focal = 1 / std::tan(impl_->model->cam_fovy[id] * mjPI / 360);
  x = focal * local[0] / -local[2];
  y = -focal * local[1] / -local[2];
  return true;
}

void World::prepare_renderer() {
  if (!impl_->renderer) impl_->renderer.emplace(impl_->model.get());
}

void World::render(std::string_view camera, Image& image) {
  prepare_renderer();
  const int id = id_of(impl_->model.get(), mjOBJ_CAMERA, std::string(camera));
  impl_->renderer->render(impl_->model.get(), impl_->data.get(), id, image);
}

Image World::render(std::string_view camera, int width, int height) {
  Image image = Image::black(width, height);
  render(camera, image);
  return image;
}

}  // namespace gyre::sim
