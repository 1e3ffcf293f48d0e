#include "gyre/policy/normalizer.h"

#include <fmt/format.h>

#include <cmath>

#include "gyre/core/error.h"

namespace gyre {
namespace {

struct Statistic {
  const char* name;
  std::vector<double> Stats::*values;
};

struct Range {
  Statistic low, high;
};

Range range_of(NormKind kind) {
  switch (kind) {
    case NormKind::kQuantile10:
      return {{"q10", &Stats::q10}, {"q90", &Stats::q90}};
    case NormKind::kMinMax:
      return {{"min", &Stats::min}, {"max", &Stats::max}};
    default:
      return {{"q01", &Stats::q01}, {"q99", &Stats::q99}};
  }
}

}  // namespace

Normalizer::Normalizer(NormKind kind, const Stats& stats, size_t dim, Dialect dialect)
    : entries_(dim) {
  if (kind == NormKind::kIdentity) return;
  const bool openpi = dialect == Dialect::kOpenpi;
  if (openpi && kind == NormKind::kMeanStd) entries_.assign(dim, {0, 1 + 1e-6, 1 + 1e-6});
  size_t known = dim;  // entries with statistics
  const auto at = [&](const Statistic& statistic, size_t i) {
    const std::vector<double>& values = stats.*statistic.values;
    if (values.empty() || (!openpi && values.size() != dim)) {
      throw Error("normaliser", fmt::format("statistic '{}' has {} entries where {} are wanted",
                                            statistic.name, values.size(), dim));
    }
    known = std::min(dim, values.size());
    if (i >= known) return 0.0;
    if (!std::isfinite(values[i])) {
      throw Error("normaliser",
                  fmt::format("statistic '{}' is not finite at entry {}", statistic.name, i));
    }
    return values[i];
  };
  const Range range = range_of(kind);
  for (size_t i = 0; i < known; ++i) {
    if (kind == NormKind::kMeanStd) {
      const double mean = at({"mean", &Stats::mean}, i), std = at({"std", &Stats::std}, i);
      const double divisor = std + (openpi ? 1e-6 : 1e-8);
      if (i < known) entries_[i] = {mean, divisor, openpi ? divisor : std};
      continue;
    }
    const double low = at(range.low, i), high = at(range.high, i);
    double width = high - low;
    if (openpi) width += 1e-6;
    if (!openpi && width == 0) width = 1e-8;
    // 2 (x - low) / width - 1 = (x - (low + width / 2)) / (width / 2)
    if (i < known) entries_[i] = {low + width / 2, width / 2, width / 2};
  }
}

void Normalizer::normalize(std::span<const float> raw, std::span<float> normal) const {
  for (size_t i = 0; i < raw.size(); ++i) {
    const Entry& entry = entries_[i % entries_.size()];
    normal[i] = static_cast<float>((raw[i] - entry.offset) / entry.divisor);
  }
}

void Normalizer::unnormalize(std::span<const float> normal, std::span<float> raw) const {
  for (size_t i = 0; i < normal.size(); ++i) {
    const Entry& entry = entries_[i % entries_.size()];
    raw[i] = static_cast<float>(normal[i] * entry.factor + entry.offset);
  }
}

}  // namespace gyre
