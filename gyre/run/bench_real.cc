#include "gyre/run/bench_real.h"

#include <limits>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/run/grasp_frame_check.h"

namespace gyre::run {

RealBench::RealBench(const std::shared_ptr<const RobotFolder>& folder,
                     std::unique_ptr<Robot> joints, std::vector<std::unique_ptr<Camera>> cameras,
                     const Options& options)
    : cameras_(std::move(cameras)) {
  std::unique_ptr<WorkspaceCheck> check;
  if (options.box) check = std::make_unique<GraspFrameCheck>(folder);
  robot_ = std::make_unique<FilteredRobot>(std::move(joints), std::move(check));
  if (options.space == "ee") {
    robot_ = std::make_unique<FilteredRobot>(
        std::make_unique<CartesianRobot>(std::move(robot_), folder));
  }
  for (const auto& camera : cameras_) camera_pointers_.push_back(camera.get());
  attempt_ = {
      .embodiment = robot_->embodiment().name, .task = "by hand", .instruction = options.words};
  goal_ = std::make_shared<const Goal>(
      Goal{.task = options.words, .author = "task", .time_ns = clock_.now_ns()});
}

int64_t RealBench::time_limit_ticks() const { return std::numeric_limits<int64_t>::max(); }

void RealBench::restore(std::string_view) {
  throw Error("real robot", "has no saved state to go back to", "a person resets the table");
}

}  // namespace gyre::run
