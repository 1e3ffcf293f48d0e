#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gyre/robot/import/plan.h"

namespace gyre {

inline constexpr char kGraspSite[] = "grasp";  // put on the tool's body where it has no site

// robot.xml of a planned folder: the source's model with a grasp frame, a servo for each joint and
// one for the gripper, and no settings that are the scene's.
struct EditedModel {
  // A mesh or texture, and its path in the folder.
  struct Asset {
    std::filesystem::path from, to;
  };
  std::string xml;
  std::string gripper_actuator;
  std::vector<Asset> assets;
};
EditedModel edit_model(const RobotSource& source, const FolderPlan& plan);

}  // namespace gyre
