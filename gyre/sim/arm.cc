#include "gyre/sim/arm.h"

#include <algorithm>

#include "gyre/core/error.h"

namespace gyre::sim {
namespace {

// Offsets and ranges: TheRobotStudio/SO-ARM100, Simulation/SO101. Zero: upper arm up, lower arm and
// tool forward. Links are capsules and boxes of the same reach. Tool axis +x of the last links; the
// grasp frame turns it to +z. The fixed finger is at -y, the moving jaw swings at +y.
constexpr char kSo101Bodies[] = R"(
<body name="so101_base" pos="0 0 0">
  <geom class="arm" type="box" pos="0.02 0 0.028" size="0.045 0.035 0.028" mass="0.147" rgba=".92 .75 .15 1"/>
  <body name="shoulder" pos="0.0388 0 0.0624">
    <joint class="arm" name="shoulder_pan" axis="0 0 1" range="-1.92 1.92"/>
    <geom class="arm" type="cylinder" size="0.026 0.022" pos="0.006 0 0.014" mass="0.1" rgba=".15 .15 .17 1"/>
    <body name="upper_arm" pos="0.0304 0 0.0542">
      <joint class="arm" name="shoulder_lift" axis="0 1 0" range="-1.745 1.745"/>
      <geom class="arm" type="capsule" fromto="0 0 0 0.028 0 0.1126" size="0.014" mass="0.103" rgba=".92 .75 .15 1"/>
      <body name="lower_arm" pos="0.028 0 0.1126">
        <joint class="arm" name="elbow_flex" axis="0 1 0" range="-1.69 1.69"/>
        <geom class="arm" type="capsule" fromto="0 0 0 0.1349 0 0.0052" size="0.012" mass="0.104" rgba=".92 .75 .15 1"/>
        <body name="wrist" pos="0.1349 0 0.0052">
          <joint class="arm" name="wrist_flex" axis="0 1 0" range="-1.658 1.658"/>
          <geom class="arm" type="capsule" fromto="0 0 0 0.05 0 0" size="0.013" mass="0.079" rgba=".15 .15 .17 1"/>
          <body name="hand" pos="0.0611 0 0">
            <joint class="arm" name="wrist_roll" axis="1 0 0" range="-2.744 2.841"/>
            <geom class="arm" type="box" pos="0.012 0 0" size="0.014 0.022 0.014" mass="0.06" rgba=".92 .75 .15 1"/>
            <geom class="finger" type="box" pos="0.066 -0.0225 0" size="0.042 0.0035 0.008" mass="0.027" rgba=".15 .15 .17 1"/>
            <site name="grasp" pos="0.0981 0 0" quat="0 0.70710678 0 0.70710678" size="0.002" rgba="0 0 0 0"/>
            <camera name="wrist" pos="0.005 0 0.062" xyaxes="0 -1 0 0.5 0 0.866" fovy="75"/>
            <body name="jaw" pos="0.0202 0.0188 0">
              <joint class="arm" name="gripper" axis="0 0 1" range="-0.48 1.3" armature="0.002" damping="0.05"/>
              <geom class="finger" type="box" pos="0.045 0.0035 0" size="0.041 0.0035 0.008" mass="0.012" rgba=".15 .15 .17 1"/>
            </body>
          </body>
        </body>
      </body>
    </body>
  </body>
</body>)";

constexpr char kSo101Actuators[] = R"(
<general name="shoulder_pan" joint="shoulder_pan" class="servo" gainprm="120" biasprm="0 -120 -4" forcerange="-3 3"/>
<general name="shoulder_lift" joint="shoulder_lift" class="servo" gainprm="120" biasprm="0 -120 -4" forcerange="-3 3"/>
<general name="elbow_flex" joint="elbow_flex" class="servo" gainprm="100" biasprm="0 -100 -3" forcerange="-3 3"/>
<general name="wrist_flex" joint="wrist_flex" class="servo" gainprm="50" biasprm="0 -50 -1" forcerange="-3 3"/>
<general name="wrist_roll" joint="wrist_roll" class="servo" gainprm="30" biasprm="0 -30 -0.5" forcerange="-3 3"/>
<general name="gripper" joint="gripper" class="servo" gainprm="12" biasprm="0 -12 -0.3" forcerange="-0.9 0.9"/>)";

