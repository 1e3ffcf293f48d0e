#pragma once

#include <memory>
#include <string>

#include "arm_flags.h"
#include "gyre/robot/feetech/arm.h"
#include "gyre/run/bench_real.h"

namespace gyre::apps {

// A real arm before it is connected.
class RealArm {
 public:
  // Throws Error: no driver, no port, no calibration.
  explicit RealArm(const ArmFlags& flags);

  // Divides the process (feetech::supervise): the parent brings the arm to its promise, however
  // the driver ends. Before there are threads.
  void supervise() const;
  // Connects the arm and takes it from wherever it is. Throws Error before anything was written to
  // a servo where something is wrong with it.
  std::unique_ptr<run::RealBench> open(double control_period_s,
                                       const run::RealBench::Options& options);

  const RobotFolder& folder() const { return *folder_; }
  const std::string& port() const { return port_; }
  feetech::Arm& arm() const { return *arm_; }  // of the bench that was opened, while that lives

 private:
  ArmFlags flags_;
  std::shared_ptr<const RobotFolder> folder_;
  std::string port_;
  feetech::ArmSetup setup_;
  feetech::Arm* arm_ = nullptr;
};

}  // namespace gyre::apps
