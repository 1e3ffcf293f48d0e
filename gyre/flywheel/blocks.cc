#include "gyre/flywheel/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"
#include "gyre/flywheel/sequential.h"
#include "gyre/flywheel/statistics.h"

namespace gyre::flywheel {
namespace {

constexpr int64_t kMostPairs = 500;
constexpr double kAskedPower = 0.9;
constexpr std::array kNamedRates = {0.1, 0.3, 0.5, 0.7, 0.9};

bool could_promote(const BoschlooRegion& region) { return region.holds(0, region.attempts()); }

int64_t successes_of(const std::vector<GateOutcome>& outcomes) {
  return std::ranges::count_if(outcomes, &GateOutcome::success);
}

SafetyRow safety_of(const std::vector<GateOutcome>& candidate,
                    const std::vector<GateOutcome>& predecessor) {
  SafetyRow row{.against = reference_name(Reference::kPredecessor),
                .attempts = std::ssize(candidate),
                .holds = true};
  for (size_t i = 0; i < candidate.size(); ++i) {
    row.candidate_events += candidate[i].safety_events;
    row.reference_events += predecessor[i].safety_events;
    row.candidate_attempts += candidate[i].safety_events > 0 ? 1 : 0;
    row.reference_attempts += predecessor[i].safety_events > 0 ? 1 : 0;
  }
  return row;
}

std::string counts_text(const Rate& rate) {
  return fmt::format("{} of {} ({:.0f} %)", rate.successes, rate.episodes, 100 * rate.rate);
}

}  // namespace

BlockPlan plan_blocks(int64_t pairs) {
  if (pairs > kMostPairs) {
    throw Error("--attempts", fmt::format("{} is more than {}", pairs, kMostPairs));
  }
  if (pairs >= 1) {
    BlockPlan plan{BoschlooRegion(pairs, kOneSided)};
    if (could_promote(plan.region)) return plan;
  }
  int64_t needed = std::max<int64_t>(pairs, 0) + 1;
  while (!could_promote(BoschlooRegion(needed, kOneSided))) ++needed;
  throw Error("--attempts",
              fmt::format("{} of each policy could not show a gain, whatever their outcome", pairs),
              fmt::format("it needs at least {}", needed));
}

std::vector<bool> candidate_first(int64_t pairs, uint64_t seed) {
  Rng rng = Rng::stream(seed, "blocks");
  std::vector<bool> first;
  for (int64_t pair = 0; pair < pairs; ++pair) first.push_back(rng.chance(0.5));
  return first;
}

double visible_rise(const BlockPlan& plan, double predecessor_rate) {
  const auto sees = [&](double rise) {
    return plan.region.power(predecessor_rate, predecessor_rate + rise) >= kAskedPower;
  };
  double low = 0, high = 1 - predecessor_rate;
  if (!sees(high)) return -1;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (sees(middle) ? high : low) = middle;
  }
  return high;
}

std::string block_plan_text(const BlockPlan& plan) {
  std::string text = fmt::format(
      "the comparison: {} attempts of each policy, in blocks of two, in an order that is not told\n"
      "  Boschloo's exact test, one-sided, errs with {:g} % at most; it sees nine times in ten\n",
      plan.pairs(), 100 * kOneSided);
  std::string blind;
  for (const double rate : kNamedRates) {
    const double rise = visible_rise(plan, rate);
    if (rise < 0) {
      blind += fmt::format("{}{:.0f} %", blind.empty() ? "" : ", ", 100 * rate);
    } else {
      text += fmt::format("  from {:.0f} %: {:+.0f} points\n", 100 * rate, 100 * rise);
    }
  }
  if (!blind.empty()) text += "  from " + blind + ": nothing; more --attempts see more\n";
  return text;
}

bool is_decided_against(const BlockPlan& plan, const std::vector<GateOutcome>& candidate,
                        const std::vector<GateOutcome>& predecessor) {
  const int64_t left = plan.pairs() - std::ssize(candidate);
  return !plan.region.holds(successes_of(predecessor), successes_of(candidate) + left);
}

GateResult judge_blocks(const BlockPlan& plan, const std::vector<GateOutcome>& candidate,
                        const std::vector<GateOutcome>& predecessor) {
  const int64_t pairs = std::ssize(candidate);
  const bool whole = pairs == std::ssize(predecessor) && pairs > 0 && pairs <= plan.pairs();
  if (!whole || (pairs < plan.pairs() && !is_decided_against(plan, candidate, predecessor))) {
    throw Error("comparison", fmt::format("{} of {} pairs decide nothing", pairs, plan.pairs()));
  }
  const Rate before = wilson(successes_of(predecessor), pairs);
  const Rate after = wilson(successes_of(candidate), pairs);
  std::vector<bool> then, now;
  for (int64_t i = 0; i < pairs; ++i) {
    then.push_back(predecessor[static_cast<size_t>(i)].success);
    now.push_back(candidate[static_cast<size_t>(i)].success);
  }
  const double p = boschloo_less(before.successes, pairs, after.successes, pairs);
  const bool promoted =
      pairs == plan.pairs() && plan.region.holds(before.successes, after.successes);
  GateResult result{.bench = true, .attempts = 2 * pairs};
  result.rows.push_back({.name = "bench",
                         .against = reference_name(Reference::kPredecessor),
                         .most_pairs = plan.pairs(),
                         .paired = paired_difference(then, now),
                         .looks = 1,
                         .statistic = p,
                         .boundary = plan.region.alpha(),
                         .state = promoted ? "holds" : "fails"});
  result.safety.push_back(safety_of(candidate, predecessor));
  const std::string figures =
      fmt::format("{} against {} of the predecessor, p = {:.3g} by Boschloo's test",
                  counts_text(after), counts_text(before), p);
  result.decision.promoted = promoted;
  if (promoted) {
    result.decision.reason = "promoted: on a real bench " + figures;
  } else if (pairs < plan.pairs()) {
    result.decision.reason = fmt::format(
        "kept: on a real bench {}; the {} pairs that were left could not have shown a gain",
        figures, plan.pairs() - pairs);
  } else {
    result.decision.reason = "kept: on a real bench " + figures + " is no gain outside the noise";
  }
  return result;
}

}  // namespace gyre::flywheel
