#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arm_flags.h"
#include "gyre/robot/feetech/arm_setup.h"
#include "gyre/robot/process/link.h"
#include "gyre/run/bench_real.h"

namespace gyre::apps {

// A real arm before it is connected: servos on a bus, or a driver that is a process of its own.
class RealArm {
 public:
  // Throws Error: no driver, no port, no calibration.
  explicit RealArm(const ArmFlags& flags);

  // Divides the process (feetech::supervise): the parent brings the arm to its promise, however
  // the driver ends. Before there are threads. A driver of its own keeps the promise by itself.
  void supervise() const;
  // Connects the arm and takes it from wherever it is. Throws Error before anything was written to
  // a servo where something is wrong with it.
  std::unique_ptr<run::RealBench> open(double control_period_s,
                                       const run::RealBench::Options& options,
                                       std::vector<std::unique_ptr<Camera>> cameras = {});

  // Its cameras, opened; see open_cameras(). A driver's own are taken where none is given.
  std::vector<std::unique_ptr<Camera>> cameras(int image_size);

  const RobotFolder& folder() const { return *folder_; }
  const std::string& port() const { return port_; }
  Robot& arm() const { return *arm_; }  // of the bench that was opened, while that lives

 private:
  std::unique_ptr<Robot> connect(double control_period_s, int image_size);

  ArmFlags flags_;
  std::shared_ptr<const RobotFolder> folder_;
  std::string port_;
  std::optional<feetech::ArmSetup> setup_;  // of servos
  std::shared_ptr<process::Link> link_;     // to a driver, once it was needed
  Robot* arm_ = nullptr;
};

}  // namespace gyre::apps
