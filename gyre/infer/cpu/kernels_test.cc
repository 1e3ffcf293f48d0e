#include "gyre/infer/cpu/kernels.h"

#include <gtest/gtest.h>
#ifdef __aarch64__
#include <sys/auxv.h>
#endif

#include <cmath>
#include <limits>
#include <vector>

#include "gyre/core/error.h"
#include "gyre/core/rng.h"

namespace gyre::infer::cpu {
namespace {

std::vector<float> normal(size_t count, uint64_t seed) {
  Rng rng(seed);
  std::vector<float> numbers(count);
  for (float& x : numbers) x = static_cast<float>(rng.normal());
  return numbers;
}

// Weights [n, k] and rows [m, k], packed, with their memory.
class Product {
 public:
  Product(const Kernels& kernels, Precision precision, const std::vector<float>& weights, int n,
          int k)
      : kernels_(kernels),
        packed_(kernels.plan(precision, kernels.arithmetic(precision), n, k)),
        data_(packed_.bytes()),
        scale_(static_cast<size_t>(packed_.panels) * kernels.panel_width) {
    packed_.data = data_.data();
    packed_.scale = scale_.data();
    Scratch scratch;
    for (int panel = 0; panel < packed_.panels; ++panel) {
      std::vector<const float*> columns(kernels.panel_width, nullptr);
      for (int j = 0; j < kernels.panel_width; ++j) {
        const int64_t column = static_cast<int64_t>(panel) * kernels.panel_width + j;
        if (column < n) columns[j] = weights.data() + column * k;
      }
      kernels.pack(packed_, panel, columns.data(), 1, scratch);
    }
  }

  std::vector<float> operator()(const std::vector<float>& x, int m, Finish finish = {},
                                std::vector<float> y = {}) {
    Rows rows{.arithmetic = packed_.arithmetic, .m = m, .k = packed_.k, .groups = packed_.groups};
    Aligned<uint32_t> words(static_cast<size_t>(m) * rows.groups);
    Aligned<float> scale(m);
    Aligned<int32_t> sum(m);
    rows.data = words.data();
    rows.scale = scale.data();
    rows.sum = sum.data();
    Scratch scratch;
    kernels_.pack_rows(rows, {x.data(), packed_.k}, {}, 0, strips(kernels_, rows.arithmetic, m),
                       scratch);
    const int width = finish.kind == Finish::kGeluGate ? packed_.n / 2 : packed_.n;
    y.resize(static_cast<size_t>(m) * width);
    finish.y = y.data();
    finish.stride = width;
    kernels_.multiply(rows, packed_, finish, 0, packed_.panels, scratch);
    return y;
  }

 private:
  const Kernels& kernels_;
  Packed packed_;
  Aligned<std::byte> data_;
  Aligned<float> scale_;
};

std::vector<double> exact(const std::vector<float>& x, const std::vector<float>& w, int m, int n,
                          int k) {
  std::vector<double> y(static_cast<size_t>(m) * n);
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < n; ++j) {
      for (int l = 0; l < k; ++l) y[i * n + j] += static_cast<double>(x[i * k + l]) * w[j * k + l];
    }
  }
  return y;
}

double cosine(const std::vector<float>& a, const std::vector<double>& b) {
  double dot = 0, of_a = 0, of_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    dot += a[i] * b[i];
    of_a += static_cast<double>(a[i]) * a[i];
    of_b += b[i] * b[i];
  }
  return dot / std::sqrt(of_a * of_b);
}

// Every target that this processor runs.
class CpuKernels : public testing::TestWithParam<Target> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor does not run it";
  }
  const Kernels& table() const { return kernels(GetParam()); }
};

TEST_P(CpuKernels, ProductsOfAnyShapeAreThoseOfDoubles) {
  for (const auto [m, n, k] : {std::array{1, 1, 1},
                               {1, 70, 33},
                               {3, 16, 64},
                               {7, 33, 100},
                               {17, 96, 259},
                               {51, 40, 1100}}) {
    const auto x = normal(m * k, 1), w = normal(n * k, 2);
    const auto right = exact(x, w, m, n, k);
    for (const Precision precision : kPrecisions) {
      const auto y = Product(table(), precision, w, n, k)(x, m);
      const double least = precision == Precision::kF32     ? 1 - 1e-10
                           : precision == Precision::kBf16  ? 0.9999
                           : precision == Precision::kInt12 ? 0.99999
                           : precision == Precision::kInt8  ? 0.999
                                                            : 0.98;
      EXPECT_GE(cosine(y, right), least)
          << m << "x" << n << "x" << k << " in precision " << static_cast<int>(precision);
    }
  }
}

