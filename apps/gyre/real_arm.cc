#include "real_arm.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/robot/feetech/arm.h"
#include "gyre/robot/feetech/promise.h"
#include "gyre/robot/feetech/supervisor.h"
#include "gyre/robot/process/robot.h"

namespace gyre::apps {

RealArm::RealArm(const ArmFlags& flags) : flags_(flags), folder_(RobotFolder::load(flags.robot)) {
  for (const std::shared_ptr<const RobotFolder>& arm : driven_arms(flags)) {
    const ArmFlags own = flags_of(flags, *folder_, *arm);
    const std::string port = arm_port(own, *arm);
    for (const Part& other : parts_) {
      if (other.port == port) throw Error("--port " + port, "is given for two arms");
    }
    Part part{.folder = arm, .port = port, .setup = {}, .link = {}};
    if (arm->driver.kind == "feetech") {
      part.setup = feetech::arm_setup(arm, feetech::calibration_file(*arm, own.calibration));
    }
    parts_.push_back(std::move(part));
  }
  if (folder_->arms.empty()) folder_ = parts_.front().folder;
}

void RealArm::supervise() const {
  if (std::ranges::none_of(parts_, [](const Part& part) { return part.setup.has_value(); })) return;
  feetech::supervise([this] {
    std::exception_ptr failure;
    for (const Part& part : parts_) {
      if (!part.setup) continue;
      try {
        feetech::keep_promise(*part.folder, part.port);
      } catch (const Error&) {
        failure = std::current_exception();
      }
    }
    if (failure) std::rethrow_exception(failure);
  });
}

std::vector<std::unique_ptr<Camera>> RealArm::cameras(int image_size) {
  Part& part = parts_.front();
  if (!folder_->arms.empty() || part.setup) return open_cameras(flags_, *folder_, image_size);
  part.link = std::make_shared<process::Link>(
      folder_, process::Link::Options{.socket = part.port, .image_size = image_size});
  return open_cameras(flags_, *folder_, image_size,
                      [&](const std::string& name) { return part.link->camera(name); });
}

std::unique_ptr<Robot> RealArm::connect(Part& part, double control_period_s, int image_size) const {
  if (part.setup) {
    return std::make_unique<feetech::Arm>(
        *part.setup, feetech::ArmOptions{.port = part.port,
                                         .control_period_s = control_period_s,
                                         .image_size = image_size,
                                         .any_firmware = flags_.any_firmware,
                                         .before_torque = feetech::arm_needs_promise});
  }
  if (part.link == nullptr) {
    part.link =
        std::make_shared<process::Link>(part.folder, process::Link::Options{.socket = part.port});
  }
  return std::make_unique<process::ProcessRobot>(
      part.link, process::ProcessRobot::Options{.control_period_s = control_period_s,
                                                .with_cameras = image_size > 0});
}

std::unique_ptr<run::RealBench> RealArm::open(double control_period_s,
                                              const run::RealBench::Options& options,
                                              std::vector<std::unique_ptr<Camera>> cameras) {
  const bool whole = folder_->arms.empty();  // its contract has the cameras
  const int image_size = whole && !cameras.empty() ? cameras.front()->spec().width : 0;
  std::vector<std::unique_ptr<Robot>> arms;
  for (Part& part : parts_) arms.push_back(connect(part, control_period_s, image_size));
  return std::make_unique<run::RealBench>(folder_, std::move(arms), std::move(cameras), options);
}

}  // namespace gyre::apps
