#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gyre/robot/robot_folder.h"
#include "gyre/run/arena.h"

namespace gyre::sim {

// Puts something between inverse kinematics and the filtered joint robot.
using WrapJointRobot = std::function<std::unique_ptr<Robot>(std::unique_ptr<Robot> joint_robot,
                                                            const RobotFolder& robot)>;

// The simulated kitchen: any robot that has a folder (robot_folder.h), the tasks of suite.h. Every
// command passes a safety filter before the joint robot, and one before inverse kinematics.
class KitchenArena : public run::Arena {
 public:
  // `wrap` may be empty. It is called once for each bench, from any thread.
  explicit KitchenArena(WrapJointRobot wrap = {});

  std::vector<std::string> suites() const override;
  std::vector<std::string> embodiments() const override;
  // Beside the robots of assets/robots, "<folder>/ee" and "<folder>/joint" name any other.
  Embodiment contract(const std::string& embodiment, int image_size) const override;
  std::vector<run::Attempt> deal(const std::string& suite,
                                 const std::vector<std::string>& embodiments, int64_t count,
                                 uint64_t seed) const override;
  run::Attempt attempt(const std::string& task, const std::string& embodiment,
                       uint64_t seed) const override;
  // A bench belongs to the thread that opens it.
  std::unique_ptr<run::Bench> open(const run::Attempt& attempt,
                                   const run::BenchOptions& options) const override;

 private:
  std::shared_ptr<const RobotFolder> robot(const std::string& name) const;

  WrapJointRobot wrap_;
  mutable std::mutex mutex_;  // of `robots_`
  mutable std::map<std::string, std::shared_ptr<const RobotFolder>> robots_;
};

}  // namespace gyre::sim
