#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gyre::serve {

// The end of one attempt of a robot, as somebody saw it.
struct AttemptOutcome {
  std::string attempt;          // a name that no other attempt has: "left/17"
  std::string policy_hash;      // of the answers that the robot had
  std::optional<bool> success;  // none: it cannot be said, and does not count
  bool by_person = false;       // else by a judge; a person's word stands above it
};

// Watches a canary beside the policy that it may replace. Each attempt counts once: by a person's
// verdict, else the judge's; without either it is missing. Not thread-safe.
class CanaryWatch {
 public:
  // Returns the evidence (core/degradation.h) that the canary is worse by more than 10 points.
  // Throws Error when there are too many attempts to watch.
  double report(const AttemptOutcome& outcome, bool canary);

  struct Count {
    int64_t attempts = 0, successes = 0;
  };
  [[nodiscard]] Count count(bool canary) const;
  [[nodiscard]] double evidence() const;

 private:
  struct Seen {
    bool canary = false;
    std::optional<bool> person, judge;
    [[nodiscard]] std::optional<bool> success() const { return person ? person : judge; }
  };
  std::vector<Seen> seen_;                // in the order of their first reports
  std::map<std::string, size_t> places_;  // by attempt
};

}  // namespace gyre::serve
