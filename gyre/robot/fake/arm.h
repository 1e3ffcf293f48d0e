#pragma once

#include <string>

#include "gyre/robot/fake/bus.h"
#include "gyre/robot/feetech/arm_setup.h"

namespace gyre::fake {

// Folder, calibration and known pose of the SO-101 that the bus's servos become; the files lie in
// `folder`, and the servos get the calibration.
feetech::ArmSetup played_arm(const std::string& folder, Bus& bus);

}  // namespace gyre::fake