// Denavit-Hartenberg offsets of the Franka Emika Panda. Fingers slide along y of the hand.
constexpr char kPandaBodies[] = R"(
<body name="panda_base" pos="0 0 0">
  <geom class="arm" type="cylinder" pos="0 0 0.07" size="0.065 0.07" mass="2.9" rgba=".93 .93 .95 1"/>
  <body name="link1" pos="0 0 0.333">
    <joint class="arm" name="joint1" axis="0 0 1" range="-2.8973 2.8973" armature="0.1" damping="2"/>
    <geom class="arm" type="capsule" fromto="0 0 -0.19 0 0 0" size="0.055" mass="2.7" rgba=".93 .93 .95 1"/>
    <body name="link2" quat="0.70710678 -0.70710678 0 0">
      <joint class="arm" name="joint2" axis="0 0 1" range="-1.7628 1.7628" armature="0.1" damping="2"/>
      <geom class="arm" type="capsule" fromto="0 0 -0.05 0 0 0.05" size="0.055" mass="1.3" rgba=".25 .27 .3 1"/>
      <geom class="arm" type="capsule" fromto="0 0 0 0 -0.25 0" size="0.05" mass="1.4" rgba=".93 .93 .95 1"/>
      <body name="link3" pos="0 -0.316 0" quat="0.70710678 0.70710678 0 0">
        <joint class="arm" name="joint3" axis="0 0 1" range="-2.8973 2.8973" armature="0.1" damping="2"/>
        <geom class="arm" type="capsule" fromto="0 0 -0.05 0.08 0 0" size="0.05" mass="2.5" rgba=".93 .93 .95 1"/>
        <body name="link4" pos="0.0825 0 0" quat="0.70710678 0.70710678 0 0">
          <joint class="arm" name="joint4" axis="0 0 1" range="-3.0718 -0.0698" armature="0.1" damping="2"/>
          <geom class="arm" type="capsule" fromto="0 0 -0.04 0 0 0.04" size="0.045" mass="1" rgba=".25 .27 .3 1"/>
          <geom class="arm" type="capsule" fromto="-0.0825 0.08 0 -0.0825 0.384 0" size="0.042" mass="1.4" rgba=".93 .93 .95 1"/>
          <body name="link5" pos="-0.0825 0.384 0" quat="0.70710678 -0.70710678 0 0">
            <joint class="arm" name="joint5" axis="0 0 1" range="-2.8973 2.8973" armature="0.1" damping="1"/>
            <geom class="arm" type="capsule" fromto="0 0 -0.03 0 0.02 0" size="0.042" mass="2.5" rgba=".93 .93 .95 1"/>
            <body name="link6" quat="0.70710678 0.70710678 0 0">
              <joint class="arm" name="joint6" axis="0 0 1" range="-0.0175 3.7525" armature="0.1" damping="1"/>
              <geom class="arm" type="capsule" fromto="0 0 0 0.07 0 0" size="0.04" mass="1.4" rgba=".25 .27 .3 1"/>
              <body name="link7" pos="0.088 0 0" quat="0.70710678 0.70710678 0 0">
                <joint class="arm" name="joint7" axis="0 0 1" range="-2.8973 2.8973" armature="0.1" damping="1"/>
                <geom class="arm" type="cylinder" pos="0 0 0.08" size="0.036 0.025" mass="0.7" rgba=".93 .93 .95 1"/>
                <body name="hand" pos="0 0 0.107" quat="0.92387953 0 0 -0.38268343">
                  <geom class="arm" type="box" pos="0 0 0.035" size="0.022 0.075 0.03" mass="0.7" rgba=".93 .93 .95 1"/>
                  <site name="grasp" pos="0 0 0.1034" size="0.002" rgba="0 0 0 0"/>
                  <camera name="wrist" pos="0.075 0 0.03" xyaxes="0 1 0 0.893 0 0.45" fovy="72"/>
                  <body name="left_finger" pos="0 0 0.0584">
                    <joint class="arm" name="finger1" type="slide" axis="0 1 0" range="0 0.04" armature="0.1" damping="10"/>
                    <geom class="finger" type="box" pos="0 0.008 0.026" size="0.011 0.008 0.028" mass="0.02" rgba=".2 .2 .22 1"/>
                  </body>
                  <body name="right_finger" pos="0 0 0.0584">
                    <joint class="arm" name="finger2" type="slide" axis="0 -1 0" range="0 0.04" armature="0.1" damping="10"/>
                    <geom class="finger" type="box" pos="0 -0.008 0.026" size="0.011 0.008 0.028" mass="0.02" rgba=".2 .2 .22 1"/>
                  </body>
                </body>
              </body>
            </body>
          </body>
        </body>
      </body>
    </body>
  </body>
