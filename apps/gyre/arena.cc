#include "arena.h"

#include <memory>
#include <utility>
#include <vector>

#include "gyre/robot/kinematics.h"
#include "gyre/run/filtered_robot.h"

namespace gyre::apps {
namespace {

// The grasp frame by the arm's own model.
class GraspPosition : public run::WorkspaceCheck {
 public:
  explicit GraspPosition(const RobotFolder& robot)
      : kinematics_(std::make_shared<const RobotFolder>(robot)), joints_(robot.joints.size()) {}

  bool position(std::span<const float> joints, double out[3]) noexcept override {
    std::copy_n(joints.begin(), joints_.size(), joints_.begin());
    const Pose pose = kinematics_.grasp_pose(joints_);
    std::ranges::copy(pose.position, out);
    return true;
  }

 private:
  Kinematics kinematics_;
  std::vector<double> joints_;  // [J]
};

}  // namespace

sim::KitchenArena make_arena() {
  return sim::KitchenArena([](std::unique_ptr<Robot> joint_robot, const RobotFolder& robot) {
    return std::make_unique<run::FilteredRobot>(std::move(joint_robot),
                                                std::make_unique<GraspPosition>(robot));
  });
}

}  // namespace gyre::apps
