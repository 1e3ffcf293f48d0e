#include "gyre/sim/kitchen.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "gyre/core/error.h"

namespace gyre::sim {
namespace {

// Seen, not touched.
const std::string kPainted = R"(contype="0" conaffinity="0")";

constexpr double kCupRadius = 0.030, kCupHeight = 0.066, kCupWall = 0.004;

struct Shade {
  double r, g, b;
  std::string text() const { return fmt::format("{:.4f} {:.4f} {:.4f} 1", r, g, b); }
  std::string lighter() const {
    return Shade{(r + 0.4) / 1.4, (g + 0.4) / 1.4, (b + 0.4) / 1.4}.text();
  }
};

Shade shade(std::array<double, 3> rgb, Rng& rng, double spread) {
  const auto vary = [&](double v) { return std::clamp(v + rng.uniform(-spread, spread), 0., 1.); };
  return {vary(rgb[0]), vary(rgb[1]), vary(rgb[2])};
}

// Writes elements whose lengths are scene units.
class Writer {
 public:
  explicit Writer(double scale) : scale_(scale) {}

  std::string lengths(std::initializer_list<double> values) const {
    std::string text;
    for (double v : values) text += fmt::format("{:.6f} ", v * scale_);
    return text;
  }
  void box(double x, double y, double z, double half_x, double half_y, double half_z,
           const std::string& rgba, const std::string& more = "") {
    raw(fmt::format(R"(<geom type="box" pos="{}" size="{}" rgba="{}" {}/>)", lengths({x, y, z}),
                    lengths({half_x, half_y, half_z}), rgba, more));
  }
  void cylinder(double x, double y, double z, double radius, double half_height,
                const std::string& rgba, const std::string& more = "") {
    raw(fmt::format(R"(<geom type="cylinder" pos="{}" size="{}" rgba="{}" {}/>)",
                    lengths({x, y, z}), lengths({radius, half_height}), rgba, more));
  }
  void raw(const std::string& line) { text_ += line + "\n"; }
  const std::string& text() const { return text_; }

 private:
  double scale_;
  std::string text_;
};

// A floor and four walls around a rectangle.
void tray(Writer& w, const Rectangle& r, double wall_height, const std::string& floor,
          const std::string& wall) {
  constexpr double kThick = 0.005;
  w.box(r.x, r.y, 0.0005, r.half_x, r.half_y, 0.0005, floor,
        kPainted);  // things stand on the table
  for (double side : {-1., 1.}) {
    w.box(r.x + side * (r.half_x + kThick), r.y, wall_height / 2, kThick, r.half_y + 2 * kThick,
          wall_height / 2, wall);
    w.box(r.x, r.y + side * (r.half_y + kThick), wall_height / 2, r.half_x, kThick, wall_height / 2,
          wall);
  }
}

void fixtures(Writer& w, const SceneLayout& layout, Rng& rng) {
  tray(w, kSink, 0.022, shade({0.55, 0.75, 0.85}, rng, 0.03).text(), "0.75 0.78 0.8 1");
  tray(w, kBin, 0.045, "0.12 0.12 0.13 1", shade({0.25, 0.25, 0.27}, rng, 0.03).text());
  tray(w, kRack, 0.010, "0.36 0.24 0.14 1", shade({0.5, 0.34, 0.2}, rng, 0.03).text());
  for (int slat = -2; slat <= 2; ++slat) {
    w.box(kRack.x, kRack.y + slat * 0.026, 0.0015, kRack.half_x, 0.004, 0.0015, "0.66 0.48 0.3 1",
          kPainted);
  }
  if (layout.has_plate) {
    w.cylinder(kPlate.x, kPlate.y, 0.001, 0.068, 0.001, "0.97 0.97 0.97 1", kPainted);
    w.cylinder(kPlate.x, kPlate.y, 0.0022, 0.05, 0.0004, "0.75 0.82 0.97 1", kPainted);
  }

  // The cabinet stands still; the drawer slides towards the robot.
  const double y = kDrawerHandle[1];
  const std::string wood = shade({0.55, 0.42, 0.3}, rng, 0.03).text();
  w.box(0.655, y, 0.071, 0.07, 0.075, 0.004, wood);
  w.box(0.655, y - 0.071, 0.035, 0.07, 0.004, 0.035, wood);
  w.box(0.655, y + 0.071, 0.035, 0.07, 0.004, 0.035, wood);
  w.box(0.721, y, 0.035, 0.004, 0.071, 0.035, wood);
  w.raw(fmt::format(R"(<body name="drawer" pos="{}">)", w.lengths({0.58, y, 0.0})));
  w.raw(fmt::format(R"(<joint name="drawer" type="slide" axis="-1 0 0" range="0 {}" damping="4"
      frictionloss="{}" armature="0.05"/>)",
                    w.lengths({kDrawerTravel}), 0.5));
  w.box(0, 0, 0.033, 0.004, 0.064, 0.031, "0.85 0.72 0.55 1", R"(mass="0.15")");
  w.box(0.06, 0, 0.006, 0.06, 0.06, 0.003, "0.1 0.75 0.75 1", R"(mass="0.1")");
  w.box(0.06, 0.06, 0.022, 0.06, 0.003, 0.018, "0.1 0.6 0.6 1", R"(mass="0.05")");
  w.box(0.06, -0.06, 0.022, 0.06, 0.003, 0.018, "0.1 0.6 0.6 1", R"(mass="0.05")");
  const double out = kDrawerHandle[0] - 0.58;
  w.box(out, 0, kDrawerHandle[2], 0.006, 0.034, 0.010, "0.95 0.95 0.97 1", R"(mass="0.05")");
  for (double side : {-1., 1.}) {
    w.box(out / 2, side * 0.030, kDrawerHandle[2], -out / 2, 0.004, 0.006, "0.95 0.95 0.97 1",
          R"(mass="0.02")");
  }
  w.raw("</body>");

