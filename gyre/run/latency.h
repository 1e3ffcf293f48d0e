#pragma once

#include <algorithm>

namespace gyre::run {

// The slowest of the recent answers. It decays, so that one hiccup is not remembered for ever.
class Latency {
 public:
  void add(double took) noexcept { slowest_ = std::max(0.9 * slowest_, took); }
  double expected() const noexcept { return slowest_; }

 private:
  double slowest_ = 0;
};

}  // namespace gyre::run
