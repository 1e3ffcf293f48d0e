#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "gyre/core/step.h"

namespace gyre {

// Text of bounded length held in place, so that events move between threads without an allocation.
// Longer text is cut; `cut` says so.
template <size_t N>
class FixedText {
 public:
  FixedText() = default;
  FixedText(std::string_view text) : size_(static_cast<uint16_t>(std::min(text.size(), N))) {
    std::copy_n(text.data(), size_, text_.data());
    cut_ = text.size() > N;
  }
  FixedText(const char* text) : FixedText(std::string_view(text)) {}
  std::string_view view() const { return {text_.data(), size_}; }
  bool cut() const { return cut_; }
  bool operator==(const FixedText& other) const { return view() == other.view(); }

 private:
  uint16_t size_ = 0;
  bool cut_ = false;
  std::array<char, N> text_{};
};

using Name = FixedText<48>;    // an author, a camera, a sink
using Words = FixedText<400>;  // a sentence

namespace event {

// Orders of people and machines to the arbiter.
enum class Order : uint8_t { kPause, kResume, kTakeOver, kGiveBack, kStop, kClear };
struct Ordered {
  Order order;
  bool operator==(const Ordered&) const = default;
};
struct ModeChanged {
  Mode from, to;
  Name cause;
  bool operator==(const ModeChanged&) const = default;
};
struct GoalSet {
  int64_t goal_id;
  bool operator==(const GoalSet&) const = default;
};
struct Said {  // words of a person about the task
  Words words;
  bool operator==(const Said&) const = default;
};
struct EpisodeBegan {
  int64_t episode;
  bool operator==(const EpisodeBegan&) const = default;
};
struct EpisodeEnded {
  int64_t episode;
  bool operator==(const EpisodeEnded&) const = default;
};
enum class Outcome : uint8_t { kUnknown, kSuccess, kFailure, kPartial };
struct Verdict {
  int64_t episode;
  Outcome outcome;
  Words reason;
  bool operator==(const Verdict&) const = default;
};
struct ChunkArrived {
  int64_t chunk_id;
  bool operator==(const ChunkArrived&) const = default;
};
struct ChunkDropped {  // too late, or older than the one in use
  int64_t chunk_id;
  Words why;
  bool operator==(const ChunkDropped&) const = default;
};
struct InferenceFailed {
  int64_t request_id;
  Words why;
  bool operator==(const InferenceFailed&) const = default;
};
struct LinkRung {
  int from, to;
  bool operator==(const LinkRung&) const = default;
};
struct Alarm {
  Name monitor;
  Words what;
  bool operator==(const Alarm&) const = default;
};
struct HelpAsked {
  Words why;
  bool operator==(const HelpAsked&) const = default;
};
struct HelpGiven {
  bool operator==(const HelpGiven&) const = default;
};
struct Fault {  // of the robot or a camera
  Words what;
  bool operator==(const Fault&) const = default;
};
struct FrameLost {
  int camera;
  int64_t count;
  bool operator==(const FrameLost&) const = default;
};
struct RecordsLost {  // a sink was too slow
  Name sink;
  int64_t count;
  bool operator==(const RecordsLost&) const = default;
};
struct ScopeOverridden {  // a person lets the policy do once what lies outside its scope
  Words words;            // of the task
  Words why;              // the scope's verdict
  bool operator==(const ScopeOverridden&) const = default;
};

}  // namespace event

// An occurrence that does not happen every period, with the moment and the author. The order of the
// alternatives is part of the journal's format: new ones go to the end.
struct Event {
  using Body =
      std::variant<event::Ordered, event::ModeChanged, event::GoalSet, event::Said,
                   event::EpisodeBegan, event::EpisodeEnded, event::Verdict, event::ChunkArrived,
                   event::ChunkDropped, event::InferenceFailed, event::LinkRung, event::Alarm,
                   event::HelpAsked, event::HelpGiven, event::Fault, event::FrameLost,
                   event::RecordsLost, event::ScopeOverridden>;
  int64_t time_ns = 0;  // robot clock: when it was posted; the tape adds the tick it took effect in
  Name author;          // a person, a monitor, "loop"
  Body body;
  bool operator==(const Event&) const = default;
};
static_assert(std::is_trivially_copyable_v<Event>);

// "mode changed", "chunk dropped", ... of an alternative.
std::string_view event_name(const Event& event);

}  // namespace gyre
