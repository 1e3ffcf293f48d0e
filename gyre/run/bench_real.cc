#include "gyre/run/bench_real.h"

#include <limits>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/robot/cartesian_robot.h"
#include "gyre/robot/combined_robot.h"
#include "gyre/run/grasp_frame_check.h"

namespace gyre::run {

RealBench::RealBench(const std::shared_ptr<const RobotFolder>& folder,
                     std::vector<std::unique_ptr<Robot>> arms,
                     std::vector<std::unique_ptr<Camera>> cameras, const Options& options)
    : cameras_(std::move(cameras)) {
  const size_t count = folder->arms.empty() ? 1 : folder->arms.size();
  if (arms.size() != count) throw Error("robot '" + folder->name + "'", "has not all of its arms");
  for (size_t i = 0; i < count; ++i) {
    std::unique_ptr<WorkspaceCheck> check;
    if (options.box) {
      check =
          std::make_unique<GraspFrameCheck>(folder->arms.empty() ? folder : folder->arms[i].folder);
    }
    arms[i] = std::make_unique<FilteredRobot>(std::move(arms[i]), std::move(check));
  }
  if (folder->arms.empty()) {
    robot_ = std::move(arms.front());
  } else {
    combine(*folder, std::move(arms));
  }
  if (options.space == "ee") {
    robot_ = std::make_unique<FilteredRobot>(
        std::make_unique<CartesianRobot>(std::move(robot_), folder));
  }
  for (const auto& camera : cameras_) camera_pointers_.push_back(camera.get());
  prepare(
      {.embodiment = robot_->embodiment().name, .task = "by hand", .instruction = options.words});
}

void RealBench::prepare(const Attempt& attempt) {
  attempt_ = attempt;
  goal_ = std::make_shared<const Goal>(
      Goal{.task = attempt.instruction, .author = "task", .time_ns = clock_.now_ns()});
}

// Several arms behind filters of their own, and behind one for the whole.
void RealBench::combine(const RobotFolder& folder, std::vector<std::unique_ptr<Robot>> arms) {
  const int image_size = cameras_.empty() ? 1 : cameras_.front()->spec().width;
  Embodiment contract = folder.contract("joint", image_size);
  if (cameras_.empty()) contract.cameras.clear();
  contract.control_period_s = arms.front()->embodiment().control_period_s;
  robot_ = std::make_unique<FilteredRobot>(
      std::make_unique<CombinedRobot>(std::move(contract), std::move(arms)));
}

int64_t RealBench::time_limit_ticks() const { return std::numeric_limits<int64_t>::max(); }

void RealBench::restore(std::string_view) {
  throw Error("real robot", "has no saved state to go back to", "a person resets the table");
}

}  // namespace gyre::run
