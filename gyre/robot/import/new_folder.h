#pragma once

#include <filesystem>
#include <string>

#include "gyre/robot/import/plan.h"

namespace gyre {

// Writes robot.toml, robot.xml and its meshes into a new folder, and reads them as a robot before
// they take their place. Values that nobody told (workspace, speed of the hand and the gripper,
// scale) follow from the arm's reach and are marked so in robot.toml. Throws Error: a folder that
// is there already, a name that is none, or values that contradict each other.
void write_new_folder(const std::string& name, const RobotSource& source, const FolderPlan& plan,
                      const std::filesystem::path& folder);

}  // namespace gyre
