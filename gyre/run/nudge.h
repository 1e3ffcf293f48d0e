#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gyre/core/embodiment.h"
#include "gyre/core/latest.h"

namespace gyre::run {

// A small correction that a person adds to what the policy does.
struct Nudge {
  enum class Kind : uint8_t { kMove, kSlower, kFaster, kOpen, kClose };
  Kind kind = Kind::kMove;
  std::array<double, 3> direction{};  // kMove: unit vector, base frame
};

// The words that are nudges in every policy: left, right, up, down, forward, back, slower, faster,
// open, close.
std::span<const std::string_view> nudge_words();

// The nudge of such a word; empty for other words. `right` [2] is the horizontal direction in the
// base frame that a person calls right: where they look at a picture, the picture's. The default is
// the robot's own right.
std::optional<Nudge> nudge_of(std::string_view word, std::array<double, 2> right = {0, -1});

// True if a robot with these actions can be nudged so: moves need the fields dx, dy, dz as deltas
// in metres, opening needs a gripper.
bool can_nudge(const Embodiment& contract, Nudge::Kind kind);

// The offset that nudges add to the policy's command. A move goes 1 cm in half a second; slower and
// faster take away or add half of the policy's own motion until that is 1 cm or two seconds are
// over; open and close hold the gripper at the end of its range for one second.
class NudgeOffset {
 public:
  static constexpr double kMetres = 0.01;

  explicit NudgeOffset(const Embodiment& contract);

  // Any thread. Replaces what is left of an earlier one. False where the robot has no field for it.
  bool give(const Nudge& nudge);

  // The control thread, once in each control period. Adds this period's part to the policy's
  // `command` [D]; true if there was one.
  bool add(std::span<float> command) noexcept;
  // The same where somebody else drives: a nudge that waits or goes on is forgotten.
  void drop() noexcept;
  // The part that was added last [D]; zeros when there was none.
  std::span<const float> added() const noexcept { return added_; }

 private:
  struct Fields {
    std::array<int, 3> move{-1, -1, -1};  // dx, dy, dz; -1: there is none
    int gripper = -1;
    explicit Fields(const Embodiment& contract);
    bool can(Nudge::Kind kind) const;
  };
  friend bool can_nudge(const Embodiment& contract, Nudge::Kind kind);
  void begin(const Nudge& nudge) noexcept;
  void add_speed(std::span<const float> command) noexcept;

  std::vector<Field> contract_;  // of the action
  Fields fields_;
  double tick_s_;
  std::mutex givers_;
  Latest<Nudge> given_;
  Nudge nudge_;
  int64_t ticks_ = 0, left_ticks_ = 0;
  double left_m_ = 0;  // of slower and faster
  std::vector<float> added_;
};

}  // namespace gyre::run
