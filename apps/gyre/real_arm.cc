#include "real_arm.h"

#include <exception>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/robot/feetech/promise.h"
#include "gyre/robot/feetech/supervisor.h"

namespace gyre::apps {

RealArm::RealArm(const ArmFlags& flags) : flags_(flags), folder_(RobotFolder::load(flags.robot)) {
  for (const std::shared_ptr<const RobotFolder>& arm : driven_arms(flags)) {
    const ArmFlags own = flags_of(flags, *folder_, *arm);
    const std::string port = arm_port(own, *arm);
    for (const Part& other : parts_) {
      if (other.port == port) throw Error("--port " + port, "is given for two arms");
    }
    parts_.push_back(
        {.folder = arm,
         .port = port,
         .setup = feetech::arm_setup(arm, feetech::calibration_file(*arm, own.calibration))});
  }
  if (folder_->arms.empty()) folder_ = parts_.front().folder;
}

void RealArm::supervise() const {
  feetech::supervise([this] {
    std::exception_ptr failure;
    for (const Part& part : parts_) {
      try {
        feetech::keep_promise(*part.folder, part.port);
      } catch (const Error&) {
        failure = std::current_exception();
      }
    }
    if (failure) std::rethrow_exception(failure);
  });
}

std::unique_ptr<run::RealBench> RealArm::open(double control_period_s,
                                              const run::RealBench::Options& options,
                                              std::vector<std::unique_ptr<Camera>> cameras) {
  const bool whole = folder_->arms.empty();  // its contract has the cameras
  std::vector<std::unique_ptr<Robot>> arms;
  for (const Part& part : parts_) {
    const int image_size = whole && !cameras.empty() ? cameras.front()->spec().width : 0;
    arms.push_back(std::make_unique<feetech::Arm>(
        part.setup, feetech::ArmOptions{.port = part.port,
                                        .control_period_s = control_period_s,
                                        .image_size = image_size,
                                        .any_firmware = flags_.any_firmware,
                                        .before_torque = feetech::arm_needs_promise}));
  }
  return std::make_unique<run::RealBench>(folder_, std::move(arms), std::move(cameras), options);
}

}  // namespace gyre::apps