TEST_P(CpuKernels, ARowIsTheSameBitsInAnyCompany) {
  const int n = 80, k = 300, most = 61;
  const auto x = normal(most * k, 3), w = normal(n * k, 4);
  for (const Precision precision : kPrecisions) {
    Product product(table(), precision, w, n, k);
    const auto all = product(x, most);
    for (const int m : {1, 2, 5, 13, 14, 15, 29, 60}) {
      const auto some = product(std::vector<float>(x.begin(), x.begin() + m * k), m);
      EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin())) << m;
    }
  }
}

// Extreme operands: the largest times the largest everywhere, both signs, summed as int32 would.
TEST_P(CpuKernels, IntegerProductsDoNotSaturate) {
  const int k = 16384, n = 3, m = 2;
  std::vector<float> x(m * k, 1), w(n * k, 1);
  for (int i = 0; i < k; ++i) {
    x[k + i] = -1;                   // row 1 all of the other sign
    w[k + i] = i % 2 == 0 ? 1 : -1;  // column 1 by turns: 0
    w[2 * k + i] = -1;
  }
  for (const Precision precision : {Precision::kInt12, Precision::kInt8}) {
    const auto y = Product(table(), precision, w, n, k)(x, m);
    for (int i = 0; i < m; ++i) {
      const float sign = i == 0 ? 1 : -1;
      EXPECT_FLOAT_EQ(y[i * n], sign * k);
      EXPECT_FLOAT_EQ(y[i * n + 1], 0);
      EXPECT_FLOAT_EQ(y[i * n + 2], -sign * k);
    }
  }
}

// Four bytes at once where the processor can, two int16 elsewhere.
TEST_P(CpuKernels, Int8TakesTheBestProduct) {
  bool bytes = GetParam() == Target::kAvxVnni || GetParam() == Target::kAvx512;
#ifdef __aarch64__
  bytes = (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#endif
  EXPECT_EQ(table().arithmetic(Precision::kInt8), GetParam() == Target::kAmx ? Arithmetic::kTileS8
                                                  : bytes                    ? Arithmetic::kS8
                                                                             : Arithmetic::kS16);
  for (const Precision precision : kPrecisions) {
    EXPECT_GT(table().peak(table().arithmetic(precision), 1), 0);
  }
}

TEST_P(CpuKernels, WhatFollowsAProductIsFused) {
  const int m = 5, n = 48, k = 64;
  const auto x = normal(m * k, 5), w = normal(n * k, 6), bias = normal(n, 7), gate = normal(n, 8);
  const auto c = exact(x, w, m, n, k);
  const auto old = normal(m * n, 9);
  Product product(table(), Precision::kF32, w, n, k);
  const auto gelu = [](double v) {
    return 0.5 * v * (1 + std::tanh(std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v)));
  };
  const auto added =
      product(x, m, {.kind = Finish::kAdd, .bias = bias.data(), .gate = gate.data()}, old);
  const auto rounded = product(x, m, {.kind = Finish::kGelu, .bias = bias.data()});
  const auto sigmoid = product(x, m, {.kind = Finish::kSilu});
  const auto both = product(x, m, {.kind = Finish::kGeluGate});
  const int vector = table().vector_width;
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < n; ++j) {
      const double v = c[i * n + j];
      EXPECT_NEAR(added[i * n + j], old[i * n + j] + (v + bias[j]) * gate[j], 1e-4);
      EXPECT_NEAR(rounded[i * n + j], gelu(v + bias[j]), 1e-4);
      EXPECT_NEAR(sigmoid[i * n + j], v / (1 + std::exp(-v)), 1e-4);
    }
    for (int j = 0; j < n / 2; ++j) {  // columns alternate by vectors
      const int column = j / vector * 2 * vector + j % vector;
      if (column + vector >= n) continue;
      EXPECT_NEAR(both[i * (n / 2) + j], gelu(c[i * n + column]) * c[i * n + column + vector],
                  1e-3);
    }
  }
}

