// Functions of single numbers. Included once a target.
#if defined(GYRE_INFER_CPU_ELEMENTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GYRE_INFER_CPU_ELEMENTWISE_INL_H_
#undef GYRE_INFER_CPU_ELEMENTWISE_INL_H_
#else
#define GYRE_INFER_CPU_ELEMENTWISE_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>

#include "gyre/infer/cpu/simd-inl.h"

GYRE_BEFORE_NAMESPACE();
namespace gyre::infer::cpu::HWY_NAMESPACE {

// x / (1 + exp(-by)). Highway's exponential is wrong beyond what a float holds: where it ends here,
// the quotient is below 1e-34 x.
HWY_INLINE VF gated(VF x, VF by) {
  const DF df;
  const VF power = hn::Exp(df, hn::Min(hn::Neg(by), hn::Set(df, 80.0f)));
  return hn::Div(x, hn::Add(hn::Set(df, 1.0f), power));
}

HWY_INLINE VF silu(VF x) { return gated(x, x); }

// In the tanh form, written with the logistic function: 1 + tanh(u) = 2 / (1 + exp(-2 u)).
HWY_INLINE VF gelu(VF x) {
  const DF df;
  const VF cubic = hn::MulAdd(hn::Mul(hn::Mul(x, x), x), hn::Set(df, 0.044715f), x);
  return gated(x, hn::Mul(cubic, hn::Set(df, 1.5957691216057308f)));
}

HWY_INLINE float horizontal_sum(VF x) {
  const DF df;
  return hn::GetLane(hn::SumOfLanes(df, x));
}

HWY_INLINE float horizontal_max(VF x) {
  const DF df;
  return hn::GetLane(hn::MaxOfLanes(df, x));
}

void rotate(float* x, const float* cosine, const float* sine, int half) {
  const DF df;
  int i = 0;
  for (; i + kLanes <= half; i += kLanes) {
    const VF c = hn::LoadU(df, cosine + i), s = hn::LoadU(df, sine + i);
    const VF a = hn::LoadU(df, x + i), b = hn::LoadU(df, x + half + i);
    hn::StoreU(hn::NegMulAdd(b, s, hn::Mul(a, c)), df, x + i);
    hn::StoreU(hn::MulAdd(a, s, hn::Mul(b, c)), df, x + half + i);
  }
  for (; i < half; ++i) {
    const float a = x[i], b = x[half + i];
    x[i] = a * cosine[i] - b * sine[i];
    x[half + i] = b * cosine[i] + a * sine[i];
  }
}

void film_relu(float* x, const float* scale, const float* shift, int64_t pixels, int channels) {
  const DF df;
  for (int64_t p = 0; p < pixels; ++p, x += channels) {
    int i = 0;
    for (; i + kLanes <= channels; i += kLanes) {
      const VF by = hn::Add(hn::LoadU(df, scale + i), hn::Set(df, 1.0f));
      const VF y = hn::MulAdd(hn::LoadU(df, x + i), by, hn::LoadU(df, shift + i));
      hn::StoreU(hn::Max(y, hn::Zero(df)), df, x + i);
    }
    for (; i < channels; ++i) {
      const float y = x[i] * (1 + scale[i]) + shift[i];
      x[i] = y > 0 ? y : 0;
    }
  }
}

// Column by column of x, a vector of maps at a time.
void soft_argmax(const float* x, int rows, int columns, int maps, float* y) {
  const DF df;
  for (int i = 0; i < maps; i += kLanes) {
    const int count = maps - i < kLanes ? maps - i : kLanes;
    const auto some = hn::FirstN(df, count);
    VF highest = hn::Set(df, -3e38f);
    for (int p = 0; p < rows * columns; ++p) {
      highest = hn::Max(highest, hn::MaskedLoad(some, df, x + int64_t{p} * maps + i));
    }
    VF total = hn::Zero(df), across = total, down = total, height = total;
    for (int r = 0; r < rows; ++r) {
      const VF at_row = hn::Set(df, (2.0f * r + 1) / rows - 1);
      for (int c = 0; c < columns; ++c) {
        const VF value = hn::MaskedLoad(some, df, x + int64_t{r * columns + c} * maps + i);
        const VF weight = hn::Exp(df, hn::Sub(value, highest));
        total = hn::Add(total, weight);
        across = hn::MulAdd(weight, hn::Set(df, (2.0f * c + 1) / columns - 1), across);
        down = hn::MulAdd(weight, at_row, down);
        height = hn::MulAdd(weight, value, height);
      }
    }
    HWY_ALIGN float parts[3][kLanes] = {};
    hn::Store(hn::Div(across, total), df, parts[0]);
    hn::Store(hn::Div(down, total), df, parts[1]);
    hn::Store(hn::Div(height, total), df, parts[2]);
    for (int j = 0; j < count; ++j) {
      for (int part = 0; part < 3; ++part) y[3 * (i + j) + part] = parts[part][j];
    }
  }
}

float dot_f32(const float* x, const float* w, int count) {
  const DF df;
  VF sum = hn::Zero(df);
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    sum = hn::MulAdd(hn::LoadU(df, x + i), hn::LoadU(df, w + i), sum);
  }
  float total = horizontal_sum(sum);
  for (; i < count; ++i) total += x[i] * w[i];
  return total;
}

float dot_bf16(const float* x, const uint16_t* w, int count) {
  const DF df;
  const DU du;
  const hn::Rebind<uint16_t, DU> du16;
  VF sum = hn::Zero(df);
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const VU wide = hn::ShiftLeft<16>(hn::PromoteTo(du, hn::LoadU(du16, w + i)));
    sum = hn::MulAdd(hn::LoadU(df, x + i), hn::BitCast(df, wide), sum);
  }
  float total = horizontal_sum(sum);
  for (; i < count; ++i) {
    const uint32_t bits = static_cast<uint32_t>(w[i]) << 16;
    float wide;
    __builtin_memcpy(&wide, &bits, sizeof wide);
    total += x[i] * wide;
  }
  return total;
}

}  // namespace gyre::infer::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