</body>)";

constexpr char kPandaActuators[] = R"(
<general name="joint1" joint="joint1" class="servo" gainprm="4500" biasprm="0 -4500 -220" forcerange="-87 87"/>
<general name="joint2" joint="joint2" class="servo" gainprm="4500" biasprm="0 -4500 -220" forcerange="-87 87"/>
<general name="joint3" joint="joint3" class="servo" gainprm="3500" biasprm="0 -3500 -170" forcerange="-87 87"/>
<general name="joint4" joint="joint4" class="servo" gainprm="3500" biasprm="0 -3500 -170" forcerange="-87 87"/>
<general name="joint5" joint="joint5" class="servo" gainprm="2000" biasprm="0 -2000 -90" forcerange="-12 12"/>
<general name="joint6" joint="joint6" class="servo" gainprm="2000" biasprm="0 -2000 -90" forcerange="-12 12"/>
<general name="joint7" joint="joint7" class="servo" gainprm="2000" biasprm="0 -2000 -90" forcerange="-12 12"/>
<general name="gripper" tendon="fingers" class="servo" gainprm="700" biasprm="0 -700 -30" forcerange="-40 40"/>)";

constexpr char kPandaExtras[] = R"(
<tendon><fixed name="fingers"><joint joint="finger1" coef="0.5"/><joint joint="finger2" coef="0.5"/></fixed></tendon>
<equality><joint joint1="finger1" joint2="finger2" solref="0.004 1" solimp="0.95 0.99 0.001"/></equality>)";

}  // namespace

const Arm& so101() {
  static const Arm arm = {.name = "so101",
                          .scene_scale = 0.45,
                          .joints = {{"shoulder_pan", -1.92, 1.92, 4.7, 60, 2000, 3.0, 0},
                                     {"shoulder_lift", -1.745, 1.745, 4.7, 60, 2000, 3.0, 0},
                                     {"elbow_flex", -1.69, 1.69, 4.7, 60, 2000, 3.0, 0.3},
                                     {"wrist_flex", -1.658, 1.658, 4.7, 60, 2000, 3.0, 1.2},
                                     {"wrist_roll", -2.744, 2.841, 4.7, 60, 2000, 3.0, 0}},
                          .gripper_actuator = "gripper",
                          .gripper_joints = {"gripper"},
                          .gripper_closed = -0.45,
                          .gripper_open = 0.1,
                          .gripper_speed = 4,
                          .finger_bodies = {"hand", "jaw"},
                          .closed_tip = -0.019,
                          .finger_reach = 0.010,
                          .workspace = {{0.09, -0.24, 0.0}, {0.36, 0.24, 0.25}},
                          .max_translation = 0.030,
                          .max_rotation = 0.35,
                          .home_position = {0.185, 0, 0.105},
                          .rotation_weight = 0.03,
                          .bodies = kSo101Bodies,
                          .actuators = kSo101Actuators,
                          .extras = ""};
  return arm;
}

