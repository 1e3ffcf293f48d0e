#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gyre/run/tape.h"

namespace gyre::run {

// The end of an attempt as its tape tells it.
struct AttemptEnd {
  int64_t number = 0;           // of the episode
  std::string embodiment;       // contract name
  std::string task_name;        // "": nobody named one, or a person said other words
  std::string words;            // the last task in force
  uint64_t seed = 0;            // of the scene
  std::optional<bool> success;  // a person's verdict, else the judge's; none: missing
  bool by_person = false;       // the verdict is a person's
  std::string policy_hash;      // of the answers that were used; "": none, or those of several
  bool helped = false;          // a person or the expert drove for a while
  bool overridden = false;      // a person let the policy do what lies out of its scope
  int64_t began_ns = 0;         // robot clock
};

// Tells of each attempt of a tape when it is over, on the tape's reading thread. A partial success
// is no success.
class OutcomeSink : public TapeSink {
 public:
  using Tell = std::function<void(const AttemptEnd&)>;
  explicit OutcomeSink(Tell tell) : tell_(std::move(tell)) {}

  std::string_view name() const override { return "outcomes"; }
  bool wants(RecordKind kind) const override;
  void take(const Record& record) override;
  void end() override { finish(); }

 private:
  void begin(const Record& record);
  void take_goal(const Goal& goal);
  void take_event(const Event& event);
  void finish();

  Tell tell_;
  std::optional<AttemptEnd> attempt_;
  bool mixed_ = false;  // answers of several policies
};

}  // namespace gyre::run
