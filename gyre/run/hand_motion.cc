#include "gyre/run/hand_motion.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gyre::run {
namespace {

constexpr double kDeltaShare = 0.25, kJointSpeed = 0.5, kGripperSpeed = 1.5;

struct NamedMove {
  std::string_view field;
  double HandInput::*slot;
  double weight;
};
// The robot's left is +y; a stick to the right turns clockwise.
constexpr std::array<NamedMove, 6> kPoseMoves = {{{"dx", &HandInput::left_y, 1},
                                                  {"dy", &HandInput::left_x, -1},
                                                  {"dz", &HandInput::right_y, 1},
                                                  {"drx", &HandInput::tilt_x, 1},
                                                  {"dry", &HandInput::tilt_y, 1},
                                                  {"drz", &HandInput::right_x, -1}}};
constexpr std::array kJointSlots = {&HandInput::left_x,  &HandInput::left_y, &HandInput::right_y,
                                    &HandInput::right_x, &HandInput::tilt_x, &HandInput::tilt_y};

}  // namespace

HandMotion::HandMotion(const Embodiment& contract)
    : fields_(contract.action), targets_(fields_.size()), action_(fields_.size()) {
  size_t joints = 0;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const auto named = std::ranges::find(kPoseMoves, field.name, &NamedMove::field);
    if (field.gripper) {
      moves_.push_back({&HandInput::gripper, i, 1});
    } else if (named != kPoseMoves.end()) {
      moves_.push_back({named->slot, i, named->weight});
    } else if (joints < kJointSlots.size()) {
      moves_.push_back({kJointSlots[joints++], i, 1});
    }
  }
  begin({});
}

void HandMotion::begin(std::span<const float> sent) {
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    targets_[i] =
        sent.size() == fields_.size() ? static_cast<double>(sent[i]) : (field.min + field.max) / 2;
  }
}

std::span<const float> HandMotion::act(const HandInput& input, double seconds) {
  std::ranges::fill(action_, 0.0F);
  for (const Move& move : moves_) {
    action_[move.field] += static_cast<float>(input.*move.slot * move.weight);
  }
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const double way = std::clamp(static_cast<double>(action_[i]), -1.0, 1.0);
    const double range = field.max - field.min;
    if (field.kind == FieldKind::kPosition) {
      const double speed = (field.gripper ? kGripperSpeed : kJointSpeed) * range;
      targets_[i] = std::clamp(targets_[i] + way * speed * seconds, field.min, field.max);
      action_[i] = static_cast<float>(targets_[i]);
    } else {
      action_[i] = static_cast<float>(std::clamp(way * kDeltaShare * range, field.min, field.max));
    }
  }
  return action_;
}

}  // namespace gyre::run