const Arm& panda() {
  static const Arm arm = {.name = "panda",
                          .scene_scale = 1,
                          .joints = {{"joint1", -2.8973, 2.8973, 2.175, 15, 7500, 87, 0},
                                     {"joint2", -1.7628, 1.7628, 2.175, 7.5, 3750, 87, -0.4},
                                     {"joint3", -2.8973, 2.8973, 2.175, 10, 5000, 87, 0},
                                     {"joint4", -3.0718, -0.0698, 2.175, 12.5, 6250, 87, -2.4},
                                     {"joint5", -2.8973, 2.8973, 2.61, 15, 7500, 12, 0},
                                     {"joint6", -0.0175, 3.7525, 2.61, 20, 10000, 12, 2.0},
                                     {"joint7", -2.8973, 2.8973, 2.61, 20, 10000, 12, 0.785398}},
                          .gripper_actuator = "gripper",
                          .gripper_joints = {"finger1", "finger2"},
                          .gripper_closed = 0,
                          .gripper_open = 0.04,
                          .gripper_speed = 4,
                          .finger_bodies = {"left_finger", "right_finger"},
                          .finger_reach = 0.009,
                          .workspace = {{0.2, -0.5, 0.0}, {0.8, 0.5, 0.55}},
                          .max_translation = 0.066,
                          .max_rotation = 0.35,
                          .home_position = {0.41, 0, 0.235},
                          .rotation_weight = 0.1,
                          .bodies = kPandaBodies,
                          .actuators = kPandaActuators,
                          .extras = kPandaExtras};
  return arm;
}

std::vector<std::string> embodiment_names() {
  return {"so101/ee", "so101/joint", "panda/ee", "panda/joint"};
}

const Arm& arm_of(const Embodiment& embodiment) {
  return embodiment.name.starts_with("so101/") ? so101() : panda();
}

Embodiment find_embodiment(const std::string& name, int image_size) {
  const auto names = embodiment_names();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    const std::string nearest = nearest_name(name, names);
    throw Error("embodiment", "'" + name + "' is unknown",
                nearest.empty() ? "it is one of so101/ee, so101/joint, panda/ee, panda/joint"
                                : "did you mean '" + nearest + "'?");
  }
  Embodiment e;
  e.name = name;
  e.action_period_s = 0.1;
  const Arm& arm = arm_of(e);
  e.workspace = arm.workspace;
  e.cameras = {{"front", image_size, image_size, "fixed"},
               {"wrist", image_size, image_size, "hand"}};
  const Field gripper = {.name = "gripper",
                         .unit = "1",
                         .min = 0,
                         .max = 1,
                         .max_velocity = arm.gripper_speed,
                         .gripper = true};
  if (name.ends_with("/joint")) {
    for (const ArmJoint& j : arm.joints) {
      e.state.push_back({.name = j.name,
                         .unit = "rad",
                         .min = j.min,
                         .max = j.max,
                         .max_velocity = j.max_velocity,
                         .max_acceleration = j.max_acceleration,
                         .max_jerk = j.max_jerk});
    }
    e.state.push_back(gripper);
    e.action = e.state;
    return e;
  }
  const double linear_speed = arm.max_translation / e.action_period_s;
  const double angular_speed = arm.max_rotation / e.action_period_s;
  for (int axis = 0; axis < 3; ++axis) {
    const std::string letter(1, "xyz"[axis]);
    e.state.push_back({.name = letter,
                       .unit = "m",
                       .min = arm.workspace.min[axis],
                       .max = arm.workspace.max[axis],
                       .max_velocity = linear_speed});
    e.action.push_back({.name = "d" + letter,
                        .unit = "m",
                        .kind = FieldKind::kDelta,
                        .min = -arm.max_translation,
                        .max = arm.max_translation});
  }
  for (const char* entry : {"r11", "r21", "r31", "r12", "r22", "r32"}) {
    e.state.push_back(
        {.name = entry, .unit = "1", .min = -1, .max = 1, .max_velocity = angular_speed});
  }
  for (const char* axis : {"drx", "dry", "drz"}) {
    e.action.push_back({.name = axis,
                        .unit = "rad",
                        .kind = FieldKind::kDelta,
                        .min = -arm.max_rotation,
                        .max = arm.max_rotation});
  }
  e.state.push_back(gripper);
  e.action.push_back(gripper);
  return e;
}

}  // namespace gyre::sim
