#include "gyre/sim/bench.h"

#include <cmath>
#include <utility>

#include "gyre/core/error.h"
#include "gyre/run/grasp_frame_check.h"
#include "gyre/sim/drawn_scene.h"
#include "gyre/sim/expert_source.h"
#include "gyre/sim/saved_state.h"

namespace gyre::sim {
namespace {

constexpr std::string_view kFormat = "gyre kitchen 1\n";

void save_filter(StateWriter& writer, const run::SafetyFilter::Memory& memory) {
  for (const run::AxisLimiter& axis : memory.axes) writer.add(axis);
  for (const float value : memory.sent) writer.add(value);
  writer.add(memory.sent_at);
  writer.add(memory.located);
  writer.add(memory.started);
}

void restore_filter(StateReader& reader, run::SafetyFilter::Memory& memory) {
  for (run::AxisLimiter& axis : memory.axes) reader.read(axis);
  for (float& value : memory.sent) reader.read(value);
  reader.read(memory.sent_at);
  reader.read(memory.located);
  reader.read(memory.started);
}

}  // namespace

KitchenBench::KitchenBench(const run::Attempt& attempt, const run::BenchOptions& options,
                           TaskPtr task, std::shared_ptr<const RobotFolder> folder,
                           const std::string& space, const WrapJointRobot& wrap)
    : attempt_(attempt),
      task_(std::move(task)),
      folder_(std::move(folder)),
      contract_(folder_->contract(space, options.image_size)),
      world_(folder_, drawn_layout(*task_, folder_->scene_scale, attempt.seed), attempt.seed) {
  if (attempt_.instruction.empty()) {
    attempt_.instruction = drawn_instruction(*task_, attempt.seed);
  }
  auto joint_robot =
      std::make_unique<SimRobot>(world_, clock_, folder_->contract("joint", options.image_size));
  joint_robot_ = joint_robot.get();
  robot_ = std::move(joint_robot);
  add_filter(std::make_unique<run::GraspFrameCheck>(folder_));
  if (wrap) robot_ = wrap(std::move(robot_), *folder_);
  if (space == "ee") {
    auto cartesian = std::make_unique<CartesianRobot>(std::move(robot_), folder_, joint_robot_);
    cartesian_ = cartesian.get();
    robot_ = std::move(cartesian);
  }
  if (options.disturb) {
    auto disturbed =
        std::make_unique<DisturbedRobot>(std::move(robot_), world_, folder_, attempt.seed);
    disturbed_ = disturbed.get();
    robot_ = std::move(disturbed);
  }
  if (task_->disturbance() != Disturbance::kNone) {
    auto interfered =
        std::make_unique<InterferedRobot>(std::move(robot_), world_, *task_, attempt.seed);
    interfered_ = interfered.get();
    robot_ = std::move(interfered);
  }
  if (cartesian_ != nullptr || disturbed_ != nullptr || interfered_ != nullptr) {
    add_filter(nullptr);
  }
  for (const CameraSpec& spec : contract_.cameras) {
    sim_cameras_.push_back(std::make_unique<SimCamera>(world_, clock_, spec));
    cameras_.push_back(sim_cameras_.back().get());
  }
  goal_ = std::make_shared<const Goal>(
      Goal{.task = attempt_.instruction, .author = "task", .time_ns = clock_.now_ns()});
  limit_ticks_ = static_cast<int64_t>(
      std::ceil(options.more_time * task_->time_limit_s() / contract_.tick_s()));
  const SimJudge::Options judging = {
      .labels = options.labels,
      .settle_ticks = static_cast<int64_t>(options.settle) * contract_.ticks_per_action(),
      .limit_ticks = limit_ticks_};
  judge_ = std::make_unique<SimJudge>(*task_, world_, clock_, contract_.cameras, judging);
}

void KitchenBench::add_filter(std::unique_ptr<run::WorkspaceCheck> check) {
  auto filtered = std::make_unique<run::FilteredRobot>(std::move(robot_), std::move(check));
  filters_.push_back(filtered.get());
  robot_ = std::move(filtered);
}

std::span<Camera* const> KitchenBench::cameras() {
  world_.prepare_renderer();
  return cameras_;
}

std::unique_ptr<run::CommandSource> KitchenBench::expert() {
  return std::make_unique<ExpertAlone>(
      ExpertView{world_, *joint_robot_, contract_, *task_, attempt_.seed});
}

std::unique_ptr<run::CommandSource> KitchenBench::helper(const run::HelpConfig& config) {
  return std::make_unique<WatchingExpert>(
      config, ExpertView{world_, *joint_robot_, contract_, *task_, attempt_.seed});
}

std::string KitchenBench::save() const {
  StateWriter writer;
  writer.add_text(kFormat);
  joint_robot_->save(writer);
  if (cartesian_ != nullptr) writer.add(cartesian_->target());
  if (disturbed_ != nullptr) disturbed_->save(writer);
  if (interfered_ != nullptr) interfered_->save(writer);
  for (run::FilteredRobot* robot : filters_) save_filter(writer, robot->filter().memory());
  for (const auto& camera : sim_cameras_) camera->save(writer);
  judge_->save(writer);
  return writer.take();
}

void KitchenBench::restore(std::string_view state) {
  if (!state.starts_with(kFormat)) {
    throw Error("saved state", "is none of the simulated kitchen",
                "save one with the same version");
  }
  StateReader reader(state.substr(kFormat.size()));
  joint_robot_->restore(reader);
  if (cartesian_ != nullptr) {
    Pose target;
    reader.read(target);
    cartesian_->set_target(target);
  }
  if (disturbed_ != nullptr) disturbed_->restore(reader);
  if (interfered_ != nullptr) interfered_->restore(reader);
  for (run::FilteredRobot* robot : filters_) restore_filter(reader, robot->filter().memory());
  for (const auto& camera : sim_cameras_) camera->restore(reader);
  judge_->restore(reader);
  if (!reader.empty()) {
    throw Error("saved state", "belongs to an attempt of other options",
                "open the attempt as it was when it was saved");
  }
}

std::vector<Image> KitchenBench::portrait(int size) {
  std::vector<Image> pictures;
  for (const CameraSpec& camera : contract_.cameras) {
    pictures.push_back(world_.render(camera.name, size, size));
  }
  return pictures;
}

ScenePtr KitchenBench::scene(bool shapes) {
  return std::make_shared<const Scene>(world_.scene(shapes));
}

}  // namespace gyre::sim
