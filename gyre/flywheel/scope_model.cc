#include "gyre/flywheel/scope_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "gyre/core/error.h"
#include "gyre/flywheel/beta.h"

namespace gyre::flywheel {
namespace {

constexpr std::array kEffectSpreads = {0.5, 1.0, 2.0};                              // tau
constexpr std::array kConcentrations = {3.0, 6.0, 12.0, 25.0, 50.0, 100.0, 400.0};  // k
constexpr double kInterceptSpread = 2;
// Bounds say 95 % and are computed for 96 %: against the rate of 200 fresh attempts, which has a
// chance of its own, those of 95 % hold in 92.7 % of cells.
constexpr double kBound = 0.04;
constexpr double kNegligible = 0.003;  // weight of a component that bounds do without

// Gauss-Hermite quadrature of a standard normal variable: nodes and weights.
constexpr std::array kNodes = {
    -4.512745863399783, -3.205429002856470, -2.076847978677830, -1.023255663789133, 0.0,
    1.023255663789133,  2.076847978677830,  3.205429002856470,  4.512745863399783};
constexpr std::array kNodeWeights = {
    2.234584400774658e-05, 0.002789141321231769, 0.04991640676521788,
    0.2440975028949394,    0.4063492063492064,   0.2440975028949394,
    0.04991640676521788,   0.002789141321231769, 2.234584400774658e-05};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// Square, row by row.
class Matrix {
 public:
  explicit Matrix(size_t size) : size_(size), values_(size * size) {}
  double& at(size_t row, size_t column) { return values_[row * size_ + column]; }
  double at(size_t row, size_t column) const { return values_[row * size_ + column]; }
  size_t size() const { return size_; }

 private:
  size_t size_;
  std::vector<double> values_;
};

// The inverse of a positive definite matrix, by its Cholesky factor.
Matrix inverse_of(Matrix a) {
  const size_t n = a.size();
  for (size_t j = 0; j < n; ++j) {
    for (size_t i = j; i < n; ++i) {
      double sum = a.at(i, j);
      for (size_t k = 0; k < j; ++k) sum -= a.at(i, k) * a.at(j, k);
      a.at(i, j) = i == j ? std::sqrt(sum) : sum / a.at(j, j);
    }
  }
  Matrix lower(n);  // the factor's inverse
  for (size_t j = 0; j < n; ++j) {
    lower.at(j, j) = 1 / a.at(j, j);
    for (size_t i = j + 1; i < n; ++i) {
      double sum = 0;
      for (size_t k = j; k < i; ++k) sum -= a.at(i, k) * lower.at(k, j);
      lower.at(i, j) = sum / a.at(i, i);
    }
  }
  Matrix inverse(n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (size_t k = i; k < n; ++k) sum += lower.at(k, i) * lower.at(k, j);
      inverse.at(i, j) = inverse.at(j, i) = sum;
    }
  }
  return inverse;
}

// A cell's mean logit as the others tell it.
struct Expected {
  double mean = 0, variance = 1;
};

// The additive effects: column 0 is the intercept.
class Effects {
 public:
  explicit Effects(std::span<const CellCounts> cells) : cells_(cells) {
    std::map<std::string, size_t> columns;
    for (const CellCounts& each : cells) {
      std::vector<size_t>& row = rows_.emplace_back(1, 0);
      for (const std::string& property : cell_properties(each.cell)) {
        row.push_back(columns.emplace(property, columns.size() + 1).first->second);
      }
    }
    size_ = columns.size() + 1;
  }

  std::vector<Expected> expected(double spread, double concentration) const {
    std::vector<double> effects(size_, 0.0);
    effects[0] = start();
    Matrix covariance(size_);
    for (int step = 0; step < kMostSteps; ++step) {
      if (improve(effects, covariance, spread, concentration) < kConverged) break;
    }
    std::vector<Expected> result;
    for (size_t c = 0; c < cells_.size(); ++c) {
      result.push_back(without(c, effects, covariance, concentration));
    }
    return result;
  }

 private:
  static constexpr int kMostSteps = 40;
  static constexpr double kConverged = 1e-9, kMostStep = 2;

  double start() const {
    double successes = 1, attempts = 2;
    for (const CellCounts& each : cells_) {
      successes += each.successes;
      attempts += each.attempts;
    }
    return std::log(successes / (attempts - successes));
  }

  static double weight(const CellCounts& cell, double concentration) {
    return (concentration + 1) / (concentration + std::max(cell.attempts, 1.0));
  }

  double logit(size_t cell, const std::vector<double>& effects) const {
    double sum = 0;
    for (const size_t column : rows_[cell]) sum += effects[column];
    return sum;
  }

  // One Newton step towards the posterior mode; returns its largest change.
  double improve(std::vector<double>& effects, Matrix& covariance, double spread,
                 double concentration) const {
    Matrix precision(size_);
    std::vector<double> gradient(size_);
    for (size_t i = 0; i < size_; ++i) {
      const double prior = i == 0 ? kInterceptSpread : spread;
      precision.at(i, i) = 1 / (prior * prior);
      gradient[i] = -effects[i] / (prior * prior);
    }
    for (size_t c = 0; c < cells_.size(); ++c) {
      if (cells_[c].attempts <= 0) continue;
      const double scale = weight(cells_[c], concentration);
      const double p = logistic(logit(c, effects));
      const double slope = scale * (cells_[c].successes - cells_[c].attempts * p);
      const double curve = scale * cells_[c].attempts * p * (1 - p);
      for (const size_t i : rows_[c]) {
        gradient[i] += slope;
        for (const size_t j : rows_[c]) precision.at(i, j) += curve;
      }
    }
    covariance = inverse_of(std::move(precision));
    double largest = 0;
    for (size_t i = 0; i < size_; ++i) {
      double change = 0;
      for (size_t j = 0; j < size_; ++j) change += covariance.at(i, j) * gradient[j];
      change = std::clamp(change, -kMostStep, kMostStep);
      effects[i] += change;
      largest = std::max(largest, std::abs(change));
    }
    return largest;
  }

