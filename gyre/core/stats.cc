#include "gyre/core/stats.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gyre/core/error.h"

namespace gyre {
namespace {

// A single value everywhere still needs a range of bins.
double widened(double low, double high) {
  return high > low ? high : low + std::max(1e-9, std::abs(low) * 1e-9);
}

// The smallest value that at least `fraction` of the sorted values do not exceed: what a histogram
// of narrow bins says.
double exact_quantile(const std::vector<float>& sorted, double fraction) {
  const double wanted = std::ceil(fraction * static_cast<double>(sorted.size()) - 1e-9);
  return sorted[static_cast<size_t>(std::max(wanted, 1.0)) - 1];
}

// Linear inside the bin in which the cumulative count reaches `fraction`.
double histogram_quantile(const std::vector<double>& bins, double low, double high, double fraction,
                          double total) {
  const double wanted = fraction * total;
  const double width = (high - low) / static_cast<double>(bins.size());
  double seen = 0;
  for (size_t i = 0; i < bins.size(); ++i) {
    if (bins[i] > 0 && seen + bins[i] >= wanted) {
      return low + width * (static_cast<double>(i) + (wanted - seen) / bins[i]);
    }
    seen += bins[i];
  }
  return high;
}

size_t bin_of(double value, double low, double high, size_t bins) {
  const auto bin = static_cast<int64_t>((value - low) / (high - low) * static_cast<double>(bins));
  return static_cast<size_t>(std::clamp<int64_t>(bin, 0, static_cast<int64_t>(bins) - 1));
}

}  // namespace

RunningStats::RunningStats(size_t dim, int64_t exact_rows)
    : dim_(dim),
      exact_rows_(exact_rows),
      min_(dim),
      max_(dim),
      mean_(dim),
      m2_(dim),
      bin_low_(dim),
      bin_high_(dim) {}

void RunningStats::add(std::span<const float> row) {
  if (row.size() != dim_) {
    throw Error("statistics", fmt::format("a row of {} values, not {}", row.size(), dim_));
  }
  for (size_t c = 0; c < dim_; ++c) {
    if (!std::isfinite(row[c])) {
      throw Error("statistics", fmt::format("component {} is not finite", c),
                  "remove the recording that holds it");
    }
  }
  ++count_;
  for (size_t c = 0; c < dim_; ++c) {
    const double value = row[c];
    min_[c] = count_ == 1 ? value : std::min(min_[c], value);
    max_[c] = count_ == 1 ? value : std::max(max_[c], value);
    // Welford, 1962.
    const double delta = value - mean_[c];
    mean_[c] += delta / static_cast<double>(count_);
    m2_[c] += delta * (value - mean_[c]);
  }
  if (histograms_.empty()) {
    rows_.insert(rows_.end(), row.begin(), row.end());
    if (count_ < exact_rows_) return;
    histograms_.assign(dim_, std::vector<double>(kBins));
    for (size_t c = 0; c < dim_; ++c) {
      bin_low_[c] = min_[c];
      bin_high_[c] = widened(min_[c], max_[c]);
      for (size_t i = c; i < rows_.size(); i += dim_) {
        ++histograms_[c][bin_of(rows_[i], bin_low_[c], bin_high_[c], kBins)];
      }
    }
    rows_ = {};
    return;
  }
  for (size_t c = 0; c < dim_; ++c) {
    if (min_[c] < bin_low_[c] || max_[c] > bin_high_[c]) {
      rebin(c, std::min(min_[c], bin_low_[c]), std::max(max_[c], bin_high_[c]));
    }
    ++histograms_[c][bin_of(row[c], bin_low_[c], bin_high_[c], kBins)];
  }
}

void RunningStats::rebin(size_t component, double low, double high) {
  std::vector<double> bins(kBins);
  const std::vector<double>& old = histograms_[component];
  const double width = (bin_high_[component] - bin_low_[component]) / kBins;
  for (int i = 0; i < kBins; ++i) {
    const double centre = bin_low_[component] + width * (i + 0.5);
    bins[bin_of(centre, low, high, kBins)] += old[i];
  }
  histograms_[component] = std::move(bins);
  bin_low_[component] = low;
  bin_high_[component] = high;
}

Stats RunningStats::stats() const {
  if (count_ == 0) throw Error("statistics", "no row was added", "record at least one step");
  Stats s;
  s.min = min_;
  s.max = max_;
  s.mean = mean_;
  s.count = count_;
  for (size_t c = 0; c < dim_; ++c) {
    s.std.push_back(std::sqrt(m2_[c] / static_cast<double>(count_)));
  }
  const std::pair<double, std::vector<double>*> quantiles[] = {
      {0.01, &s.q01}, {0.10, &s.q10}, {0.50, &s.q50}, {0.90, &s.q90}, {0.99, &s.q99}};
  std::vector<float> sorted;
  for (size_t c = 0; c < dim_; ++c) {
    if (histograms_.empty()) {
      sorted.clear();
      for (size_t i = c; i < rows_.size(); i += dim_) sorted.push_back(rows_[i]);
      std::sort(sorted.begin(), sorted.end());
    }
    for (const auto& [fraction, values] : quantiles) {
      const double value = histograms_.empty()
                               ? exact_quantile(sorted, fraction)
                               : histogram_quantile(histograms_[c], bin_low_[c], bin_high_[c],
                                                    fraction, static_cast<double>(count_));
      values->push_back(std::clamp(value, min_[c], max_[c]));
    }
  }
  return s;
}

Stats merge_stats(std::span<const Stats> parts) {
  if (parts.empty()) throw Error("statistics", "nothing to merge");
  Stats merged = parts[0];
  const size_t dim = merged.dim();
  double total = 0;
  for (const Stats& part : parts) {
    if (part.dim() != dim) {
      throw Error("statistics", fmt::format("{} components against {}", part.dim(), dim),
                  "merge statistics of one feature only");
    }
    total += static_cast<double>(part.count);
  }
  if (total <= 0) throw Error("statistics", "the parts hold no rows");
  merged.count = static_cast<int64_t>(total);
  for (size_t c = 0; c < dim; ++c) {
    double mean = 0, variance = 0;
    for (const Stats& part : parts) mean += static_cast<double>(part.count) * part.mean[c] / total;
    for (const Stats& part : parts) {
      const double shift = part.mean[c] - mean;
      variance +=
          static_cast<double>(part.count) * (part.std[c] * part.std[c] + shift * shift) / total;
    }
    merged.mean[c] = mean;
    merged.std[c] = std::sqrt(variance);
    for (const Stats& part : parts) {
      merged.min[c] = std::min(merged.min[c], part.min[c]);
      merged.max[c] = std::max(merged.max[c], part.max[c]);
    }
  }
  // Parts of others (LeRobot v2.1) may lack quantiles; a merge has only what all parts have.
  const auto envelope = [&](std::vector<double> Stats::*field, bool smallest) {
    std::vector<double>& values = merged.*field;
    for (const Stats& part : parts) {
      const std::vector<double>& other = part.*field;
      if (other.size() != dim) values.clear();
      for (size_t c = 0; c < values.size(); ++c) {
        values[c] = smallest ? std::min(values[c], other[c]) : std::max(values[c], other[c]);
      }
    }
  };
  envelope(&Stats::q01, true);
  envelope(&Stats::q10, true);
  envelope(&Stats::q50, true);
  envelope(&Stats::q90, false);
  envelope(&Stats::q99, false);
  return merged;
}

Stats concatenate_stats(std::span<const Stats> parts) {
  Stats whole;
  for (const Stats& part : parts) {
    for (const auto member : {&Stats::min, &Stats::max, &Stats::mean, &Stats::std, &Stats::q01,
                              &Stats::q10, &Stats::q50, &Stats::q90, &Stats::q99}) {
      (whole.*member).insert((whole.*member).end(), (part.*member).begin(), (part.*member).end());
    }
  }
  if (!parts.empty()) whole.count = parts.front().count;
  return whole;
}

}  // namespace gyre