  w.box(kButton.x, kButton.y, 0.010, 0.034, 0.034, 0.010, "0.3 0.3 0.33 1",
        R"(contype="0" conaffinity="0")");  // the button sinks into it
  w.raw(fmt::format(R"(<body name="button" pos="{}">)", w.lengths({kButton.x, kButton.y, 0.026})));
  w.raw(fmt::format(R"(<joint name="button" type="slide" axis="0 0 1" range="{}" stiffness="60"
      damping="1.5" armature="0.02"/>)",
                    w.lengths({-0.012, 0})));
  w.cylinder(0, 0, 0, 0.022, 0.010, "0.95 0.5 0.1 1", R"(mass="0.002")");
  w.raw("</body>");
  w.cylinder(kLamp.x, kLamp.y, 0.03, 0.008, 0.03, "0.3 0.3 0.33 1");
  w.raw(fmt::format(R"(<geom name="lamp" type="sphere" pos="{}" size="{}" rgba="0.25 0.25 0.22 1"
      contype="0" conaffinity="0"/>)",
                    w.lengths({kLamp.x, kLamp.y, 0.085}), w.lengths({kLamp.half_x})));
}

void object(Writer& w, const ObjectSpec& spec, double scale, Rng& rng) {
  const Vec3 half = shape_half_size(spec.shape, 1);
  const Shade base = shade(colour_rgb(spec.colour), rng, 0.04);
  const std::string rgba = base.text();
  const double density_like = rng.uniform(0.7, 1.3);
  const double mass = 0.06 * density_like * std::pow(scale, 1.5);
  const std::string contact =
      fmt::format(R"(class="object" friction="{:.3f} 0.02 0.0005" )", rng.uniform(0.9, 1.3));
  // A little damping, for a can set down askew would else circle on its rim for seconds: it stops
  // the turning in about 0.2 s and leaves falls as they are.
  w.raw(fmt::format(R"(<body name="{}" pos="{:.6f} {:.6f} {:.6f}" euler="0 0 {:.6f}">
      <joint type="free" damping="{:.9f}"/>)",
                    spec.name(), spec.position[0], spec.position[1],
                    spec.position[2] + half[2] * scale + 0.0005, spec.yaw,
                    0.004 * mass * scale * scale));
  const auto part = [&](double share) {
    return contact + fmt::format(R"(mass="{:.6f}")", mass * share);
  };
  switch (spec.shape) {
    case Shape::kBlock:
      w.box(0, 0, 0, half[0], half[1], half[2], rgba, part(1));
      break;
    case Shape::kSponge: {
      w.box(0, 0, -0.004, half[0], half[1], half[2] - 0.004, rgba, part(1));
      w.box(0, 0, half[2] - 0.004, half[0], half[1], 0.004, base.lighter(),
            R"(contype="0" conaffinity="0" mass="0.0001")");
      break;
    }
    case Shape::kCan:
      w.cylinder(0, 0, 0, half[0], half[2], rgba, part(1));
      w.cylinder(0, 0, half[2] + 0.0005, half[0] * 0.8, 0.0008, "0.85 0.85 0.87 1",
                 R"(contype="0" conaffinity="0" mass="0.0001")");
      break;
    case Shape::kCup: {
      w.cylinder(0, 0, -half[2] + 0.003, half[0] - 0.002, 0.003, "0.15 0.12 0.1 1", part(0.4));
      for (int i = 0; i < 8; ++i) {
        const double angle = i * std::numbers::pi / 4;
        const double r = kCupRadius - kCupWall;
        w.raw(
            fmt::format(R"(<geom type="box" pos="{}" size="{}" euler="0 0 {:.6f}" rgba="{}" {}/>)",
                        w.lengths({r * std::cos(angle), r * std::sin(angle), 0}),
                        w.lengths({kCupWall, kCupRadius * std::tan(std::numbers::pi / 8), half[2]}),
                        angle, rgba, part(0.075)));
      }
      break;
    }
  }
  w.raw("</body>");
}

}  // namespace

