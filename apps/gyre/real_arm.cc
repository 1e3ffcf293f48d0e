#include "real_arm.h"

#include <utility>

#include "gyre/robot/feetech/arm.h"
#include "gyre/robot/feetech/promise.h"
#include "gyre/robot/feetech/supervisor.h"
#include "gyre/robot/process/robot.h"

namespace gyre::apps {

RealArm::RealArm(const ArmFlags& flags)
    : flags_(flags), folder_(driven_folder(flags)), port_(arm_port(flags, *folder_)) {
  if (folder_->driver.kind == "process") return;
  setup_ = feetech::arm_setup(folder_, feetech::calibration_file(*folder_, flags.calibration));
}

void RealArm::supervise() const {
  if (!setup_) return;
  feetech::supervise([folder = folder_, port = port_] { feetech::keep_promise(*folder, port); });
}

std::vector<std::unique_ptr<Camera>> RealArm::cameras(int image_size) {
  if (setup_) return open_cameras(flags_, *folder_, image_size);
  link_ = std::make_shared<process::Link>(
      folder_, process::Link::Options{.socket = port_, .image_size = image_size});
  return open_cameras(flags_, *folder_, image_size,
                      [this](const std::string& name) { return link_->camera(name); });
}

std::unique_ptr<Robot> RealArm::connect(double control_period_s, int image_size) {
  if (setup_) {
    return std::make_unique<feetech::Arm>(
        *setup_, feetech::ArmOptions{.port = port_,
                                     .control_period_s = control_period_s,
                                     .image_size = image_size,
                                     .any_firmware = flags_.any_firmware,
                                     .before_torque = feetech::arm_needs_promise});
  }
  if (link_ == nullptr) {
    link_ = std::make_shared<process::Link>(folder_, process::Link::Options{.socket = port_});
  }
  return std::make_unique<process::ProcessRobot>(
      link_, process::ProcessRobot::Options{.control_period_s = control_period_s,
                                            .with_cameras = image_size > 0});
}

std::unique_ptr<run::RealBench> RealArm::open(double control_period_s,
                                              const run::RealBench::Options& options,
                                              std::vector<std::unique_ptr<Camera>> cameras) {
  std::unique_ptr<Robot> arm =
      connect(control_period_s, cameras.empty() ? 0 : cameras.front()->spec().width);
  arm_ = arm.get();
  return std::make_unique<run::RealBench>(folder_, std::move(arm), std::move(cameras), options);
}

}  // namespace gyre::apps
