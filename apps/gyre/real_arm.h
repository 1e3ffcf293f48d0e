#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arm_flags.h"
#include "gyre/robot/feetech/arm.h"
#include "gyre/run/bench_real.h"

namespace gyre::apps {

// A real arm, or several as one robot, before it is connected.
class RealArm {
 public:
  // Throws Error: no driver, no port, no calibration.
  explicit RealArm(const ArmFlags& flags);

  // Divides the process (feetech::supervise): the parent brings the arms to their promise, however
  // the driver ends. Before there are threads.
  void supervise() const;
  // Connects the arms and takes them from wherever they are. Throws Error before anything was
  // written to a servo of an arm where something is wrong with it.
  std::unique_ptr<run::RealBench> open(double control_period_s,
                                       const run::RealBench::Options& options,
                                       std::vector<std::unique_ptr<Camera>> cameras = {});

  // Its cameras, opened; see open_cameras().
  std::vector<std::unique_ptr<Camera>> cameras(int image_size) const {
    return open_cameras(flags_, *folder_, image_size);
  }

  const RobotFolder& folder() const { return *folder_; }

 private:
  struct Part {
    std::shared_ptr<const RobotFolder> folder;
    std::string port;
    feetech::ArmSetup setup;
  };
  ArmFlags flags_;
  std::shared_ptr<const RobotFolder> folder_;  // of the whole robot
  std::vector<Part> parts_;
};

}  // namespace gyre::apps
