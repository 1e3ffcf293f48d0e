#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gyre/robot/kinematics_model.h"
#include "gyre/robot/pose.h"

namespace gyre {

// A URDF or MJCF file as MuJoCo understands it.
struct ImportedModel {
  struct Joint : RobotModel::Joint {
    std::string body;            // the link that it moves
    double inertia = 0;          // that it moves at most: kg m^2, or kg
    std::optional<double> home;  // its position in the first keyframe
  };
  // One that holds a position in its joints' own unit (rad or m) is a servo; a torque motor, or a
  // servo in a unit of its own, is none.
  struct Actuator {
    std::string name;
    std::vector<std::string> joints;  // that it moves
    bool servo = false;
  };
  std::string mjcf;  // the whole model, angles in radians
  std::vector<Joint> joints;
  std::vector<Actuator> actuators;            // in the order of the XML
  std::map<std::string, std::string> parent;  // of each link
  std::vector<std::string> sites, cameras;
};

// `text` is the file's XML; meshes are looked for beside `file`. Throws Error naming the file:
// what MuJoCo does not understand, or a joint or its link without a name.
ImportedModel import_model(const std::string& text, const std::filesystem::path& file);

// The places that a grasp frame can get to while the joints stay within their ranges, by trial.
struct Reach {
  Vec3 min{}, max{};   // of its position, metres
  double outward = 0;  // longest horizontal distance from the base's axis, metres
};
Reach reach_of(const RobotModel& model, const std::string& site,
               std::span<const std::string> joints);

// The grasp frame's position where the joints have these values.
Vec3 site_position(const RobotModel& model, const std::string& site,
                   const std::map<std::string, double>& joints);

}  // namespace gyre
