#include "tests/faults/kill.h"

#include <algorithm>

#include "gyre/core/rng.h"
#include "tests/faults/inspect.h"
#include "tests/faults/kill_plan.h"
#include "tests/faults/recorder.h"

namespace gyre::faults {
namespace {

constexpr double kShortestS = 0.02, kLongestS = 0.62;
constexpr int64_t kCalls = 12;  // about so many come in that time

}  // namespace

void add_loss(const Inspection& found, int64_t sent, int64_t taken, Losses& losses) {
  constexpr double kPeriodMs = static_cast<double>(kPeriodNs) * 1e-6;
  const auto lost_ms = [&](int64_t tick) {
    return static_cast<double>(std::max<int64_t>(0, tick - found.newest)) * kPeriodMs;
  };
  losses.lost_ms.push_back(lost_ms(sent));
  losses.held_ms.push_back(lost_ms(taken));
  losses.misaligned += found.misaligned;
  if (found.error.empty()) return;
  ++losses.unreadable;
  if (losses.first_error.empty()) losses.first_error = found.error;
}

Losses kill_recorders(const std::filesystem::path& folder, int64_t kills, uint64_t seed) {
  Losses losses;
  Rng rng = Rng::stream(seed, "kills");
  for (int64_t kill = 0; kill < kills; ++kill) {
    const std::filesystem::path journal = folder / std::to_string(kill);
    const KillPlan plan = draw_plan(kill, kShortestS, kLongestS, kCalls, true, rng);
    const Shared<Witness> witness;
    const Death death = run_and_kill(plan, [&](KillingCalls& calls) {
      record(journal, seed + static_cast<uint64_t>(kill), 1'000'000, false, calls, *witness);
    });
    losses.in_calls += death == Death::kInCall ? 1 : 0;
    Inspection found;
    if (std::filesystem::exists(journal)) found = inspect(journal);
    const Witness& seen = *witness;
    add_loss(found, seen.sent, seen.taken, losses);
    std::filesystem::remove_all(journal);
  }
  return losses;
}

}  // namespace gyre::faults
