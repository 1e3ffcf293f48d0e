#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gyre {

// A source of commands; the arbiter chooses one of them in each control period.
enum class Source : uint8_t { kPolicy, kHuman, kExpert, kFallback };
inline constexpr int kSources = 4;
std::string_view source_name(Source source);     // "policy", "human", "expert", "fallback"
Source source_from_name(std::string_view name);  // throws Error for any other word

// The arbiter's state.
enum class Mode : uint8_t {
  kPolicy,    // the policy's chunks are executed
  kPaused,    // holds still until resumed
  kHuman,     // a person, or the expert in their place, drives
  kFallback,  // the policy has nothing to say: holds still until it has
  kStopped,   // latched: holds still until a person clears it
};
std::string_view mode_name(Mode mode);  // "policy", "paused", "human", "fallback", "stopped"

// Why a command is not the one that its source proposed. Values are part of the journal's format.
enum class Reason : uint32_t {
  kNonFinite = 1 << 0,
  kRange = 1 << 1,
  kVelocity = 1 << 2,
  kAcceleration = 1 << 3,
  kJerk = 1 << 4,
  kWorkspace = 1 << 5,
  kWidth = 1 << 6,
  kHoldNonFinite = 1 << 7,
  kLate = 1 << 8,           // no action of a chunk was due
  kStaleState = 1 << 9,     // the robot's state was too old
  kFault = 1 << 10,         // the robot refused the command
  kStalePicture = 1 << 11,  // a camera's newest picture was too old
  kSoftStart = 1 << 12,     // motion begins gently after a stop, a pause or stale data
  kNudge = 1 << 13,         // a person's word moved it beside the policy
};

// A set of Reasons.
class Reasons {
 public:
  constexpr Reasons() = default;
  constexpr Reasons(Reason reason) : bits_(static_cast<uint32_t>(reason)) {}
  constexpr explicit Reasons(uint32_t bits) : bits_(bits) {}
  constexpr uint32_t bits() const { return bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool has(Reason reason) const { return (bits_ & static_cast<uint32_t>(reason)) != 0; }
  constexpr Reasons& operator|=(Reasons other) {
    bits_ |= other.bits_;
    return *this;
  }
  constexpr bool operator==(const Reasons&) const = default;

 private:
  uint32_t bits_ = 0;
};
constexpr Reasons operator|(Reasons a, Reasons b) { return a |= b; }
std::string reasons_text(Reasons reasons);  // "range, velocity"; "" for none

// The command of one source for one control period.
struct Proposal {
  bool valid = false;
  std::vector<float> action;  // [D] when valid
  bool operator==(const Proposal&) const = default;
};

// One control period: sensed, proposed and sent numbers. Fixed size for an embodiment, so that it
// can be filled again and again without an allocation.
struct Step {
  int64_t tick = 0;                          // counts control periods over the whole tape
  int64_t index = 0;                         // control period within the episode
  int64_t time_ns = 0;                       // robot clock
  std::vector<float> state;                  // [S]
  std::array<Proposal, kSources> proposals;  // by Source
  std::vector<float> sent;                   // [D], the command that went to the robot
  Source source = Source::kFallback;         // whose proposal was chosen
  Mode mode = Mode::kFallback;
  Reasons reasons;
  bool action_start = true;       // the first control period of an action: the one a dataset keeps
  std::vector<int64_t> pictures;  // [C], id of the newest picture of each camera; -1: none
  std::vector<int64_t> picture_age_ns;  // [C]
  int64_t state_age_ns = 0;
  int64_t chunk_age_ns = 0;  // since the observation of the chunk that was executed
  int64_t goal_id = -1;
  int64_t chunk_id = -1;  // of the action that was executed; -1: none
  int chunk_index = -1;
  float inference_ms = 0;  // of that chunk
  float residual = 0;      // metres that inverse kinematics could not reach

  // Gives every vector its size, so that copies into this Step allocate nothing.
  void resize(size_t state_fields, size_t action_fields, size_t cameras);
  const Proposal& of(Source s) const { return proposals[static_cast<size_t>(s)]; }
  Proposal& of(Source s) { return proposals[static_cast<size_t>(s)]; }
  bool operator==(const Step&) const = default;
};

}  // namespace gyre
