#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gyre {

// Per-component statistics of a feature, as LeRobot's meta/stats.json has them.
struct Stats {
  std::vector<double> min, max, mean, std;
  std::vector<double> q01, q10, q50, q90, q99;
  int64_t count = 0;

  size_t dim() const { return mean.size(); }
  bool operator==(const Stats&) const = default;
};

// Accumulates Stats over rows. Quantiles are exact up to `exact_rows` rows (the smallest value that
// this part of the rows does not exceed), which it keeps; beyond, from 5000 bins a component as
// LeRobot's and openpi's.
class RunningStats {
 public:
  explicit RunningStats(size_t dim, int64_t exact_rows = 100'000);
  void add(
      std::span<const float> row);  // [dim]; throws Error for another width or a non-finite value
  Stats stats() const;              // throws Error when no row was added
  int64_t count() const { return count_; }

 private:
  static constexpr int kBins = 5000;
  void rebin(size_t component, double low, double high);

  size_t dim_;
  int64_t exact_rows_;
  int64_t count_ = 0;
  std::vector<double> min_, max_, mean_, m2_;
  std::vector<float> rows_;                      // [count, dim] while exact
  std::vector<std::vector<double>> histograms_;  // [dim][kBins] beyond
  std::vector<double> bin_low_, bin_high_;
};

// LeRobot's rule for episodes and datasets: pooled mean and variance, envelope of quantiles
// (below the median the smallest, above the largest; the median itself the smallest).
Stats merge_stats(std::span<const Stats> parts);

// Side by side: the statistics of a row that holds the rows of all parts, counted as often as the
// first.
Stats concatenate_stats(std::span<const Stats> parts);

}  // namespace gyre
