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

// A real arm, or several as one robot, before it is connected: servos on a bus, or a driver that is
// a process of its own.
class RealArm {
 public:
  // Throws Error: no driver, no port, no calibration.
  explicit RealArm(const ArmFlags& flags);

  // Divides the process (feetech::supervise): the parent brings the arms to their promise, however
  // the driver ends. Before there are threads. A driver of its own keeps its promise by itself.
  void supervise() const;
  // Connects the arms and takes them from wherever they are. Throws Error before anything was
  // written to a servo of an arm where something is wrong with it.
  std::unique_ptr<run::RealBench> open(double control_period_s,
                                       const run::RealBench::Options& options,
                                       std::vector<std::unique_ptr<Camera>> cameras = {});

  // Its cameras, opened; see open_cameras(). A driver's own are taken where no device is given.
  std::vector<std::unique_ptr<Camera>> cameras(int image_size);

  const RobotFolder& folder() const { return *folder_; }

 private:
  struct Part {
    std::shared_ptr<const RobotFolder> folder;
    std::string port;
    std::optional<feetech::ArmSetup> setup;  // of servos
    std::shared_ptr<process::Link> link;     // to a driver, once it was needed
  };
  std::unique_ptr<Robot> connect(Part& part, double control_period_s, int image_size) const;

  ArmFlags flags_;
  std::shared_ptr<const RobotFolder> folder_;  // of the whole robot
  std::vector<Part> parts_;
};

}  // namespace gyre::apps
