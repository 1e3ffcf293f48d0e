#include "gyre/flywheel/gate.h"

#include <fmt/format.h>

namespace gyre::flywheel {
namespace {

constexpr double kRounding = 1e-9;  // a drop of exactly the margin passes

std::string points(const Difference& difference) {
  return fmt::format("{:+.1f} points [{:+.1f}, {:+.1f}]", 100 * difference.difference,
                     100 * difference.low, 100 * difference.high);
}

}  // namespace

Decision decide(const Difference& frontier, const Difference& trained,
                const std::vector<FamilyDifference>& families, const GateConfig& config) {
  if (frontier.pairs == 0 || trained.pairs == 0) {
    return {false, fmt::format("kept: no paired episodes on the {} tasks, so nothing is known",
                               frontier.pairs == 0 ? "frontier" : "trained")};
  }
  if (frontier.low <= 0) {
    return {false,
            fmt::format("kept: on the frontier {} over {} paired episodes is no gain outside "
                        "the noise",
                        points(frontier), frontier.pairs)};
  }
  const double margin =
      trained.pairs >= config.strict_episodes ? config.strict_margin : config.margin;
  if (trained.difference < -margin - kRounding) {
    return {false, fmt::format("kept: the trained tasks changed by {} over {} paired episodes, "
                               "beyond the margin of {:.1f} points",
                               points(trained), trained.pairs, 100 * margin)};
  }
  for (const FamilyDifference& family : families) {
    if (family.paired.pairs > 0 && family.paired.high < -margin - kRounding) {
      return {false,
              fmt::format("kept: {} changed by {} over {} paired episodes, wholly below the "
                          "margin of {:.1f} points",
                          family.family, points(family.paired), family.paired.pairs, 100 * margin)};
    }
  }
  return {
      true,
      fmt::format("promoted: on the frontier {} over {} paired episodes, on trained tasks "
                  "{} over {}, within the margin of {:.1f} points",
                  points(frontier), frontier.pairs, points(trained), trained.pairs, 100 * margin)};
}

}  // namespace gyre::flywheel