  // The normal posterior of a cell's logit, divided by the normal term that its own counts were.
  Expected without(size_t cell, const std::vector<double>& effects, const Matrix& covariance,
                   double concentration) const {
    Expected all{.mean = logit(cell, effects), .variance = 0};
    for (const size_t i : rows_[cell]) {
      for (const size_t j : rows_[cell]) all.variance += covariance.at(i, j);
    }
    const CellCounts& own = cells_[cell];
    if (own.attempts <= 0) return all;
    const double p = logistic(all.mean);
    const double scale = weight(own, concentration);
    const double curve = scale * own.attempts * p * (1 - p);
    const double slope = scale * (own.successes - own.attempts * p);
    const double precision = 1 / all.variance - curve;
    if (!(precision > 0)) return all;
    // The term's mean is all.mean + slope / curve.
    return {.mean = (all.mean / all.variance - curve * all.mean - slope) / precision,
            .variance = 1 / precision};
  }

  std::span<const CellCounts> cells_;
  std::vector<std::vector<size_t>> rows_;  // columns of each cell
  size_t size_ = 1;
};

// A weighted sum of beta distributions.
class BetaMixture {
 public:
  void add(double weight, double a, double b) { parts_.push_back({weight, a, b}); }

  CellEstimate estimate() {
    double total = 0, mean = 0;
    for (const Part& part : parts_) {
      total += part.weight;
      mean += part.weight * part.a / (part.a + part.b);
    }
    std::erase_if(parts_, [&](const Part& part) { return part.weight < kNegligible * total; });
    return {.mean = mean / total, .low = quantile(kBound), .high = quantile(1 - kBound)};
  }

 private:
  struct Part {
    double weight, a, b;
  };

  double cdf(double x) const {
    double sum = 0, total = 0;
    for (const Part& part : parts_) {
      sum += part.weight * beta_cdf(x, part.a, part.b);
      total += part.weight;
    }
    return sum / total;
  }

  // By bisection to 1e-5.
  double quantile(double probability) const {
    double below = 0, above = 1;
    while (above - below > 1e-5) {
      const double middle = (below + above) / 2;
      (cdf(middle) < probability ? below : above) = middle;
    }
    return (below + above) / 2;
  }

  std::vector<Part> parts_;
};

// One value of tau and k: the probability of each cell's counts given the others, by node.
struct Setting {
  double concentration = 0;
  double log_weight = 0;
  std::vector<std::array<double, kNodes.size()>> means, shares;  // by cell; shares sum to 1
};

// log of the probability of a cell's counts (but for a factor that is the same everywhere) where
// its rate is drawn from Beta(a, b).
double log_probability(const CellCounts& cell, double a, double b) {
  if (cell.attempts <= 0) return 0;
  return log_beta(a + cell.successes, b + cell.attempts - cell.successes) - log_beta(a, b);
}

Setting evaluate_setting(std::span<const CellCounts> cells, const Effects& effects, double spread,
                         double k) {
  Setting setting{.concentration = k};
  const std::vector<Expected> expected = effects.expected(spread, k);
  for (size_t c = 0; c < cells.size(); ++c) {
    std::array<double, kNodes.size()> means{}, logs{}, shares{};
    for (size_t j = 0; j < kNodes.size(); ++j) {
      const double logit = expected[c].mean + std::sqrt(expected[c].variance) * kNodes[j];
      means[j] = std::clamp(logistic(logit), 1e-6, 1 - 1e-6);
      logs[j] = log_probability(cells[c], k * means[j], k * (1 - means[j]));
    }
    const double most = *std::ranges::max_element(logs);
    double sum = 0;
    for (size_t j = 0; j < kNodes.size(); ++j) {
      shares[j] = kNodeWeights[j] * std::exp(logs[j] - most);
      sum += shares[j];
    }
    for (double& share : shares) share /= sum;
    setting.log_weight += most + std::log(sum);
    setting.means.push_back(means);
    setting.shares.push_back(shares);
  }
  return setting;
}

}  // namespace

std::vector<CellEstimate> estimate_cells(std::span<const CellCounts> cells) {
  for (const CellCounts& each : cells) {
    if (!(each.successes >= 0 && each.successes <= each.attempts)) {
      throw Error("scope", "a cell has more successes than attempts");
    }
  }
  const Effects effects(cells);
  std::vector<Setting> settings;
  for (const double spread : kEffectSpreads) {
    for (const double k : kConcentrations) {
      settings.push_back(evaluate_setting(cells, effects, spread, k));
    }
  }
  double best = -INFINITY;
  for (const Setting& setting : settings) best = std::max(best, setting.log_weight);
  std::vector<CellEstimate> estimates;
  for (size_t c = 0; c < cells.size(); ++c) {
    BetaMixture mixture;
    for (const Setting& setting : settings) {
      const double weight = std::exp(setting.log_weight - best);
      const double k = setting.concentration;
      for (size_t j = 0; j < kNodes.size(); ++j) {
        mixture.add(weight * setting.shares[c][j], k * setting.means[c][j] + cells[c].successes,
                    k * (1 - setting.means[c][j]) + cells[c].attempts - cells[c].successes);
      }
    }
    estimates.push_back(mixture.estimate());
  }
  return estimates;
}

}  // namespace gyre::flywheel
