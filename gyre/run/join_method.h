#pragma once

#include <span>
#include <string_view>

#include "gyre/core/request.h"
#include "gyre/policy/checkpoint.h"

namespace gyre::run {

inline constexpr int kMostInFlight = 8;

// A way to join a late chunk to the actions that were sent meanwhile. Without delay all
// but `ensemble` do the same.
struct JoinMethod {
  std::string_view name;
  std::string_view help;
  bool waits = false;      // holds still while an answer is awaited
  bool ensembles = false;  // the mean of all chunks that have an action for this period
  // The chunk is entered where the commands that were really sent have led, and what is missing to
  // its own path is made up for.
  bool aligns = false;
  bool chooses = false;  // the mean of those of several draws that agree with what would be sent
  Chunking chunking = Chunking::kIndependent;
};

std::span<const JoinMethod> join_methods();
// Throws Error that names all of them.
const JoinMethod& join_method(std::string_view name);

// True if a policy can be asked as the method asks: continuing a chunk takes training.
bool fits(const JoinMethod& method, const Checkpoint& policy);
void require_fit(const JoinMethod& method, const Checkpoint& policy);  // throws Error
// The most leading actions that the policy was trained to be given; 0: not trained for that.
int trained_delay(const Checkpoint& policy);

}  // namespace gyre::run
