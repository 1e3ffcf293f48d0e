#include "gyre/model/kernels.h"

#include <bit>
#include <cmath>
#include <cstring>

// With GCC, one copy of each loop for each instruction set, chosen when the program starts;
// ThreadSanitizer cannot start such programs.
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define GYRE_VECTORISED \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GYRE_VECTORISED
#endif

namespace gyre::model {
namespace {

// e^x for |x| < 87 to within 2e-7 of itself, without branches: 2^k times a polynomial.
inline __attribute__((always_inline)) float exponential(float x) {
  x = x < -87.0f ? -87.0f : x > 87.0f ? 87.0f : x;
  constexpr float kRound = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const float k = x * 1.44269504f + kRound;
  const float whole = k - kRound;
  const float r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t power = std::bit_cast<int32_t>(k) - std::bit_cast<int32_t>(kRound) + 127;
  return p * std::bit_cast<float>(power << 23);
}

constexpr float kSlope = 1.5957691216f;  // 2 sqrt(2 / pi)
constexpr float kCubic = 0.044715f;

// gelu(x) = x s(u) with s the logistic function and u = kSlope (x + kCubic x^3).
inline __attribute__((always_inline)) float gelu_gate(float x) {
  return 1.0f / (1.0f + exponential(-kSlope * (x + kCubic * x * x * x)));
}

// In eight partial sums, which is what lets the compiler use wide registers.
inline __attribute__((always_inline)) float dot(const float* a, const float* b, int64_t count) {
  float sums[8] = {};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (int lane = 0; lane < 8; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float sum = 0;
  for (; i < count; ++i) sum += a[i] * b[i];
  for (const float lane : sums) sum += lane;
  return sum;
}

}  // namespace

GYRE_VECTORISED
void film_relu(const FilmShape& shape, const float* x, const float* film, int64_t film_stride,
               float* y) {
  const int64_t channels = shape.channels;
  for (int64_t image = 0; image < shape.images; ++image) {
    const float* scale = film + image * film_stride;
    const float* shift = scale + channels;
    for (int64_t pixel = 0; pixel < shape.pixels; ++pixel, x += channels, y += channels) {
      for (int64_t c = 0; c < channels; ++c) {
        const float value = x[c] * (1.0f + scale[c]) + shift[c];
        y[c] = value > 0.0f ? value : 0.0f;
      }
    }
  }
}

GYRE_VECTORISED
void film_relu_backward(const FilmShape& shape, const float* __restrict x,
                        const float* __restrict film, int64_t film_stride,
                        const float* __restrict y, const float* __restrict y_gradient,
                        float* __restrict x_gradient, float* __restrict film_gradient) {
  const int64_t channels = shape.channels;
  std::memset(film_gradient, 0, sizeof(float) * shape.images * 2 * channels);
  for (int64_t image = 0; image < shape.images; ++image) {
    const float* scale = film + image * film_stride;
    float* scale_gradient = film_gradient + image * 2 * channels;
    float* shift_gradient = scale_gradient + channels;
    for (int64_t pixel = 0; pixel < shape.pixels; ++pixel) {
      for (int64_t c = 0; c < channels; ++c) {
        const float gradient = y[c] > 0.0f ? y_gradient[c] : 0.0f;
        x_gradient[c] = gradient * (1.0f + scale[c]);
        scale_gradient[c] += gradient * x[c];
        shift_gradient[c] += gradient;
      }
      x += channels, y += channels, y_gradient += channels, x_gradient += channels;
    }
  }
}

GYRE_VECTORISED
void gelu_product(int64_t count, const float* __restrict gate, const float* __restrict up,
                  float* __restrict y) {
  for (int64_t i = 0; i < count; ++i) y[i] = gate[i] * gelu_gate(gate[i]) * up[i];
}

GYRE_VECTORISED
void gelu_product_backward(int64_t count, const float* __restrict gate, const float* __restrict up,
                           const float* __restrict y_gradient, float* __restrict gate_gradient,
                           float* __restrict up_gradient) {
  for (int64_t i = 0; i < count; ++i) {
    const float x = gate[i];
    const float s = gelu_gate(x);
    const float slope = s + x * s * (1.0f - s) * kSlope * (1.0f + 3.0f * kCubic * x * x);
    gate_gradient[i] = y_gradient[i] * up[i] * slope;
    up_gradient[i] = y_gradient[i] * x * s;
  }
}

GYRE_VECTORISED
void rms_modulate(const RmsShape& shape, const float* __restrict x, const float* __restrict scale,
                  const float* __restrict shift, float* __restrict y, float* __restrict inverse) {
  const int64_t width = shape.width;
  for (int64_t condition = 0; condition < shape.conditions; ++condition) {
    for (int64_t row = 0; row < shape.run; ++row) {
      const float factor = 1.0f / std::sqrt(dot(x, x, width) / static_cast<float>(width) + 1e-6f);
      *inverse++ = factor;
      for (int64_t i = 0; i < width; ++i) y[i] = x[i] * factor * (1.0f + scale[i]);
      if (shift) {
        for (int64_t i = 0; i < width; ++i) y[i] += shift[i];
      }
      x += width, y += width;
    }
    scale += shape.stride;
    if (shift) shift += shape.stride;
  }
}

GYRE_VECTORISED
void rms_modulate_backward(const RmsShape& shape, const float* __restrict x,
                           const float* __restrict scale, const float* __restrict inverse,
                           const float* __restrict y_gradient, float* __restrict x_gradient,
                           float* __restrict scale_gradient, float* __restrict shift_gradient) {
  const int64_t width = shape.width;
  std::memset(scale_gradient, 0, sizeof(float) * shape.conditions * width);
  std::memset(shift_gradient, 0, sizeof(float) * shape.conditions * width);
  for (int64_t condition = 0; condition < shape.conditions; ++condition) {
    for (int64_t row = 0; row < shape.run; ++row) {
      const float factor = *inverse++;
      for (int64_t i = 0; i < width; ++i) {
        scale_gradient[i] += y_gradient[i] * x[i] * factor;
        shift_gradient[i] += y_gradient[i];
        x_gradient[i] = y_gradient[i] * (1.0f + scale[i]);
      }
      const float along = dot(x_gradient, x, width) * factor * factor / static_cast<float>(width);
      for (int64_t i = 0; i < width; ++i) x_gradient[i] = factor * (x_gradient[i] - x[i] * along);
      x += width, y_gradient += width, x_gradient += width;
    }
    scale += shape.stride, scale_gradient += width, shift_gradient += width;
  }
}

}  // namespace gyre::model
