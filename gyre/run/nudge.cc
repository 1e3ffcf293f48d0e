#include "gyre/run/nudge.h"

#include <algorithm>
#include <cmath>

namespace gyre::run {
namespace {

constexpr std::array<std::string_view, 10> kWords = {"left", "right",  "up",     "down", "forward",
                                                     "back", "slower", "faster", "open", "close"};
constexpr double kMoveSeconds = 0.5, kSpeedSeconds = 2, kGripperSeconds = 1, kSpeedPart = 0.5;

double seconds_of(Nudge::Kind kind) {
  if (kind == Nudge::Kind::kMove) return kMoveSeconds;
  const bool speed = kind == Nudge::Kind::kSlower || kind == Nudge::Kind::kFaster;
  return speed ? kSpeedSeconds : kGripperSeconds;
}

}  // namespace

std::span<const std::string_view> nudge_words() { return kWords; }

std::optional<Nudge> nudge_of(std::string_view word, std::array<double, 2> right) {
  using Kind = Nudge::Kind;
  const auto [x, y] = right;
  if (word == "right") return Nudge{Kind::kMove, {x, y, 0}};
  if (word == "left") return Nudge{Kind::kMove, {-x, -y, 0}};
  if (word == "forward") return Nudge{Kind::kMove, {-y, x, 0}};
  if (word == "back") return Nudge{Kind::kMove, {y, -x, 0}};
  if (word == "up") return Nudge{Kind::kMove, {0, 0, 1}};
  if (word == "down") return Nudge{Kind::kMove, {0, 0, -1}};
  if (word == "slower") return Nudge{Kind::kSlower, {}};
  if (word == "faster") return Nudge{Kind::kFaster, {}};
  if (word == "open") return Nudge{Kind::kOpen, {}};
  if (word == "close") return Nudge{Kind::kClose, {}};
  return {};
}

NudgeOffset::Fields::Fields(const Embodiment& contract) {
  constexpr std::array<std::string_view, 3> kNames = {"dx", "dy", "dz"};
  for (int i = 0; i < static_cast<int>(std::ssize(contract.action)); ++i) {
    const Field& field = contract.action[static_cast<size_t>(i)];
    if (field.gripper) gripper = i;
    const bool metres = field.kind == FieldKind::kDelta && field.unit == "m";
    for (size_t axis = 0; axis < kNames.size(); ++axis) {
      if (metres && field.name == kNames[axis]) move[axis] = i;
    }
  }
}

bool NudgeOffset::Fields::can(Nudge::Kind kind) const {
  if (kind == Nudge::Kind::kOpen || kind == Nudge::Kind::kClose) return gripper >= 0;
  return std::ranges::all_of(move, [](int field) { return field >= 0; });
}

bool can_nudge(const Embodiment& contract, Nudge::Kind kind) {
  return NudgeOffset::Fields(contract).can(kind);
}

NudgeOffset::NudgeOffset(const Embodiment& contract)
    : contract_(contract.action),
      fields_(contract),
      tick_s_(contract.tick_s()),
      added_(contract.action.size()) {}

bool NudgeOffset::give(const Nudge& nudge) {
  if (!fields_.can(nudge.kind)) return false;
  const std::lock_guard lock(givers_);
  given_.writable() = nudge;
  given_.publish();
  return true;
}

void NudgeOffset::begin(const Nudge& nudge) noexcept {
  nudge_ = nudge;
  ticks_ = left_ticks_ = std::max<int64_t>(1, std::llround(seconds_of(nudge.kind) / tick_s_));
  left_m_ = kMetres;
}

bool NudgeOffset::add(std::span<float> command) noexcept {
  std::ranges::fill(added_, 0.0F);
  if (given_.take()) begin(given_.value());
  if (left_ticks_ == 0) return false;
  --left_ticks_;
  if (nudge_.kind == Nudge::Kind::kMove) {
    for (size_t axis = 0; axis < fields_.move.size(); ++axis) {
      added_[static_cast<size_t>(fields_.move[axis])] =
          static_cast<float>(nudge_.direction[axis] * kMetres / static_cast<double>(ticks_));
    }
  } else if (nudge_.kind == Nudge::Kind::kSlower || nudge_.kind == Nudge::Kind::kFaster) {
    add_speed(command);
  } else {
    const auto gripper = static_cast<size_t>(fields_.gripper);
    const double end =
        nudge_.kind == Nudge::Kind::kOpen ? contract_[gripper].max : contract_[gripper].min;
    added_[gripper] = static_cast<float>(end) - command[gripper];
  }
  for (size_t i = 0; i < command.size(); ++i) command[i] += added_[i];
  return true;
}

// A part of the policy's own motion in this period, for slower and faster.
void NudgeOffset::add_speed(std::span<const float> command) noexcept {
  double length = 0;
  for (const int field : fields_.move) {
    length = std::hypot(length, static_cast<double>(command[static_cast<size_t>(field)]));
  }
  if (!(length > 0) || !std::isfinite(length)) return;
  const double part = std::min(kSpeedPart * length, left_m_);
  left_m_ -= part;
  if (left_m_ <= 0) left_ticks_ = 0;
  const double sign = nudge_.kind == Nudge::Kind::kFaster ? 1 : -1;
  for (const int field : fields_.move) {
    const auto i = static_cast<size_t>(field);
    added_[i] = static_cast<float>(sign * part / length * command[i]);
  }
}

void NudgeOffset::drop() noexcept {
  given_.take();
  left_ticks_ = 0;
  std::ranges::fill(added_, 0.0F);
}

}  // namespace gyre::run
