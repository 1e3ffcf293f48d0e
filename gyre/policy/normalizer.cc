#include "gyre/policy/normalizer.h"

#include <fmt/format.h>

#include <cmath>

#include "gyre/core/error.h"

namespace gyre {

Normalizer::Normalizer(NormKind kind, const Stats& stats, size_t dim) {
  const auto entry = [&](const std::vector<double>& values, const char* name, size_t i) {
    if (values.size() != dim) {
      throw Error("normaliser", fmt::format("statistic '{}' has {} entries where {} are wanted",
                                            name, values.size(), dim));
    }
    if (!std::isfinite(values[i])) {
      throw Error("normaliser", fmt::format("statistic '{}' is not finite at entry {}", name, i));
    }
    return values[i];
  };
  for (size_t i = 0; i < dim; ++i) {
    double offset = 0, scale = 1;
    if (kind == NormKind::kMeanStd) {
      offset = entry(stats.mean, "mean", i);
      scale = entry(stats.std, "std", i) + 1e-8;
    } else if (kind == NormKind::kQuantile) {
      const double low = entry(stats.q01, "q01", i), high = entry(stats.q99, "q99", i);
      // 2 (x - q01) / d - 1 = (x - (q01 + d / 2)) / (d / 2)
      scale = (high == low ? 1e-8 : high - low) / 2;
      offset = low + scale;
    }
    offset_.push_back(offset);
    scale_.push_back(scale);
  }
}

void Normalizer::normalize(std::span<const float> raw, std::span<float> normal) const {
  for (size_t i = 0; i < raw.size(); ++i) {
    const size_t k = i % scale_.size();
    normal[i] = static_cast<float>((raw[i] - offset_[k]) / scale_[k]);
  }
}

void Normalizer::unnormalize(std::span<const float> normal, std::span<float> raw) const {
  for (size_t i = 0; i < normal.size(); ++i) {
    const size_t k = i % scale_.size();
    raw[i] = static_cast<float>(normal[i] * scale_[k] + offset_[k]);
  }
}

}  // namespace gyre
