#include "gyre/sim/arm_picture.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gyre/sim/renderer.h"
#include "gyre/sim/sim_robot.h"
#include "gyre/sim/world_impl.h"

namespace gyre::sim {
namespace {

constexpr char kScene[] = R"(<mujoco model="portrait">
<asset><texture name="floor" type="2d" builtin="checker" rgb1=".86 .87 .89" rgb2=".78 .80 .83"
    width="128" height="128"/>
  <material name="floor" texture="floor" texuniform="true" texrepeat="10 10"/></asset>
<worldbody>
<light directional="true" castshadow="false" pos="0 0 3" dir="-0.5 -0.3 -1" diffuse=".55 .55 .55"/>
<geom name="portrait_floor" type="plane" size="0 0 0.1" material="floor" contype="0" conaffinity="0"/>
<camera name="portrait" pos="1 1 1" fovy="36"/>
</worldbody>
<include file="robot.xml"/>
<compiler angle="radian" autolimits="true"/>
<visual><headlight ambient=".35 .35 .35" diffuse=".35 .35 .35" specular="0 0 0"/>
<quality offsamples="4"/><map znear="0.01" zfar="30"/><global offwidth="1024" offheight="1024"/></visual>
</mujoco>)";

// The view comes from the arm's front left and a little above: azimuth from +x towards +y.
constexpr double kAzimuth = 55 * std::numbers::pi / 180, kElevation = 26 * std::numbers::pi / 180;
constexpr double kMargin = 0.9;  // of the ball: the shapes lie well within it

struct Ball {
  mjtNum centre[3];
  double radius = 0;
};

// Around what is drawn of the arm.
Ball extent(const mjModel* m, const mjData* data) {
  mjtNum low[3] = {0, 0, 0}, high[3] = {0, 0, 0};  // with the base's origin
  for (int id = 0; id < m->ngeom; ++id) {
    const bool drawn = m->geom_type[id] != mjGEOM_PLANE && m->geom_group[id] < 3;
    if (!drawn) continue;
    for (int axis = 0; axis < 3; ++axis) {
      const mjtNum at = data->geom_xpos[3 * id + axis], around = m->geom_rbound[id];
      low[axis] = std::min(low[axis], at - around);
      high[axis] = std::max(high[axis], at + around);
    }
  }
  low[2] = std::max(low[2], 0.0);
  Ball ball;
  for (int axis = 0; axis < 3; ++axis) ball.centre[axis] = (low[axis] + high[axis]) / 2;
  ball.radius = mju_dist3(low, high) / 2;
  return ball;
}

// Turns the only camera of the scene to the ball.
void aim(mjModel* m, const Ball& ball, int width, int height) {
  const int camera = mj_name2id(m, mjOBJ_CAMERA, "portrait");
  const double half_height = m->cam_fovy[camera] / 2 * std::numbers::pi / 180;
  const double narrow = std::atan(std::tan(half_height) * std::min(1.0, double(width) / height));
  const double distance = kMargin * ball.radius / std::sin(narrow);
  // The camera's z points back to the viewer, its x to the right.
  const mjtNum back[3] = {std::cos(kElevation) * std::cos(kAzimuth),
                          std::cos(kElevation) * std::sin(kAzimuth), std::sin(kElevation)};
  const mjtNum right[3] = {-std::sin(kAzimuth), std::cos(kAzimuth), 0};
  mjtNum up[3];
  mju_cross(up, back, right);
  mjtNum turn[9];
  for (int row = 0; row < 3; ++row) {
    turn[3 * row] = right[row];
    turn[3 * row + 1] = up[row];
    turn[3 * row + 2] = back[row];
    m->cam_pos[3 * camera + row] = ball.centre[row] + distance * back[row];
  }
  mju_mat2Quat(m->cam_quat + static_cast<ptrdiff_t>(4) * camera, turn);
}

void pose_home(const mjModel* m, mjData* data, const std::shared_ptr<const RobotFolder>& robot) {
  const auto place = [&](const std::string& joint, double value) {
    data->qpos[m->jnt_qposadr[mj_name2id(m, mjOBJ_JOINT, joint.c_str())]] = value;
  };
  const std::vector<double> home = home_joints(robot);
  for (size_t i = 0; i < home.size(); ++i) place(robot->joints[i].name, home[i]);
  for (const std::string& joint : robot->gripper.joints) place(joint, robot->gripper.open);
}

Image one_arm_picture(const std::shared_ptr<const RobotFolder>& robot, int width, int height) {
  const ModelPtr model = compile_scene(kScene, *robot);
  const DataPtr data(mj_makeData(model.get()));
  pose_home(model.get(), data.get(), robot);
  mj_forward(model.get(), data.get());
  aim(model.get(), extent(model.get(), data.get()), width, height);
  mj_forward(model.get(), data.get());
  Renderer renderer(model.get());
  Image image = Image::black(width, height);
  renderer.render(model.get(), data.get(), mj_name2id(model.get(), mjOBJ_CAMERA, "portrait"),
                  image);
  return image;
}

}  // namespace

Image arm_picture(const std::shared_ptr<const RobotFolder>& robot, int width, int height) {
  if (robot->arms.empty()) return one_arm_picture(robot, width, height);
  const auto arms = static_cast<int>(robot->arms.size());
  Image all = Image::black(arms * width, height);
  const auto row_bytes = static_cast<size_t>(width) * 3;
  for (int arm = 0; arm < arms; ++arm) {
    const Image one = one_arm_picture(robot->arms[static_cast<size_t>(arm)].folder, width, height);
    for (int row = 0; row < height; ++row) {
      const size_t from = static_cast<size_t>(row) * row_bytes;
      const size_t to = static_cast<size_t>(row * arms + arm) * row_bytes;
      std::copy_n(&one.rgb[from], row_bytes, &all.rgb[to]);
    }
  }
  return all;
}

}  // namespace gyre::sim
