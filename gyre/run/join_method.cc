#include "gyre/run/join_method.h"

#include <array>
#include <string>

#include "gyre/core/error.h"

namespace gyre::run {
namespace {

constexpr std::array<JoinMethod, 7> kMethods = {{
    {.name = "naive", .help = "enter the new chunk after as many actions as were sent meanwhile"},
    {.name = "wait", .help = "hold still while the answer is awaited", .waits = true},
    {.name = "ensemble", .help = "the mean of all chunks under way", .ensembles = true},
    {.name = "aligned",
     .help = "enter the new chunk where the sent commands have led; make up for the difference",
     .aligns = true},
    {.name = "draws",
     .help = "aligned, and the mean of those of several draws that agree with the running chunk",
     .aligns = true,
     .chooses = true},
    {.name = "guided",
     .help = "the flow is guided towards the rest of the running chunk",
     .chunking = Chunking::kGuided},
    {.name = "trained",
     .help = "the actions that will be sent meanwhile are inputs; the policy is trained for that",
     .aligns = true,
     .chooses = true,
     .chunking = Chunking::kContinued},
}};

}  // namespace

std::span<const JoinMethod> join_methods() { return kMethods; }

const JoinMethod& join_method(std::string_view name) {
  std::string known;
  for (const JoinMethod& method : kMethods) {
    if (method.name == name) return method;
    known += (known.empty() ? "" : ", ") + std::string(method.name);
  }
  throw Error("method", "there is no method '" + std::string(name) + "' of joining chunks",
              "it is one of " + known);
}

int trained_delay(const Checkpoint& policy) { return policy.config.max_delay; }

bool fits(const JoinMethod& method, const Checkpoint& policy) {
  return method.chunking != Chunking::kContinued || trained_delay(policy) > 0;
}

void require_fit(const JoinMethod& method, const Checkpoint& policy) {
  if (fits(method, policy)) return;
  throw Error(
      "policy " + policy.folder.string(),
      "was not trained to continue a chunk, which method '" + std::string(method.name) + "' needs",
      "choose another method of joining chunks");
}

}  // namespace gyre::run
