#include "real_arm.h"

#include <utility>

#include "gyre/robot/feetech/promise.h"
#include "gyre/robot/feetech/supervisor.h"

namespace gyre::apps {

RealArm::RealArm(const ArmFlags& flags)
    : flags_(flags),
      folder_(driven_folder(flags)),
      port_(arm_port(flags, *folder_)),
      setup_(feetech::arm_setup(folder_, feetech::calibration_file(*folder_, flags.calibration))) {}

void RealArm::supervise() const {
  feetech::supervise([folder = folder_, port = port_] { feetech::keep_promise(*folder, port); });
}

std::unique_ptr<run::RealBench> RealArm::open(double control_period_s,
                                              const run::RealBench::Options& options,
                                              std::vector<std::unique_ptr<Camera>> cameras) {
  auto arm = std::make_unique<feetech::Arm>(
      setup_, feetech::ArmOptions{.port = port_,
                                  .control_period_s = control_period_s,
                                  .image_size = cameras.empty() ? 0 : cameras.front()->spec().width,
                                  .any_firmware = flags_.any_firmware,
                                  .before_torque = feetech::arm_needs_promise});
  arm_ = arm.get();
  return std::make_unique<run::RealBench>(folder_, std::move(arm), std::move(cameras), options);
}

}  // namespace gyre::apps
