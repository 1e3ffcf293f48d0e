#pragma once

#include <span>
#include <vector>

namespace gyre::run {

// Smooths the joints of an arm that a hand moves, read once a period and rounded to an encoder's
// ticks. An alpha-beta tracker (Benedict and Bordner 1962, IRE Transactions on Automatic Control
// 7), critically damped: it keeps a position and a rate of each joint, so a steady motion is not
// delayed, and its rate tells where the joint is between two readings.
class JointTracker {
 public:
  explicit JointTracker(size_t joints) : at_(joints), rates_(joints), tracked_(joints) {}

  void restart(std::span<const float> joints) noexcept;
  // The joints [J] in the units of the reading, `seconds` > 0 after the last one. A reading that no
  // smooth motion explains is taken as it is.
  std::span<const float> take(std::span<const float> reading, double seconds) noexcept;
  double rate(size_t joint) const noexcept { return rates_[joint]; }  // units/s

 private:
  std::vector<double> at_, rates_;  // [J], units and units/s
  std::vector<float> tracked_;      // [J]
};

}  // namespace gyre::run
