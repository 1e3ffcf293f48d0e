#include "gyre/verify/measure_kernels.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "gyre/core/rng.h"
#include "gyre/infer/cpu/engine.h"
#include "gyre/infer/cpu/kv_cache.h"
#include "gyre/verify/timing.h"

namespace gyre::verify {

using namespace infer::cpu;

namespace {

constexpr size_t kColdBytes = size_t{128} << 20;
constexpr int kHeads = 8;

std::vector<float> normal(size_t count, uint64_t seed) {
  Rng rng(seed);
  std::vector<float> numbers(count);
  for (float& x : numbers) x = static_cast<float>(rng.normal());
  return numbers;
}

// The largest difference seen, over the largest number that was expected.
struct Difference {
  double worst = 0, largest = 0;
  void add(double expected, double found) {
    worst = std::max(worst, std::abs(expected - found));
    largest = std::max(largest, std::abs(expected));
  }
  double relative() const { return worst / largest; }
};

template <class Once>
double median_seconds(double at_least, const Once& once) {
  std::vector<double> seconds;
  const double begin = cpu_s();
  while (cpu_s() - begin < at_least || seconds.size() < 5) {
    const double start = cpu_s();
    once();
    seconds.push_back(cpu_s() - start);
  }
  return median(seconds);
}

struct Figures {
  Arithmetic arithmetic;
  double error, seconds;
};

Figures measure_product(const Kernels& kernels, const KernelCase& wanted) {
  const Arithmetic arithmetic = kernels.arithmetic(wanted.precision);
  const int m = wanted.m, k = wanted.k, n = wanted.n;
  Packed packed = kernels.plan(wanted.precision, arithmetic, n, k);
  const size_t copies = kColdBytes / packed.bytes() + 1;
  Aligned<std::byte> data(packed.bytes() * copies);
  Aligned<float> scale(static_cast<size_t>(packed.panels) * kernels.panel_width);
  packed.scale = scale.data();
  const std::vector<float> x = normal(static_cast<size_t>(m) * k, 1);
  const std::vector<float> w = normal(static_cast<size_t>(n) * k, 2);
  Scratch scratch;
  std::vector<const float*> columns(kernels.panel_width);
  for (size_t copy = 0; copy < copies; ++copy) {
    packed.data = data.data() + copy * packed.bytes();
    for (int panel = 0; panel < packed.panels; ++panel) {
      for (int j = 0; j < kernels.panel_width; ++j) {
        const int64_t column = static_cast<int64_t>(panel) * kernels.panel_width + j;
        columns[j] = column < n ? w.data() + column * k : nullptr;
      }
      kernels.pack(packed, panel, columns.data(), 1, scratch);
    }
  }
  Rows rows{.arithmetic = arithmetic, .m = m, .k = k, .groups = packed.groups};
  Aligned<uint32_t> words(static_cast<size_t>(m) * rows.groups);
  Aligned<float> row_scale(m), y(static_cast<size_t>(m) * n);
  Aligned<int32_t> row_sum(m);
  rows.data = words.data();
  rows.scale = row_scale.data();
  rows.sum = row_sum.data();
  size_t turn = 0;
  const auto once = [&] {
    packed.data = data.data() + turn++ % copies * packed.bytes();
    kernels.pack_rows(rows, {x.data(), k}, {.norm = Norm::kRms}, 0, strips(kernels, arithmetic, m),
                      scratch);
    kernels.multiply(rows, packed, {.y = y.data(), .stride = n}, 0, packed.panels, scratch);
  };
  once();
  Difference error;  // of some columns of every row
  for (int i = 0; i < m; ++i) {
    const float* row = x.data() + static_cast<size_t>(i) * k;
    double squares = 0;
    for (int l = 0; l < k; ++l) squares += static_cast<double>(row[l]) * row[l];
    const double inverse = 1 / std::sqrt(squares / k + 1e-6);
    for (int j = 0; j < n; j += std::max(1, n / 7)) {
      const float* column = w.data() + static_cast<size_t>(j) * k;
      double sum = 0;
      for (int l = 0; l < k; ++l) sum += static_cast<double>(row[l]) * column[l];
      error.add(sum * inverse, y[static_cast<size_t>(i) * n + j]);
    }
  }
  return {arithmetic, error.relative(), median_seconds(wanted.seconds, once)};
}

Figures measure_attention(const Kernels& kernels, const KernelCase& wanted) {
  const Arithmetic arithmetic = kernels.attention_arithmetic(wanted.precision);
  const int m = wanted.m, dim = wanted.k, tokens = wanted.n;
  const int64_t stride = int64_t{kHeads} * dim;
  const std::vector<float> q = normal(m * stride, 1), keys = normal(size_t(tokens) * dim, 2);
  const std::vector<float> values = normal(size_t(tokens) * dim, 3);
  Scratch scratch;
  const int copies = static_cast<int>(kColdBytes / (size_t(tokens) * dim * 2 * sizeof(float)) + 1);
  infer::cpu::KvCache cache;
  cache.shape(kernels, arithmetic, {.layers = copies, .heads = 1, .dim = dim}, tokens);
  for (int copy = 0; copy < copies; ++copy) {
    cache.store(kernels, copy, 0, keys.data(), values.data(), dim, scratch);
  }
  std::vector<float> y(m * stride);
  const float scale = 1 / std::sqrt(static_cast<float>(dim));
  int turn = 0;
  const auto once = [&] {
    const Attention attention{.q = q.data(),
                              .q_stride = stride,
                              .tokens = m,
                              .heads = kHeads,
                              .dim = dim,
                              .scale = scale,
                              .runs = {&cache.at(turn++ % copies, 0), nullptr},
                              .y = y.data(),
                              .y_stride = stride};
    kernels.attend(attention, arithmetic, 0, strips(kernels, arithmetic, m * kHeads), scratch);
  };
  once();
  Difference error;  // of some queries
  std::vector<double> weights(tokens);
  for (int row = 0; row < m * kHeads; row += std::max(1, m * kHeads / 64)) {
    const float* query = q.data() + int64_t{row} * dim;
    double total = 0;
    for (int t = 0; t < tokens; ++t) {
      double score = 0;
      for (int d = 0; d < dim; ++d) {
        score += static_cast<double>(query[d]) * keys[static_cast<size_t>(t) * dim + d];
      }
      total += weights[t] = std::exp(score * scale);
    }
    for (int d = 0; d < dim; ++d) {
      double mean = 0;
      for (int t = 0; t < tokens; ++t)
        mean += weights[t] * values[static_cast<size_t>(t) * dim + d];
      error.add(mean / total, y[int64_t{row} * dim + d]);
    }
  }
  return {arithmetic, error.relative(), median_seconds(wanted.seconds, once)};
}

}  // namespace

nlohmann::json measure_kernel(const KernelCase& wanted) {
  const Kernels& kernels = infer::cpu::kernels(wanted.target);
  const bool attention = wanted.op == KernelCase::Op::kAttention;
  const Figures figures =
      attention ? measure_attention(kernels, wanted) : measure_product(kernels, wanted);
  const double products = attention ? 2.0 * kHeads : 1.0;  // scores and means, of every head
  const double gflops = 2e-9 * products * wanted.m * wanted.n * wanted.k / figures.seconds;
  const double peak = peak_gflops(kernels, figures.arithmetic);
  return {{"op", attention ? "attention" : "product"},
          {"target", std::string(target_name(wanted.target))},
          {"precision", std::string(precision_name(wanted.precision))},
          {"rows", wanted.m},
          {"k", wanted.k},
          {"n", wanted.n},
          {"error", figures.error},
          {"microseconds", 1e6 * figures.seconds},
          {"gflops", gflops},
          {"peak_gflops", peak},
          {"share_of_peak", gflops / peak}};
}

}  // namespace gyre::verify
