#include "gyre/robot/import/model_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "gyre/core/error.h"
#include "gyre/robot/import/xml_tree.h"

namespace gyre {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

// A servo follows with this bandwidth (rad/s), critically damped, where the joint carries most.
constexpr double kBandwidth = 50;
constexpr double kArmatureShare = 0.01;  // of that inertia, for joints whose file tells none
// A gripper presses with its whole force at this share of its opening.
constexpr double kGripShare = 0.1, kGripDampingS = 0.04;
constexpr double kGripForceN = 20, kGripTorqueNm = 1;  // where the file tells none
constexpr double kGripArmatureKg = 0.1, kGripArmatureKgM2 = 0.002;

bool contains(const Names& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// Roll, pitch and yaw about the fixed axes x, y and z.
Quat quaternion(const Vec3& turn) {
  const double cr = std::cos(turn[0] / 2), sr = std::sin(turn[0] / 2);
  const double cp = std::cos(turn[1] / 2), sp = std::sin(turn[1] / 2);
  const double cy = std::cos(turn[2] / 2), sy = std::sin(turn[2] / 2);
  return {cr * cp * cy + sr * sp * sy, sr * cp * cy - cr * sp * sy, cr * sp * cy + sr * cp * sy,
          cr * cp * sy - sr * sp * cy};
}

class Editor {
 public:
  Editor(const RobotSource& source, const FolderPlan& plan)
      : source_(source),
        plan_(plan),
        document_(xml::parse(source.model.mjcf, source.file.string())),
        mujoco_(xml::child(document_, "mujoco")) {}

  EditedModel edit() {
    // The scene's; keyframes know nothing of its other bodies.
    for (const char* name : {"keyframe", "size", "option", "visual", "statistic"}) {
      mujoco_.erase(name);
    }
    if (plan_.tool.site.empty()) add_site();
    if (source_.urdf) dress_urdf();
    add_servos();
    move_assets();
    result_.xml = xml::text_of(document_);
    return std::move(result_);
  }

 private:
  void each_body(const std::function<void(const std::string&, xml::Tree&)>& visit) {
    xml::each_below(xml::child(mujoco_, "worldbody"),
                    [&](const std::string& kind, xml::Tree& element) {
                      if (kind == "body") visit(xml::attribute(element, "name"), element);
                    });
  }

  void add_site() {
    if (contains(source_.model.sites, kGraspSite)) {
      throw Error("--tool", "the model has a site 'grasp' already", "give --tool grasp");
    }
    const Quat turn = quaternion(plan_.tool.turn);
    const Vec3& at = plan_.tool.position;
    each_body([&](const std::string& name, xml::Tree& body) {
      if (name != plan_.tool.body) return;
      xml::Tree& site = body.push_back({"site", xml::Tree()})->second;
      xml::set_attribute(site, "name", kGraspSite);
      xml::set_attribute(site, "pos", fmt::format("{:.9g} {:.9g} {:.9g}", at[0], at[1], at[2]));
      xml::set_attribute(
          site, "quat",
          fmt::format("{:.9g} {:.9g} {:.9g} {:.9g}", turn[0], turn[1], turn[2], turn[3]));
      xml::set_attribute(site, "size", "0.002");
      xml::set_attribute(site, "rgba", "0 0 0 0");
    });
  }

  // A URDF knows no armature, and its shapes touch each other: only the fingers may.
  void dress_urdf() {
    each_body([&](const std::string& name, xml::Tree& body) {
      const bool seen = std::ranges::any_of(body, [](const auto& part) {
        return part.first == "geom" && xml::attribute(part.second, "group") == "1";
      });
      for (auto& [kind, part] : body) {
        if (kind == "joint") dress_joint(part);
        if (kind != "geom") continue;
        if (!contains(plan_.fingers, name)) {
          xml::set_attribute(part, "contype", "0");
          xml::set_attribute(part, "conaffinity", "0");
        }
        // Shapes for contact are not drawn where the link has others for the eye.
        if (seen && xml::attribute(part, "group").empty()) xml::set_attribute(part, "group", "3");
      }
    });
  }

  void dress_joint(xml::Tree& element) {
    const std::string name = xml::attribute(element, "name");
    if (name.empty() || !xml::attribute(element, "armature").empty()) return;
    const ImportedModel::Joint& joint = source_.joint("joint", name);
    double armature = kArmatureShare * joint.inertia;
    if (contains(plan_.gripper, name)) {
      armature = joint.slides ? kGripArmatureKg : kGripArmatureKgM2;
    }
    xml::set_attribute(element, "armature", fmt::format("{:.6g}", armature));
  }

  double effort(const std::string& joint) const {
    const auto told = source_.limits.find(joint);
    return told == source_.limits.end() ? 0 : told->second.effort;
  }

  void add_servo(const std::string& name, const char* kind, const std::string& of, double stiffness,
                 double damping, double force) {
    xml::Tree& servo = xml::child(mujoco_, "actuator").push_back({"general", xml::Tree()})->second;
    xml::set_attribute(servo, "name", name);
    xml::set_attribute(servo, kind, of);
    xml::set_attribute(servo, "biastype", "affine");
    xml::set_attribute(servo, "gainprm", fmt::format("{:.6g}", stiffness));
    xml::set_attribute(servo, "biasprm", fmt::format("0 {:.6g} {:.6g}", -stiffness, -damping));
    if (force > 0) {
      xml::set_attribute(servo, "forcerange", fmt::format("{:.6g} {:.6g}", -force, force));
    }
  }

  // Servos of the file stay; what else moves a joint of the arm or the gripper makes way.
  void add_servos() {
    std::set<std::string> moved;
    std::string gripper_servo;
    xml::Tree& actuators = xml::child(mujoco_, "actuator");
    auto element = actuators.begin();
    for (const ImportedModel::Actuator& actuator : source_.model.actuators) {
      const bool grips = std::ranges::any_of(
          actuator.joints, [&](const std::string& j) { return contains(plan_.gripper, j); });
      const bool arms = std::ranges::any_of(actuator.joints, [&](const std::string& name) {
        return std::ranges::any_of(plan_.joints, [&](const auto& j) { return j.name == name; });
      });
      const bool keeps = actuator.servo &&
                         (grips ? gripper_servo.empty() : !moved.contains(actuator.joints.front()));
      if ((grips || arms) && !keeps) {
        element = actuators.erase(element);
        continue;
      }
      const std::string name = actuator.name.empty() && !actuator.joints.empty()
                                   ? actuator.joints.front()
                                   : actuator.name;
      if (grips || arms) xml::set_attribute(element->second, "name", name);
      if (grips) gripper_servo = name;
      if (arms) moved.insert(actuator.joints.front());
      ++element;
    }
    for (const FolderPlan::Joint& joint : plan_.joints) {
      if (moved.contains(joint.name)) continue;
      const double inertia = source_.joint("joints", joint.name).inertia;
      add_servo(joint.name, "joint", joint.name, kBandwidth * kBandwidth * inertia,
                2 * kBandwidth * inertia, effort(joint.name));
    }
    if (gripper_servo.empty()) gripper_servo = add_gripper();
    result_.gripper_actuator = gripper_servo;
    if (actuators.empty()) mujoco_.erase("actuator");
  }

  std::string add_gripper() {
    const std::string& first = plan_.gripper.front();
    const bool slides = source_.joint("--gripper", first).slides;
    const double told = effort(first);
    const double force = told > 0 ? told : slides ? kGripForceN : kGripTorqueNm;
    const double stiffness = force / (kGripShare * std::abs(plan_.open - plan_.closed));
    const double damping = kGripDampingS * stiffness;
    if (plan_.gripper.size() == 1) {
      add_servo(first, "joint", first, stiffness, damping, force);
      return first;
    }
    tie_fingers();
    constexpr const char* kName = "gripper";
    xml::Tree& tendon = xml::child(mujoco_, "tendon").push_back({"fixed", xml::Tree()})->second;
    xml::set_attribute(tendon, "name", kName);
    for (const std::string& name : plan_.gripper) {
      xml::Tree& joint = tendon.push_back({"joint", xml::Tree()})->second;
      xml::set_attribute(joint, "joint", name);
      xml::set_attribute(joint, "coef",
                         fmt::format("{:.9g}", 1.0 / static_cast<double>(plan_.gripper.size())));
    }
    add_servo(kName, "tendon", kName, stiffness, damping, force);
    return kName;
  }

  // The gripper's joints keep one value.
  void tie_fingers() {
    xml::Tree& equality = xml::child(mujoco_, "equality");
    for (const auto& [kind, element] : equality) {
      if (kind == "joint" && contains(plan_.gripper, xml::attribute(element, "joint1"))) return;
    }
    for (size_t i = 1; i < plan_.gripper.size(); ++i) {
      xml::Tree& tie = equality.push_back({"joint", xml::Tree()})->second;
      xml::set_attribute(tie, "joint1", plan_.gripper.front());
      xml::set_attribute(tie, "joint2", plan_.gripper[i]);
      xml::set_attribute(tie, "solref", "0.004 1");
      xml::set_attribute(tie, "solimp", "0.95 0.99 0.001");
    }
  }

  // Meshes and textures come along.
  void move_assets() {
    xml::Tree& compiler = xml::child(mujoco_, "compiler");
    const fs::path base = fs::absolute(source_.file).parent_path();
    const fs::path meshes = base / xml::attribute(compiler, "meshdir");
    const fs::path textures = base / xml::attribute(compiler, "texturedir");
    xml::remove_attribute(compiler, "meshdir");
    xml::remove_attribute(compiler, "texturedir");
    xml::Tree* assets = xml::find_child(mujoco_, "asset");
    if (assets == nullptr) return;
    std::map<fs::path, std::string> moved;
    for (auto& [kind, asset] : *assets) {
      const std::string file = xml::attribute(asset, "file");
      if (file.empty()) continue;
      const fs::path from = ((kind == "texture" ? textures : meshes) / file).lexically_normal();
      std::string& to = moved[from];
      if (to.empty()) {
        to = fmt::format("meshes/{}_{}", moved.size(), from.filename().string());
        result_.assets.push_back({from, to});
      }
      xml::set_attribute(asset, "file", to);
    }
  }

  const RobotSource& source_;
  const FolderPlan& plan_;
  xml::Tree document_;
  xml::Tree& mujoco_;
  EditedModel result_;
};

}  // namespace

EditedModel edit_model(const RobotSource& source, const FolderPlan& plan) {
  return Editor(source, plan).edit();
}

}  // namespace gyre
