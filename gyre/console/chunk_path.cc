#include "gyre/console/chunk_path.h"

#include <algorithm>
#include <array>
#include <string>

#include "gyre/core/error.h"

namespace gyre::console {
namespace {

// The fields of these names, in this order; none when one is missing.
std::vector<size_t> named_fields(const std::vector<Field>& fields,
                                 const std::array<const char*, 3>& names) {
  std::vector<size_t> found;
  for (const char* name : names) {
    const auto at = std::ranges::find(fields, name, &Field::name);
    if (at == fields.end()) return {};
    found.push_back(static_cast<size_t>(at - fields.begin()));
  }
  return found;
}

// Null for a robot without a folder here.
std::shared_ptr<const RobotFolder> folder_of(const std::string& embodiment) {
  try {
    const auto [robot, space] = split_embodiment(embodiment);
    const auto folder = space == "joint" ? RobotFolder::load(robot) : nullptr;
    return folder && folder->arms.empty() ? folder : nullptr;
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace

ChunkPath::ChunkPath(const Embodiment& contract)
    : state_fields_(named_fields(contract.state, {"x", "y", "z"})),
      action_fields_(named_fields(contract.action, {"dx", "dy", "dz"})) {
  if (!state_fields_.empty() && !action_fields_.empty()) return;
  const auto folder = folder_of(contract.name);
  if (!folder || contract.action.size() < folder->joints.size()) return;
  joints_ = folder->joints.size();
  kinematics_ = std::make_unique<Kinematics>(folder);
}

std::vector<float> ChunkPath::points(std::span<const float> state, const ActionChunk& chunk) {
  std::vector<float> points;
  if (kinematics_) {
    std::vector<double> joints(joints_);
    const auto add = [&](std::span<const float> values) {
      std::copy_n(values.begin(), joints_, joints.begin());
      for (const double x : kinematics_->grasp_pose(joints).position) {
        points.push_back(static_cast<float>(x));
      }
    };
    if (state.size() < joints_ || chunk.dim < static_cast<int>(joints_)) return {};
    add(state);
    for (int i = 0; i < chunk.horizon; ++i) add(chunk.at(i));
    return points;
  }
  if (state_fields_.empty() || action_fields_.empty()) return {};
  if (state.size() <= std::ranges::max(state_fields_)) return {};
  if (chunk.dim <= static_cast<int>(std::ranges::max(action_fields_))) return {};
  for (const size_t field : state_fields_) points.push_back(state[field]);
  for (int i = 0; i < chunk.horizon; ++i) {
    for (const size_t field : action_fields_) {
      points.push_back(points[points.size() - 3] + chunk.at(i)[field]);
    }
  }
  return points;
}

}  // namespace gyre::console
