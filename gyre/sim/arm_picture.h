#pragma once

#include <memory>

#include "gyre/core/image.h"
#include "gyre/robot/robot_folder.h"

namespace gyre::sim {

// A picture of the folder's arm at its home pose, on a floor, from its front left. At most 1024
// pixels wide or high. Of several arms one beside another, each as wide as that. Throws Error for a
// robot.xml that MuJoCo does not compile in a scene, and without OpenGL.
Image arm_picture(const std::shared_ptr<const RobotFolder>& robot, int width, int height);

}  // namespace gyre::sim
