#pragma once

#include <string>

#include "gyre/robot/robot_folder.h"

namespace gyre::feetech {

// Brings an arm that nobody drives any more to what its folder promises: torque off, or holding
// where it is. Waits some seconds for a port that is in use or not there. Throws Error for servos
// that did not obey, naming them.
void keep_promise(const RobotFolder& folder, const std::string& port);

}  // namespace gyre::feetech