std::array<double, 3> colour_rgb(const std::string& colour) {
  static const std::map<std::string, std::array<double, 3>> table = {
      {"red", {0.85, 0.08, 0.08}},   {"green", {0.1, 0.62, 0.15}},  {"blue", {0.08, 0.2, 0.85}},
      {"yellow", {0.95, 0.85, 0.1}}, {"purple", {0.55, 0.12, 0.7}},
  };
  const auto found = table.find(colour);
  if (found == table.end()) throw Error("colour", "'" + colour + "' is unknown");
  return found->second;
}

std::string shape_name(Shape shape) {
  switch (shape) {
    case Shape::kCup:
      return "cup";
    case Shape::kCan:
      return "can";
    case Shape::kBlock:
      return "block";
    case Shape::kSponge:
      return "sponge";
  }
  return "";
}

std::string ObjectSpec::name() const { return colour + " " + shape_name(shape); }

Vec3 shape_half_size(Shape shape, double scale) {
  Vec3 half{};
  switch (shape) {
    case Shape::kCup:
      half = {kCupRadius, kCupRadius, kCupHeight / 2};
      break;
    case Shape::kCan:
      half = {0.026, 0.026, 0.040};
      break;
    case Shape::kBlock:
      half = {0.026, 0.026, 0.026};
      break;
    case Shape::kSponge:
      half = {0.040, 0.024, 0.020};
      break;
  }
  for (double& v : half) v *= scale;
  return half;
}

std::vector<Pose> free_spots(int count, double scale, Rng& rng, double apart,
                             const std::vector<Rectangle>& avoid) {
  std::vector<Pose> spots;
  for (int attempt = 0; static_cast<int>(spots.size()) < count; ++attempt) {
    if (attempt % 200 == 199) spots.clear();  // an unlucky start: begin again
    if (attempt == 100'000) throw Error("kitchen scene", "has no room for all its objects");
    const double x = kObjectArea.x + rng.uniform(-1, 1) * kObjectArea.half_x;
    const double y = kObjectArea.y + rng.uniform(-1, 1) * kObjectArea.half_y;
    const double yaw = rng.uniform(-std::numbers::pi / 4, std::numbers::pi / 4);
    bool clear = true;
    for (const Pose& other : spots) {
      clear &=
          std::hypot(x * scale - other.position[0], y * scale - other.position[1]) > apart * scale;
    }
    for (const Rectangle& r : avoid) clear &= std::hypot(x - r.x, y - r.y) > apart;
    if (!clear) continue;
    spots.push_back({{x * scale, y * scale, 0}, {std::cos(yaw / 2), 0, 0, std::sin(yaw / 2)}});
  }
  return spots;
}

std::string kitchen_mjcf(const RobotFolder& robot, const SceneLayout& layout, Rng& rng) {
  const double s = robot.scene_scale;
  Writer w(s);
  const Shade table = shade({0.80, 0.76, 0.68}, rng, 0.05);
  const double light = rng.uniform(0.55, 0.8);
  w.raw(fmt::format(R"(<mujoco model="kitchen">
<default>
<geom condim="4" solref="0.004 1" solimp="0.95 0.99 0.001" friction="1 0.01 0.0005"/>
<default class="object"><geom/></default>
</default>
<worldbody>
<light directional="true" castshadow="false" pos="0 0 3" dir="{:.3f} {:.3f} -1" diffuse="{:.3f} {:.3f} {:.3f}" specular="0.1 0.1 0.1"/>
<geom name="table" type="plane" size="3 3 0.1" rgba="{}"/>)",
                    rng.uniform(-0.4, 0.4), rng.uniform(-0.4, 0.4), light, light, light,
                    table.text()));
  const auto shift = [&] { return rng.uniform(-0.012, 0.012); };
  w.raw(fmt::format(
      R"(<camera name="front" pos="{}" xyaxes="0 1 0 -0.795 0 0.607" fovy="{:.3f}"/>)",
      w.lengths({1.02 + shift(), shift(), 0.72 + shift()}), 42 + rng.uniform(-0.7, 0.7)));
  fixtures(w, layout, rng);
  for (const ObjectSpec& spec : layout.objects) object(w, spec, s, rng);
  w.raw("</worldbody>");
  // The robot's bodies, tendons and actuators join the kitchen's, after them. The settings below
  // come last, so they hold for the whole scene whatever robot.xml says.
  w.raw(R"(<include file="robot.xml"/>
<compiler angle="radian" autolimits="true"/>
<option timestep="0.002" integrator="implicit" cone="elliptic" impratio="10" gravity="0 0 -9.81"/>
<size njmax="600" nconmax="200"/>
<visual><quality shadowsize="0" offsamples="0" numslices="12" numstacks="6" numquads="1"/>
<headlight ambient="0.35 0.35 0.35" diffuse="0.25 0.25 0.25" specular="0 0 0"/>
<map znear="0.01" zfar="20"/><global offwidth="640" offheight="640"/></visual>
</mujoco>)");
  return w.text();
}

}  // namespace gyre::sim