TEST_P(CpuKernels, NoNumberPoisonsTheNextCall) {
  const int m = 3, n = 20, k = 40;
  auto x = normal(m * k, 10);
  const auto w = normal(n * k, 11);
  for (const Precision precision : kPrecisions) {
    Product product(table(), precision, w, n, k);
    const auto before = product(x, m);
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
          std::numeric_limits<float>::denorm_min()}) {
      auto ill = x;
      ill[k + 3] = bad;
      const auto y = product(ill, m);
      for (int j = 0; j < n; ++j) {
        EXPECT_EQ(y[j], before[j]);  // the rows beside it
        EXPECT_EQ(y[2 * n + j], before[2 * n + j]);
        EXPECT_EQ(std::isfinite(y[n + j]), std::isfinite(bad));  // and it does not hide itself
      }
      EXPECT_EQ(product(x, m), before);
    }
  }
}

TEST_P(CpuKernels, AttentionOverTwoRunsIsSoftmax) {
  const int dim = 24, heads = 3, tokens = 7, past = 37, own = 7;
  const float scale = 0.3f;
  const auto q = normal(tokens * heads * dim, 12);
  const auto keys = normal((past + own) * dim, 13), values = normal((past + own) * dim, 14);
  for (const Arithmetic arithmetic :
       {Arithmetic::kF32, table().attention_arithmetic(Precision::kBf16)}) {
    const Precision kept = arithmetic == Arithmetic::kF32 ? Precision::kF32 : Precision::kBf16;
    std::vector<Aligned<std::byte>> memory;
    Scratch scratch;
    const auto pack = [&](int n, int k, const float* from, int64_t column, int64_t stride) {
      Packed packed = table().plan(kept, arithmetic, n, k);
      packed.data = memory.emplace_back(packed.bytes()).data();
      for (int panel = 0; panel < packed.panels; ++panel) {
        std::vector<const float*> columns(table().panel_width, nullptr);
        for (int j = 0; j < table().panel_width; ++j) {
          const int64_t at = static_cast<int64_t>(panel) * table().panel_width + j;
          if (at < n) columns[j] = from + at * column;
        }
        table().pack(packed, panel, columns.data(), stride, scratch);
      }
      return packed;
    };
    const KeyValues first{pack(past, dim, keys.data(), dim, 1),
                          pack(dim, past, values.data(), 1, dim)};
    const KeyValues second{pack(own, dim, keys.data() + past * dim, dim, 1),
                           pack(dim, own, values.data() + past * dim, 1, dim)};
    std::vector<float> y(tokens * heads * dim);
    const Attention attention{.q = q.data(),
                              .q_stride = heads * dim,
                              .tokens = tokens,
                              .heads = heads,
                              .dim = dim,
                              .scale = scale,
                              .runs = {&first, &second},
                              .first_sees = 1,
                              .y = y.data(),
                              .y_stride = heads * dim};
    table().attend(attention, arithmetic, 0, strips(table(), arithmetic, tokens * heads), scratch);
    for (int row = 0; row < tokens * heads; ++row) {
      const int seen = row / heads == 0 ? past + 1 : past + own;
      std::vector<double> weights(seen), right(dim);
      double total = 0;
      for (int s = 0; s < seen; ++s) {
        double score = 0;
        for (int d = 0; d < dim; ++d)
          score += static_cast<double>(q[row * dim + d]) * keys[s * dim + d];
        total += weights[s] = std::exp(score * scale);
      }
      for (int s = 0; s < seen; ++s) {
        for (int d = 0; d < dim; ++d) right[d] += weights[s] / total * values[s * dim + d];
      }
      for (int d = 0; d < dim; ++d) {
        EXPECT_NEAR(y[row * dim + d], right[d], arithmetic == Arithmetic::kF32 ? 1e-5 : 3e-2);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, CpuKernels, testing::ValuesIn(kTargets),
                         [](const auto& info) { return std::string(target_name(info.param)); });

TEST(CpuTargets, AreRefusedByName) {
  EXPECT_THROW(target_named("mmx"), Error);
  EXPECT_EQ(target_named("avx2"), Target::kAvx2);
  for (const Target target : {Target::kAvx2, Target::kNeon}) {
    if (!supported(target)) {
      EXPECT_THROW(kernels(target), Error);
    }
  }
}

}  // namespace
}  // namespace gyre::infer::cpu
